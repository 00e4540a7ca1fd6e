import type { AccountState, ConnectorFailure, ConsoleStep, Facts, ReadBack } from '../../src/connectors/port.js';
import type { Difference } from '../../src/incidents/facts.js';

/** What a run of a step found; `settle` writes it. */
export type StepOutcome =
  /** read back, and it holds */
  | {
      readonly kind: 'verified';
      readonly readBack: ReadBack;
      readonly requestId: string | null;
      /** The system found it so already: nothing had to be changed. */
      readonly alreadyDone: boolean;
      /** What an undo compares with; `null` when it cannot be undone. */
      readonly left: Facts | null;
    }
  /** accepted by the system; `effectiveBy` when it holds everywhere only later; `proven` is false when it cannot be read back */
  | {
      readonly kind: 'accepted';
      readonly readBack: ReadBack;
      readonly requestId: string | null;
      readonly effectiveBy: Date | null;
      readonly proven: boolean;
      readonly alreadyDone: boolean;
      readonly left: Facts | null;
    }
  /** an undo: the saved facts were read back */
  | {
      readonly kind: 'restored';
      readonly facts: Facts;
      readonly state: AccountState;
      readonly requestId: string | null;
    }
  /** a person does it in the console */
  | { readonly kind: 'console'; readonly steps: readonly ConsoleStep[] }
  /** nothing more is tried until a person acts */
  | { readonly kind: 'needs_human'; readonly why: HumanReason }
  /** it is tried, or read, again */
  | {
      readonly kind: 'retry';
      readonly failure: ConnectorFailure | null;
      readonly inMs: number;
      /** The command was proven not executed: the next run sends it as if for the first time. */
      readonly neverArrived: boolean;
      readonly acceptedNow: boolean;
      /** Nothing was sent in this run: the try is still to be counted. */
      readonly uncounted: boolean;
    };

export type HumanReason =
  | { readonly kind: 'failure'; readonly failure: ConnectorFailure }
  | { readonly kind: 'not_held'; readonly observed: string }
  | { readonly kind: 'approver' }
  /** an undo found something that neither the command left nor was there before: somebody else changed it */
  | { readonly kind: 'changed'; readonly differences: readonly Difference[] };

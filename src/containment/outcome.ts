import type { Phrase } from '../texts/phrase.js';
import type { AccountState, ConnectorFailure, ConsoleStep, Facts, ReadBack } from '../ports/connector.js';
import type { Difference } from '../incidents/facts.js';

/** What a run of a step found; `recordOutcome` writes it. */
export type StepOutcome =
  /** read back, and it holds */
  | {
      readonly kind: 'verified';
      readonly readBack: ReadBack;
      readonly requestId: string | null;
      /** The system was already in this state: nothing had to be changed. */
      readonly alreadyDone: boolean;
      /** What an undo compares with; `null` when it cannot be undone. */
      readonly left: Facts | null;
    }
  /**
   * accepted by the system; `effectiveBy` when it takes full effect only later; `proven` is false when it cannot be
   * read back
   */
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
  /** no further try until a person acts */
  | { readonly kind: 'needs_human'; readonly why: HumanReason }
  /** it is tried, or read, again */
  | {
      readonly kind: 'retry';
      readonly failure: ConnectorFailure | null;
      readonly inMs: number;
      /** The command was proven not executed: the next run sends it as if for the first time. */
      readonly neverArrived: boolean;
      readonly acceptedNow: boolean;
      /** Nothing was sent in this run: the try still has to be counted. */
      readonly uncounted: boolean;
    };

export type HumanReason =
  | { readonly kind: 'failure'; readonly failure: ConnectorFailure }
  | { readonly kind: 'not_held'; readonly observed: string }
  | { readonly kind: 'approver' }
  /** the row is not what an approver decided; `decidedBy` is the person it names */
  | { readonly kind: 'not_authentic'; readonly decidedBy: string }
  /** it needs two approvers, and is signed by one; `decidedBy` is that one */
  | { readonly kind: 'one_approver'; readonly decidedBy: string }
  /** it had already ended, as the record says, and nobody pressed Retry */
  | { readonly kind: 'put_back' }
  /** it was decided so long ago that it must be approved again */
  | { readonly kind: 'stale' }
  /** the incident was closed before any step of the decision had begun */
  | { readonly kind: 'closed' }
  /** the account is the approver's own, somebody else's, or on the never-touch list */
  | { readonly kind: 'barred'; readonly phrase: Phrase }
  /** an undo found a value that is neither the earlier one nor the command's: somebody else changed it */
  | { readonly kind: 'changed'; readonly differences: readonly Difference[] }
  /** an undo was sent, and what is read is not what was there before */
  | { readonly kind: 'not_restored'; readonly differences: readonly Difference[] };

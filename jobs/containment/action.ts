import type { TextKey } from '../../blocks/texts/say.js';
import type { ActionKind, Chosen, Command } from '../../src/connectors/port.js';
import type { Secret } from '../../src/secret.js';

/** What a step has to work with. */
export interface StepArguments {
  readonly ranges: readonly string[];
  /** What was chosen of the things that the account has several of. */
  readonly items: Chosen;
  /** Made once when the decision was taken; the same at every retry. */
  readonly password: Secret | null;
}

/** One containment action of the catalogue: what it is called, what it does to whom, and what cannot be undone. */
export interface ContainmentAction<K extends ActionKind = ActionKind> {
  readonly kind: K;
  readonly title: TextKey;
  /** One sentence of what changes. */
  readonly does: TextKey;
  /** One sentence of what can and cannot be undone. */
  readonly undo: TextKey;
  /** Locks somebody out, or lets somebody back in: drawn as a dangerous button. */
  readonly risk: 'high' | 'medium';
  /** What the approver or the plan has to give. */
  readonly needs: 'password' | 'ranges' | 'items' | null;
  /** The steps of the runbook (docs/runbook.md) that it carries out. */
  readonly runbook: readonly number[];
  /** @throws when an argument that the catalogue promises is missing */
  command(args: StepArguments): Command;
}

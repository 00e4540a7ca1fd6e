import type { Decision, Step } from './steps.js';
import type { TaskKey } from './task-keys.js';

/**
 * The states that a step may be counted under. Only `done` is done: what waits for a person, failed, or was never
 * observed is not.
 */
export type Standing = 'done' | 'running' | 'unproven' | 'manual' | 'failed';

/** The present state of a step; one that was undone elsewhere does not hold, whatever was read back before. */
export function standingOf(step: Step): Standing {
  if (step.watch_verdict === 'does_not_hold') return 'failed';
  switch (step.status) {
    case 'verified':
    case 'console_done':
      return 'done';
    case 'accepted':
      return step.result?.effectiveBy === undefined ? 'unproven' : 'done';
    case 'console':
      return 'manual';
    case 'needs_human':
      return 'failed';
    case 'waiting':
    case 'queued':
    case 'running':
    case 'retrying':
      // The system accepted it, and it is read again: nothing shows yet that it holds.
      return step.accepted_at === null ? 'running' : 'unproven';
  }
}

/** The steps that have the last word on the linked accounts: neither decided again since, nor taken back. */
export function standing(steps: readonly Step[], accounts: readonly { readonly id: string }[]): readonly Step[] {
  const linked = steps.filter((step) => accounts.some(({ id }) => id === step.account_row));
  return linked.filter(
    (step, index) =>
      !linked.some(
        (other, later) =>
          (other.undo_of === step.id && standingOf(other) === 'done') ||
          (later > index &&
            other.account_row === step.account_row &&
            other.action === step.action &&
            (other.undo_of === null) === (step.undo_of === null)),
      ),
  );
}

/** What is still open in an incident: for whoever closes it, and for the message at its closing. */
export interface Remaining {
  /** The steps that have the last word, by their state. */
  readonly steps: Readonly<Record<Standing, readonly Step[]>>;
  /** The open tasks of the runbook; none when it was never opened. */
  readonly tasks: readonly TaskKey[];
}

export function remainingOf(
  { steps, accounts }: { readonly steps: readonly Step[]; readonly accounts: readonly { readonly id: string }[] },
  tasks: readonly { readonly task: TaskKey; readonly status: string }[],
): Remaining {
  const last = standing(steps, accounts);
  const those = (wanted: Standing): readonly Step[] => last.filter((step) => standingOf(step) === wanted);
  return {
    steps: {
      done: those('done'),
      running: those('running'),
      unproven: those('unproven'),
      manual: those('manual'),
      failed: those('failed'),
    },
    tasks: tasks.filter(({ status }) => status === 'open').map(({ task }) => task),
  };
}

/** What is not done, the worst first. */
export const OPEN_STANDINGS = ['failed', 'manual', 'unproven', 'running'] as const satisfies readonly Standing[];
type OpenStanding = (typeof OPEN_STANDINGS)[number];

/** The steps that are not done, the worst first. */
export const openSteps = ({ steps }: Remaining): readonly (readonly [OpenStanding, readonly Step[]])[] =>
  OPEN_STANDINGS.flatMap((one) => (steps[one].length === 0 ? [] : [[one, steps[one]] as const]));

/** What may be said to the person who owns the accounts, when somebody else had access. */
export function securedAs(remaining: Remaining): 'done' | 'open' | 'nothing' {
  if (openSteps(remaining).length > 0) return 'open';
  return remaining.steps.done.some(({ action, undo_of: undone }) => action !== 'enable_account' && undone === null)
    ? 'done'
    : 'nothing';
}

/**
 * What a decision is called that somebody takes about the own accounts after reporting: the one exception to "nobody
 * decides about himself". It only tightens, it can be lifted (by an approver, never by the person), and it is capped.
 */
export const SELF_HOLD = 'self_hold';

/** Whether a hold is still on: nobody has lifted any of it. */
export function isOn(steps: readonly Step[], { id }: Pick<Decision, 'id'>): boolean {
  const own = steps.filter((step) => step.decision_id === id).map((step) => step.id);
  return !steps.some(
    ({ undo_of: undone, status }) => undone !== null && own.includes(undone) && status !== 'needs_human',
  );
}

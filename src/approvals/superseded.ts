import { differences, openFacts } from '../incidents/facts.js';
import { standingOf } from '../incidents/step-standing.js';
import type { Step } from '../incidents/steps.js';
import type { Core } from '../ports/core.js';
import type { ActionKind } from '../ports/connector.js';

const OPPOSITE: Partial<Record<ActionKind, ActionKind>> = {
  disable_account: 'enable_account',
  enable_account: 'disable_account',
};

/**
 * The later step that took the place of this one, so that nothing of it is left to take back: the opposite of it, or the
 * same with another result (other ranges). `null`: none. `steps` are in the order in which they were decided.
 */
export function supersededBy(core: Core, steps: readonly Step[], step: Step): Step | null {
  const at = steps.findIndex(({ id }) => id === step.id);
  const later = steps.slice(at + 1).filter((one) => one.account_row === step.account_row && one.undo_of === null);
  const standing = later.filter(
    (one) => isTaken(one) && !steps.some((undo) => undo.undo_of === one.id && isTaken(undo)),
  );
  return standing.findLast((one) => one.action === OPPOSITE[step.action] || leftOther(core, step, one)) ?? null;
}

const isTaken = (step: Step): boolean => standingOf(step) === 'done' || step.status === 'accepted';

function leftOther(core: Core, step: Step, later: Step): boolean {
  if (later.action !== step.action) return false;
  const [then, since] = [step, later].map((one) => openFacts(core, one.id, 'after', one.after_facts));
  return then != null && since != null && differences(then, since).length > 0;
}

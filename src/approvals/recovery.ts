import type { TaskKey } from '../../blocks/tasks.js';
import { list, phrase, text, user } from '../../blocks/texts/phrase.js';
import type { DecisionKind } from '../../blocks/decisions.js';
import type { Core, Origin } from '../core.js';
import { addLine } from '../incidents/posts.js';
import { recordDeed, slackPerson } from '../incidents/record.js';
import { openTasks, tasksOf } from '../incidents/tasks.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable, Transaction } from '../store/database.js';

/**
 * What has to be ended before anybody comes back: attackers ask for accounts too, and an attacker who kept the device or
 * a sign-in method comes back together with the person. "Not needed here" ends a task as well, and says who said so.
 */
const BEFORE_RETURN = ['verify_reporter', 'clean_device'] as const satisfies readonly TaskKey[];

/** Undoing one of these lets the person in again, as Re-enable does. */
const SHUT_OUT: readonly DecisionKind[] = ['disable_account', 'quarantine'];

/** Whether a decision, or the undo of one, lets somebody in again. */
export const letsIn = (action: DecisionKind, how: 'do' | 'undo'): boolean =>
  how === 'do' ? action === 'enable_account' : SHUT_OUT.includes(action);

/** What is still open of it; all of it when the incident's tasks were never opened. */
export async function openBeforeReturn(core: Core, tx: Queryable, incidentId: string): Promise<readonly TaskKey[]> {
  const tasks = await tasksOf(tx, core.workspaceId, incidentId);
  return BEFORE_RETURN.filter((key) => (tasks.find(({ task }) => task === key)?.status ?? 'open') === 'open');
}

const lines = (open: readonly TaskKey[]) =>
  list(open.map((key) => phrase('recovery.task', { task: text(`task.${key}`) })));

/** Refuses while something is open and nobody says why it may be passed over. */
export function checkReturn(open: readonly TaskKey[], override: string): Result<null, Problem> {
  if (open.length === 0 || override.trim().length >= 3) return ok(null);
  return refuse(phrase('problem.recovery', { tasks: lines(open) }), 'override');
}

interface Return {
  readonly incidentId: string;
  readonly decisionId: string;
  readonly actor: string;
  readonly override: string;
  readonly origin: Origin;
}

/** Somebody comes back early: the record and the thread say who wanted that and why, and what is left gets its owners. */
export async function tellEarlyReturn(
  core: Core,
  tx: Transaction,
  early: Return,
  open: readonly TaskKey[],
): Promise<void> {
  if (open.length === 0) return;
  const why = early.override.trim();
  await recordDeed(core, tx, early.incidentId, {
    actor: slackPerson(early.actor),
    action: 'recovery.overridden',
    why,
    origin: early.origin,
    detail: { decision: early.decisionId, open: [...open] },
  });
  const line = phrase('timeline.recovery_overridden', { who: user(early.actor), reason: why, tasks: lines(open) });
  await addLine({ core, tx }, early.incidentId, `recovery_${early.decisionId}`, line);
  await openTasks(core, tx, early.incidentId);
}

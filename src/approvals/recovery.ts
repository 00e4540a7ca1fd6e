import type { TaskKey } from '../incidents/task-keys.js';
import { list, phrase, text, user } from '../texts/phrase.js';
import type { DecisionKind } from '../ports/decision-kinds.js';
import type { Core, Origin } from '../ports/core.js';
import { addLine } from '../incidents/posts.js';
import { appendAuditEvent, slackPerson } from '../incidents/audit-event.js';
import { openTasks, tasksOf } from '../incidents/tasks.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Queryable, Transaction } from '../ports/database.js';

/**
 * What has to be ended before anybody comes back: attackers also request access, and one who kept the device or a
 * sign-in method comes back together with the person. "Not needed here" also ends a task, and says who decided so.
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

/** Refuses while something is open and nobody gave a reason for passing over it. */
export function checkReturn(open: readonly TaskKey[], override: string): Result<null, Problem> {
  if (open.length === 0 || override.trim().length >= 3) return ok(null);
  if (override.trim() !== '') return refuse('invalid_input', phrase('problem.reason'), 'override');
  return refuse('checklist_open', phrase('problem.recovery', { tasks: lines(open) }), 'override');
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
  await appendAuditEvent(core, tx, early.incidentId, {
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

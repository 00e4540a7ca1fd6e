import { at, type Phrase, phrase, text, user } from '../../blocks/texts/phrase.js';
import { TASK_KEYS, type TaskKey, type TaskMove } from '../../blocks/tasks.js';
import type { Core, Origin } from '../core.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable } from '../store/database.js';
import { lockOpenIncident } from './incident.js';
import { addLine, addPost, touchIncident } from './posts.js';
import { recordDeed, slackPerson } from './record.js';

export const TASK_STATES = ['open', 'done', 'not_needed'] as const;
export type TaskStatus = (typeof TASK_STATES)[number];

export interface Task {
  readonly task: TaskKey;
  readonly status: TaskStatus;
  /** The Slack id of who took or ended it. */
  readonly owner: string | null;
  readonly changed_at: Date;
}

/** The tasks of an incident in the order of the runbook; `[]` before they were opened. */
export async function tasksOf(tx: Queryable, workspaceId: string, incidentId: string): Promise<readonly Task[]> {
  const { rows } = await tx.query<Task>(
    'select task, status, owner, changed_at from tasks where workspace_id = $1 and incident_id = $2',
    [workspaceId, incidentId],
  );
  return rows.toSorted((a, b) => TASK_KEYS.indexOf(a.task) - TASK_KEYS.indexOf(b.task));
}

/** Opens the tasks that only people can do, once for each incident, with their list in the thread. */
export async function openTasks(core: Core, tx: Queryable, incidentId: string): Promise<void> {
  await tx.query(
    `insert into tasks (workspace_id, incident_id, task, status, changed_at)
     select $1, $2, task, 'open', $4 from jsonb_array_elements_text($3::jsonb) as task
     on conflict (workspace_id, incident_id, task) do nothing`,
    [core.workspaceId, incidentId, JSON.stringify(TASK_KEYS), core.runtime.now()],
  );
  await addPost({ core, tx }, incidentId, 'tasks', { kind: 'tasks' });
}

/** The same from a button: refuses closed incidents. */
export async function startTasks(core: Core, incidentId: string, origin: Origin): Promise<Result<null, Problem>> {
  const started = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, incidentId);
    if (!locked.ok) return locked;
    await openTasks(core, tx, incidentId);
    await touchIncident(core, tx, incidentId, origin.correlationId);
    return ok(null);
  });
  core.dispatch();
  return started;
}

export interface TaskChange {
  readonly incidentId: string;
  readonly task: TaskKey;
  readonly move: TaskMove;
  readonly actor: string;
  readonly origin: Origin;
}

/** From which states a move leads where: a list that was drawn earlier may still offer one that does not fit any more. */
const MOVES: Readonly<Record<TaskMove, { readonly from: readonly TaskStatus[]; readonly to: TaskStatus }>> = {
  take: { from: ['open'], to: 'open' },
  done: { from: ['open'], to: 'done' },
  not_needed: { from: ['open'], to: 'not_needed' },
  reopen: { from: ['done', 'not_needed'], to: 'open' },
};

const sayMoved = ({ status, owner, changed_at: when }: Task): Phrase =>
  phrase('problem.task', {
    state: text(`tasks.${status}`),
    who: owner === null ? text('tasks.nobody') : user(owner),
    when: at(when),
  });

/** Somebody takes or ends a task: the list is redrawn, the thread and the record say who. Only approvers reach this. */
export async function changeTask(core: Core, change: TaskChange): Promise<Result<null, Problem>> {
  const changed = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, change.incidentId);
    if (!locked.ok) return locked;
    const { from, to } = MOVES[change.move];
    const owner = change.move === 'reopen' ? null : change.actor;
    const task = (await tasksOf(tx, core.workspaceId, change.incidentId)).find((one) => one.task === change.task);
    if (!task) return refuse(phrase('problem.task.unknown'));
    if (!from.includes(task.status) || (task.status === to && task.owner === owner)) return refuse(sayMoved(task));
    await tx.query(
      'update tasks set status = $4, owner = $5, changed_at = $6 where workspace_id = $1 and incident_id = $2 and task = $3',
      [core.workspaceId, change.incidentId, change.task, to, owner, core.runtime.now()],
    );
    await recordDeed(core, tx, change.incidentId, {
      actor: slackPerson(change.actor),
      action: `task.${change.move}`,
      origin: change.origin,
      detail: { task: change.task, before: { status: task.status, owner: task.owner } },
    });
    const line = phrase(`timeline.task.${change.move}`, { who: user(change.actor), task: text(`task.${change.task}`) });
    await addLine({ core, tx }, change.incidentId, `task_${change.origin.correlationId}`, line);
    await touchIncident(core, tx, change.incidentId, change.origin.correlationId);
    return ok(null);
  });
  core.dispatch();
  return changed;
}

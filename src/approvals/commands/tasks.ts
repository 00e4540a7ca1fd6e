import type { TaskKey, TaskMove } from '../../incidents/task-keys.js';
import { openTasks, type Task, tasksOf, type TaskStatus } from '../../incidents/tasks.js';
import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import { at, type Phrase, phrase, text, user } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { inIncident } from '../in-incident.js';

export interface TaskStart {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
}

/** Opens the list of human-only tasks in the thread. */
export const startTasks = (core: Core, start: TaskStart): Promise<Result<null, Problem>> =>
  inIncident(
    core,
    'startTasks',
    { ...start, action: 'tasks' },
    {
      change: async (tx) => {
        const before = await tasksOf(tx, core.workspaceId, start.incidentId);
        await openTasks(core, tx, start.incidentId);
        return ok({ value: null, trace: before.length > 0 ? null : { record: { action: 'tasks.opened' } } });
      },
    },
  );

export interface TaskChange extends TaskStart {
  readonly task: TaskKey;
  readonly move: TaskMove;
}

/** Which states each move may start from: a list drawn earlier may still offer a move that no longer fits. */
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

/** Somebody takes or ends a task: the list is redrawn, and the thread and the record say who. */
export const changeTask = (core: Core, change: TaskChange): Promise<Result<null, Problem>> =>
  inIncident(
    core,
    'changeTask',
    { ...change, action: `task.${change.move}` },
    {
      change: async (tx) => {
        const { incidentId, actor, move, origin } = change;
        const { from, to } = MOVES[move];
        const owner = move === 'reopen' ? null : actor;
        const task = (await tasksOf(tx, core.workspaceId, incidentId)).find((one) => one.task === change.task);
        if (!task) return refuse('wrong_state', phrase('problem.task.unknown'));
        if (!from.includes(task.status) || (task.status === to && task.owner === owner))
          return refuse('wrong_state', sayMoved(task));
        await tx.query(
          'update tasks set status = $4, owner = $5, changed_at = $6 where workspace_id = $1 and incident_id = $2 and task = $3',
          [core.workspaceId, incidentId, task.task, to, owner, core.runtime.now()],
        );
        const before = { status: task.status, owner: task.owner };
        const line = phrase(`timeline.task.${move}`, { who: user(actor), task: text(`task.${task.task}`) });
        return ok({
          value: null,
          trace: {
            record: { action: `task.${move}`, detail: { task: task.task, before } },
            lines: [{ key: `task_${origin.correlationId}`, phrase: line }],
          },
        });
      },
    },
  );

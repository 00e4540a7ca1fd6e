import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import type { DB } from '../ports/schema.js';
import { addPost } from './posts.js';
import { TASK_KEYS, type TaskKey } from './task-keys.js';

export const TASK_STATES = ['open', 'done', 'not_needed'] as const satisfies readonly DB['tasks']['status'][];
export type TaskStatus = (typeof TASK_STATES)[number];

/** `owner` is the Slack id of who took or ended it. */
export interface Task extends Row<'tasks', 'status' | 'owner' | 'changed_at'> {
  readonly task: TaskKey;
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

import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';

const DAY_MS = 24 * 3600 * 1000;

/** One for the whole record: requested twice, it is taken once over both. */
const REF = 'record';

/** Requests a checkpoint, in the caller's transaction or separately. */
export const requestCheckpoint = (core: Core, tx: Queryable, correlationId: string): Promise<void> =>
  requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'post_checkpoint',
    ref: REF,
    correlationId,
    now: core.runtime.now(),
  });

/** Requests one when the channel has seen none for a day and none is requested yet. */
export async function requestDailyCheckpoint(core: Core): Promise<void> {
  const { rows } = await core.db.query(
    `select 1 as due where exists (select 1 from record_heads where workspace_id = $1 and seq > 0)
       and not exists (select 1 from record_checkpoints where workspace_id = $1 and posted_at > $2)
       and not exists (select 1 from work where workspace_id = $1 and name = 'post_checkpoint' and status <> 'done')`,
    [core.workspaceId, new Date(core.runtime.now().getTime() - DAY_MS)],
  );
  if (rows.length === 0) return;
  await requestCheckpoint(core, core.db, core.runtime.newId('cor'));
  core.dispatch();
}

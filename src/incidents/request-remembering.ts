import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { NO_ADDRESS } from './earlier-addresses.js';

const DAY_MS = 24 * 3_600_000;
/** How many people are looked up at once. */
export const LOT = 10;

/** One for everybody. */
const REF = 'accounts';

/** Whose accounts were not looked up for a day, by nobody: not while an incident about them is open. */
export async function duePeople(core: Core, tx: Queryable): Promise<readonly string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from people p where workspace_id = $1 and (remembered_at is null or remembered_at <= $2)
       and email not like $3 and not exists (select 1 from incidents i
         where i.workspace_id = $1 and i.person_id = p.id and i.status = 'open')
     order by remembered_at nulls first, id limit ${LOT}`,
    [core.workspaceId, new Date(core.runtime.now().getTime() - DAY_MS), `%${NO_ADDRESS}`],
  );
  return rows.map(({ id }) => id);
}

/** Requests it when the accounts of somebody were not looked up for a day. */
export async function requestRemembering(core: Core): Promise<void> {
  if ((await duePeople(core, core.db)).length === 0) return;
  const correlationId = core.runtime.newId('cor');
  const now = core.runtime.now();
  await requestWork(core.db, {
    workspaceId: core.workspaceId,
    name: 'remember_accounts',
    ref: REF,
    correlationId,
    now,
  });
  core.dispatch();
}

import type { Core } from '../ports/core.js';
import type { Row, Transaction } from '../ports/database.js';
import { keepAddress, NO_ADDRESS } from './earlier-addresses.js';
import { notme, appendAuditEvent } from './audit-event.js';

type Known = Row<'people', 'id' | 'slack_user_id' | 'email'> & { readonly busy: boolean };

/**
 * Frees the address that a person has now. A row with this address and no Slack id is the same person, known from mail
 * alone: everything about it moves to the person's own row. The row of somebody else who had the address before has
 * none until the directory gives theirs: searching by the old one would attribute this person's accounts to them.
 *
 * @throws when both rows have an open incident: a person has at most one, and only an approver closes it
 */
export async function freeAddress(
  core: Core,
  tx: Transaction,
  found: { readonly slackUserId: string; readonly email: string },
): Promise<void> {
  const { rows } = await tx.query<Known>(
    `select id, slack_user_id, email, exists (select 1 from incidents i where i.workspace_id = $1 and i.person_id = people.id
       and i.status = 'open') as busy
     from people where workspace_id = $1 and (slack_user_id = $2 or lower(email) = $3) order by id for update`,
    [core.workspaceId, found.slackUserId, found.email.toLowerCase()],
  );
  const own = rows.find((row) => row.slack_user_id === found.slackUserId);
  const other = rows.find((row) => row !== own);
  if (!other) return;
  if (other.slack_user_id === null) {
    if (own) await merge(core, tx, { from: other, into: own });
  } else await leaveWithoutAddress(core, tx, { ...other, slack_user_id: other.slack_user_id });
}

async function leaveWithoutAddress(
  core: Core,
  tx: Transaction,
  stale: Known & { readonly slack_user_id: string },
): Promise<void> {
  const { slack_user_id: slackUserId, email } = stale;
  await keepAddress(tx, { workspaceId: core.workspaceId, slackUserId, email, now: core.runtime.now() });
  await tx.query('update people set email = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    stale.id,
    `${stale.id.toLowerCase()}${NO_ADDRESS}`,
  ]);
}

interface Merge {
  readonly from: Known;
  readonly into: Known;
}

async function merge(core: Core, tx: Transaction, { from, into }: Merge): Promise<void> {
  if (from.busy && into.busy) throw new Error(`${from.email} and ${into.email} both have an open incident`);
  const ids = [core.workspaceId, from.id, into.id];
  await moveAccounts(core, tx, { from, into });
  await tx.query(
    `delete from account_links l where workspace_id = $1 and person_id = $2 and exists
       (select 1 from account_links own where own.workspace_id = $1 and own.person_id = $3 and own.system = l.system)`,
    ids,
  );
  await tx.query('update account_links set person_id = $3 where workspace_id = $1 and person_id = $2', ids);
  await tx.query(
    `insert into known_accounts (workspace_id, person_id, system, account_id, login, first_seen, last_seen)
     select workspace_id, $3, system, account_id, login, first_seen, last_seen from known_accounts
     where workspace_id = $1 and person_id = $2
     on conflict (person_id, system, account_id, workspace_id) do nothing`,
    ids,
  );
  await tx.query('delete from known_accounts where workspace_id = $1 and person_id = $2', [core.workspaceId, from.id]);
  await tx.query('update notices set person_id = $3 where workspace_id = $1 and person_id = $2', ids);
  const moved = await tx.query<{ id: string }>(
    'update incidents set person_id = $3 where workspace_id = $1 and person_id = $2 returning id',
    ids,
  );
  await tx.query('delete from people where workspace_id = $1 and id = $2', [core.workspaceId, from.id]);
  for (const { id } of moved.rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    await appendAuditEvent(core, tx, id, {
      actor: notme('people'),
      action: 'person.merged',
      origin: { surface: 'job', correlationId: id },
      detail: { address: from.email, into: into.id, slack_user: into.slack_user_id },
    });
}

/** One account of a system is in use for a person: that of the open incident, else the one found by the present address. */
async function moveAccounts(core: Core, tx: Transaction, { from, into }: Merge): Promise<void> {
  const [kept, retired] = into.busy ? [into.id, from.id] : [from.id, into.id];
  await tx.query(
    `update accounts set retired_at = $4 where workspace_id = $1 and person_id = $2 and retired_at is null and exists
       (select 1 from accounts other where other.workspace_id = $1 and other.person_id = $3
          and other.system = accounts.system and other.retired_at is null)`,
    [core.workspaceId, retired, kept, core.runtime.now()],
  );
  await tx.query('update accounts set person_id = $3 where workspace_id = $1 and person_id = $2', [
    core.workspaceId,
    from.id,
    into.id,
  ]);
}

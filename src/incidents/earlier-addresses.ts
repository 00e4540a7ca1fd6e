import type { Queryable } from '../ports/database.js';

/**
 * RFC 2606 reserves `.invalid` for names that never exist: the ending of the address in a row whose person no longer
 * has one.
 */
export const NO_ADDRESS = '@address-unknown.invalid';

/** Keeps a workspace member's earlier addresses: many workspaces let members change their e-mail address. */
export async function keepAddress(
  tx: Queryable,
  { workspaceId, slackUserId, email, now }: { workspaceId: string; slackUserId: string; email: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into earlier_addresses (workspace_id, slack_user_id, address, kept_at) values ($1, $2, lower($3), $4)
     on conflict (slack_user_id, address, workspace_id) do update set kept_at = excluded.kept_at`,
    [workspaceId, slackUserId, email, now],
  );
}

/** A member's earlier addresses. An address that now belongs to another member is that member's alone. */
export async function earlierAddresses(
  tx: Queryable,
  workspaceId: string,
  slackUserId: string,
): Promise<readonly string[]> {
  const { rows } = await tx.query<{ address: string }>(
    `select address from earlier_addresses e where workspace_id = $1 and slack_user_id = $2 and not exists
       (select 1 from people p where p.workspace_id = $1 and lower(p.email) = e.address and p.slack_user_id <> $2)
     order by address`,
    [workspaceId, slackUserId],
  );
  return rows.map(({ address }) => address);
}

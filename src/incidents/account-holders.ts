import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';

type Named = Row<'people', 'name' | 'email' | 'slack_user_id'>;

/** Somebody to whom an account is known to belong: their own addresses lead to it, or led to it in quiet times. */
export type Holder = Named & Row<'accounts', 'system' | 'account_id' | 'person_id'>;

/** What an approver named by hand proves nothing about whose it is. */
const NOT_BY_HAND = `not exists (select 1 from account_links l
  where l.workspace_id = a.workspace_id and l.person_id = a.person_id and l.system = a.system)`;

/** Everybody to whom one of these accounts is known to belong. */
export async function holdersOf(
  { workspaceId }: Pick<Core, 'workspaceId'>,
  tx: Queryable,
  accounts: readonly { readonly system: string; readonly accountId: string | null }[],
): Promise<readonly Holder[]> {
  const asked = [workspaceId, accounts.flatMap(({ accountId }) => accountId ?? [])];
  const [now, before] = await Promise.all([
    tx.query<Holder>(
      `select a.system, a.account_id, a.person_id, p.name, p.email, p.slack_user_id
       from accounts a join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
       where a.workspace_id = $1 and a.retired_at is null and a.account_id = any($2) and ${NOT_BY_HAND}`,
      asked,
    ),
    tx.query<Named & Row<'known_accounts', 'system' | 'account_id' | 'person_id'>>(
      `select k.system, k.account_id, k.person_id, p.name, p.email, p.slack_user_id
       from known_accounts k join people p on p.workspace_id = k.workspace_id and p.id = k.person_id
       where k.workspace_id = $1 and k.account_id = any($2)`,
      asked,
    ),
  ]);
  const isAsked = (one: Holder): boolean =>
    accounts.some(({ system, accountId }) => system === one.system && accountId === one.account_id);
  return [...now.rows, ...before.rows].filter(isAsked);
}

/** The accounts that are known to be a person's, as `system/id`. */
export async function accountKeysOf(
  { workspaceId }: Pick<Core, 'workspaceId'>,
  tx: Queryable,
  personId: string,
): Promise<ReadonlySet<string>> {
  const [now, before] = await Promise.all([
    tx.query<Row<'accounts', 'system' | 'account_id'>>(
      `select a.system, a.account_id from accounts a
       where a.workspace_id = $1 and a.person_id = $2 and ${NOT_BY_HAND}`,
      [workspaceId, personId],
    ),
    tx.query<Row<'known_accounts', 'system' | 'account_id'>>(
      'select system, account_id from known_accounts where workspace_id = $1 and person_id = $2',
      [workspaceId, personId],
    ),
  ]);
  const found = [...now.rows, ...before.rows];
  return new Set(found.flatMap(({ system, account_id: id }) => (id === null ? [] : [`${system}/${id}`])));
}

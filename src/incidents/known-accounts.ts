import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import { type Phrase, phrase, at } from '../texts/phrase.js';
import { accountsOf } from './accounts.js';
import { linksOf } from './links.js';

/** An address leads to another account than before: for so long afterwards this is said. */
const NEWS_MS = 30 * 24 * 3_600_000;

export interface FoundAccount {
  readonly personId: string;
  readonly system: string;
  readonly accountId: string;
  readonly login: string;
}

/** Keeps which account a person's own addresses led to. */
export async function rememberAccount(
  core: Pick<Core, 'workspaceId' | 'runtime'>,
  tx: Queryable,
  { personId, system, accountId, login }: FoundAccount,
): Promise<void> {
  await tx.query(
    `insert into known_accounts (workspace_id, person_id, system, account_id, login, first_seen, last_seen)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (person_id, system, account_id, workspace_id) do update set login = excluded.login, last_seen = excluded.last_seen`,
    [core.workspaceId, personId, system, accountId, login, core.runtime.now()],
  );
}

/** The account that an address led to before, where it leads to another one now. */
export interface EarlierAccount {
  readonly system: string;
  readonly login: string;
  readonly until: Date;
}

/**
 * The account that the person's addresses led to before this one, while that is news. A person whose address goes to
 * somebody else's account may be a victim of that, or it is an attacker's own account under their address.
 */
export async function accountBefore(
  core: Pick<Core, 'workspaceId' | 'runtime'>,
  tx: Queryable,
  { personId, system, accountId }: Omit<FoundAccount, 'login'>,
): Promise<EarlierAccount | null> {
  const { rows } = await tx.query<Row<'known_accounts', 'account_id' | 'login' | 'first_seen' | 'last_seen'>>(
    `select account_id, login, first_seen, last_seen from known_accounts
     where workspace_id = $1 and person_id = $2 and system = $3 order by last_seen desc, account_id`,
    [core.workspaceId, personId, system],
  );
  const now = rows.find((row) => row.account_id === accountId);
  const since = now?.first_seen ?? core.runtime.now();
  if (core.runtime.now().getTime() - since.getTime() > NEWS_MS) return null;
  const before = rows.find((row) => row.account_id !== accountId && row.first_seen < since);
  return before ? { system, login: before.login, until: before.last_seen } : null;
}

/** The same for all accounts of a person that were found by their own addresses. */
export async function accountsBefore(core: Core, tx: Queryable, personId: string): Promise<readonly EarlierAccount[]> {
  const [accounts, links] = await Promise.all([
    accountsOf(tx, core.workspaceId, personId),
    linksOf(core, tx, personId),
  ]);
  const found = accounts.flatMap(({ system, accountId }) =>
    accountId === null || links.has(system) ? [] : [{ personId, system, accountId }],
  );
  const before = await Promise.all(found.map((one) => accountBefore(core, tx, one)));
  return before.filter((one) => one !== null);
}

/** As the thread and the windows say it. */
export const sayBefore = ({ connectors }: Pick<Core, 'connectors'>, { system, login, until }: EarlierAccount): Phrase =>
  phrase('accounts.before', { system: connectors.get(system)?.title ?? system, login, until: at(until) });

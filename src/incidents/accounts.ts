import * as z from 'zod';
import type { AccountState } from '../ports/connector.js';
import { UNREADABLE } from '../texts/unreadable.js';
import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';

const date = z.iso.datetime().transform((value) => new Date(value));

/** The stored form of an account's state: JSON with ISO times. */
export const accountState: z.ZodType<AccountState> = z.object({
  enabled: z.boolean().nullable(),
  locked: z.boolean().nullable(),
  mustChangePassword: z.boolean().nullable(),
  passwordChangedAt: date.nullable(),
  twoStepRequired: z.boolean().nullable(),
  loginRanges: z.array(z.string()).nullable(),
  protectedBecause: z.string().nullable(),
  authority: z
    .union([
      z.object({ where: z.literal('here') }),
      z.object({ where: z.enum(['synced', 'federated']), from: z.string().nullable() }),
    ])
    .nullable()
    .default(null),
  adminRoles: z.array(z.string()).nullable().default(null),
  use: z.enum(['person', 'service', 'shared']).nullable().default(null),
  readAt: date,
});

/** One account of a person in one system; `problem` says why it could not be found or read. */
export interface LinkedAccount {
  readonly id: string;
  readonly system: string;
  readonly accountId: string | null;
  readonly login: string | null;
  readonly state: AccountState | null;
  readonly problem: string | null;
  /** It was taken for this person's and no longer is: nothing new is planned on it. */
  readonly retired: boolean;
  readonly readAt: Date;
}

/** The opening words of a look that says the person has no account in a system. */
export const NO_ACCOUNT = 'no account there';

/** Nothing will ever be found there; any other unknown account may turn up with the next look. */
export const isAbsent = ({ accountId, problem }: LinkedAccount): boolean =>
  accountId === null && problem !== null && problem.startsWith(NO_ACCOUNT);

type AccountRow = Row<'accounts', 'id' | 'system' | 'account_id' | 'login' | 'state' | 'problem' | 'read_at'> & {
  readonly retired: boolean;
};

const COLUMNS = 'id, system, account_id, login, state, problem, retired_at is not null as retired, read_at';

/** An unreadable state counts as none, and the next look rewrites it. */
function toAccount(row: AccountRow): LinkedAccount {
  const state = accountState.nullable().safeParse(row.state);
  return {
    id: row.id,
    system: row.system,
    accountId: row.account_id,
    login: row.login,
    state: state.data ?? null,
    problem: state.success ? row.problem : (row.problem ?? UNREADABLE),
    retired: row.retired,
    readAt: row.read_at,
  };
}

/** The accounts currently linked to a person. */
export async function accountsOf(tx: Queryable, workspaceId: string, personId: string): Promise<LinkedAccount[]> {
  const { rows } = await tx.query<AccountRow>(
    `select ${COLUMNS} from accounts where workspace_id = $1 and person_id = $2 and retired_at is null order by system`,
    [workspaceId, personId],
  );
  return rows.map(toAccount);
}

/** The accounts of the person whom an incident is about. */
export async function accountsOfIncident(
  tx: Queryable,
  workspaceId: string,
  incidentId: string,
): Promise<LinkedAccount[]> {
  const { rows } = await tx.query<AccountRow>(
    `select ${COLUMNS} from accounts
     where workspace_id = $1 and person_id = (select person_id from incidents where workspace_id = $1 and id = $2)
       and retired_at is null order by system`,
    [workspaceId, incidentId],
  );
  return rows.map(toAccount);
}

/** One account, also one that is no longer linked: what was done to it can still be read and undone. */
export async function accountByRow(tx: Queryable, workspaceId: string, id: string): Promise<LinkedAccount | null> {
  const { rows } = await tx.query<AccountRow>(`select ${COLUMNS} from accounts where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ? toAccount(rows[0]) : null;
}

export interface ReadAccount {
  readonly personId: string;
  readonly system: string;
  readonly accountId: string | null;
  readonly login: string | null;
  readonly state: AccountState | null;
  readonly problem: string | null;
}

/**
 * Stores what was found in one system. A failed read keeps the known account and adds the problem; an account other
 * than the known one gets its own row, or the row it had before.
 */
export async function saveAccount(core: Core, tx: Queryable, read: ReadAccount): Promise<void> {
  if (read.accountId !== null) await makeWay(core, tx, { ...read, accountId: read.accountId });
  await tx.query(
    `insert into accounts (workspace_id, id, person_id, system, account_id, login, state, problem, read_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (workspace_id, person_id, system) where retired_at is null do update set
       account_id = coalesce(excluded.account_id, accounts.account_id), login = coalesce(excluded.login, accounts.login),
       state = case when excluded.state is null or coalesce(accounts.state->>'readAt', '') > excluded.state->>'readAt'
         then accounts.state else excluded.state end, problem = excluded.problem, read_at = excluded.read_at`,
    [
      core.workspaceId,
      core.runtime.newId('acc'),
      read.personId,
      read.system,
      read.accountId,
      read.login,
      read.state === null ? null : JSON.stringify(read.state),
      read.problem,
      core.runtime.now(),
    ],
  );
}

/** Frees the row in use for another account: an empty row is deleted, a row with an account is retired. */
async function makeWay(core: Core, tx: Queryable, read: ReadAccount & { readonly accountId: string }): Promise<void> {
  const place = [core.workspaceId, read.personId, read.system];
  const { rows } = await tx.query<Pick<AccountRow, 'id' | 'account_id' | 'retired'>>(
    `select id, account_id, retired_at is not null as retired from accounts
     where workspace_id = $1 and person_id = $2 and system = $3
       and (retired_at is null or account_id = $4) order by id`,
    [...place, read.accountId],
  );
  const [used, before] = [rows.find(({ retired }) => !retired), rows.find(({ retired }) => retired)];
  if (used?.account_id === read.accountId) return;
  if (used && used.account_id !== null) await retireAccount(core, tx, read);
  if (!before) return;
  if (used?.account_id === null)
    await tx.query('delete from accounts where workspace_id = $1 and id = $2', [core.workspaceId, used.id]);
  await tx.query('update accounts set retired_at = null where workspace_id = $1 and id = $2', [
    core.workspaceId,
    before.id,
  ]);
}

/** What was found is not this person's: nothing more may be planned on it, but what was done to it stays readable. */
export async function retireAccount(
  core: Core,
  tx: Queryable,
  { personId, system }: { readonly personId: string; readonly system: string },
): Promise<void> {
  const place = [core.workspaceId, personId, system];
  await tx.query(
    `delete from accounts where workspace_id = $1 and person_id = $2 and system = $3 and retired_at is null
       and account_id is null`,
    place,
  );
  await tx.query(
    `update accounts set retired_at = $4 where workspace_id = $1 and person_id = $2 and system = $3 and retired_at is null`,
    [...place, core.runtime.now()],
  );
}

/** Stores a state that was read in the course of a step; never one that is older than what is known. */
export async function saveState(core: Core, tx: Queryable, accountRow: string, state: AccountState): Promise<void> {
  await tx.query(
    `update accounts set state = $3, problem = null, read_at = $4 where workspace_id = $1 and id = $2
     and coalesce(state->>'readAt', '') <= $3::jsonb->>'readAt'`,
    [core.workspaceId, accountRow, JSON.stringify(state), state.readAt],
  );
}

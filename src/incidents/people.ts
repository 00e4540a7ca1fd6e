import type { Core } from '../ports/core.js';
import type { DirectoryPerson } from '../ports/directory.js';
import { NO_ADDRESS } from './earlier-addresses.js';
import { freeAddress } from './merge-people.js';
import type { Queryable, Row } from '../ports/database.js';

export type Person = Row<'people', 'id' | 'slack_user_id' | 'email' | 'name' | 'title' | 'manager' | 'time_zone'>;

const COLUMNS = 'id, slack_user_id, email, name, title, manager, time_zone';

type Found = DirectoryPerson & { readonly email: string };

/**
 * Stores what the directory says now; the e-mail address joins a person with their accounts. A report never waits for
 * this: an address that cannot be stored now is stored the next time.
 */
export async function savePerson(core: Core, found: Found): Promise<Person> {
  const values = [
    core.workspaceId,
    core.runtime.newId('per'),
    found.slackUserId,
    found.email.toLowerCase(),
    found.name,
    found.title,
    found.manager,
    found.timeZone,
    core.runtime.now(),
  ];
  try {
    const stored = (await updateKnown(core.db, values)) ?? (await insertNew(core.db, values));
    if (stored) return stored;
    return await core.db.transaction(async (tx) => {
      await freeAddress(core, tx, found);
      const freed = (await updateKnown(tx, values)) ?? (await insertNew(tx, values));
      return one([freed].filter((row) => row !== null));
    });
  } catch (error) {
    const known = await personBySlackId(core.db, core.workspaceId, found.slackUserId);
    if (!known) throw error;
    core.log.warn({ err: error, person: known.id }, 'a changed address could not be stored; the old one is used');
    return known;
  }
}

/**
 * `null` when the person is not known by this Slack id, or another row has the address. A changed address is kept among
 * the earlier ones.
 */
async function updateKnown(tx: Queryable, values: readonly unknown[]): Promise<Person | null> {
  const { rows } = await tx.query<Person>(
    `with before as (
       select id as row_id, lower(email) as address from people where workspace_id = $1 and slack_user_id = $3 for update
     ), changed as (
       update people set email = $4, name = $5, title = $6, manager = $7, time_zone = $8, updated_at = $9 from before
       where workspace_id = $1 and $2::text is not null and id = row_id and not exists
         (select 1 from people other where other.workspace_id = $1 and lower(other.email) = $4 and other.id <> row_id)
       returning ${COLUMNS}, address
     ), kept as (
       insert into earlier_addresses (workspace_id, slack_user_id, address, kept_at)
       select $1, $3, address, $9 from changed where address <> $4 and address not like '%${NO_ADDRESS}'
       on conflict (slack_user_id, address, workspace_id) do update set kept_at = excluded.kept_at
     )
     select ${COLUMNS} from changed`,
    values,
  );
  return rows[0] ?? null;
}

/**
 * A new row, or the row of this address when nobody's Slack id is on it; `null` when the person is known already, or the
 * row is another member's: whoever gets an address that was given out before must not get that person's incidents.
 */
async function insertNew(tx: Queryable, values: readonly unknown[]): Promise<Person | null> {
  const { rows } = await tx.query<Person>(
    `insert into people (workspace_id, id, slack_user_id, email, name, title, manager, time_zone, updated_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz
     where not exists (select 1 from people where workspace_id = $1 and slack_user_id = $3)
     on conflict (workspace_id, lower(email)) do update set slack_user_id = excluded.slack_user_id, name = excluded.name,
       title = excluded.title, manager = excluded.manager, time_zone = excluded.time_zone, updated_at = excluded.updated_at
       where people.slack_user_id is null
     returning ${COLUMNS}`,
    values,
  );
  return rows[0] ?? null;
}

/** Somebody with what the directory last said, and when. */
export async function personBySlackId(
  tx: Queryable,
  workspaceId: string,
  slackUserId: string,
): Promise<(Person & Row<'people', 'updated_at'>) | null> {
  const { rows } = await tx.query<Person & Row<'people', 'updated_at'>>(
    `select ${COLUMNS}, updated_at from people where workspace_id = $1 and slack_user_id = $2`,
    [workspaceId, slackUserId],
  );
  return rows[0] ?? null;
}

/** Somebody who has accounts but no Slack: known by the e-mail address alone. */
export async function savePersonWithoutSlack(core: Core, tx: Queryable, email: string): Promise<Person> {
  const { rows } = await tx.query<Person>(
    `insert into people (workspace_id, id, email, name, time_zone, updated_at) values ($1, $2, $3, $3, 'UTC', $4)
     on conflict (workspace_id, lower(email)) do update set updated_at = excluded.updated_at returning ${COLUMNS}`,
    [core.workspaceId, core.runtime.newId('per'), email.toLowerCase(), core.runtime.now()],
  );
  return one(rows);
}

export async function personById(tx: Queryable, workspaceId: string, id: string): Promise<Person | null> {
  const { rows } = await tx.query<Person>(`select ${COLUMNS} from people where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** The person an incident is about; `null` when there is no such incident. */
export async function personOfIncident(tx: Queryable, workspaceId: string, incidentId: string): Promise<Person | null> {
  const { rows } = await tx.query<Person>(
    `select ${COLUMNS} from people
     where workspace_id = $1 and id = (select person_id from incidents where workspace_id = $1 and id = $2)`,
    [workspaceId, incidentId],
  );
  return rows[0] ?? null;
}

/** The one row that a statement guarantees. @throws when there is none */
export function one<R>(rows: readonly R[]): R {
  const [row] = rows;
  if (row === undefined) throw new Error('a statement that must return a row returned none');
  return row;
}

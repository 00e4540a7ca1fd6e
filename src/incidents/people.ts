import type { Core } from '../core.js';
import type { DirectoryPerson } from './directory.js';
import type { Queryable } from '../store/database.js';

export interface Person {
  readonly id: string;
  readonly slack_user_id: string | null;
  readonly email: string;
  readonly name: string;
  readonly title: string | null;
  readonly manager: string | null;
  readonly time_zone: string;
}

const COLUMNS = 'id, slack_user_id, email, name, title, manager, time_zone';

/** Stores what the directory says now; the e-mail address is what joins a person with their accounts. */
export async function savePerson(
  core: Core,
  tx: Queryable,
  found: DirectoryPerson & { email: string },
): Promise<Person> {
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
  const known = await tx.query<Person>(
    `update people set slack_user_id = $3, email = $4, name = $5, title = $6, manager = $7, time_zone = $8, updated_at = $9
     where workspace_id = $1 and $2::text is not null and (slack_user_id = $3 or (slack_user_id is null and lower(email) = $4)) returning ${COLUMNS}`,
    values,
  );
  if (known.rows[0]) return known.rows[0];
  const { rows } = await tx.query<Person>(
    `insert into people (workspace_id, id, slack_user_id, email, name, title, manager, time_zone, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (workspace_id, lower(email)) do update set slack_user_id = excluded.slack_user_id, name = excluded.name,
       title = excluded.title, manager = excluded.manager, time_zone = excluded.time_zone, updated_at = excluded.updated_at
     returning ${COLUMNS}`,
    values,
  );
  return one(rows);
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

/** Whom an incident is about; `null` when there is no such incident. */
export async function personOfIncident(tx: Queryable, workspaceId: string, incidentId: string): Promise<Person | null> {
  const { rows } = await tx.query<Person>(
    `select ${COLUMNS} from people
     where workspace_id = $1 and id = (select person_id from incidents where workspace_id = $1 and id = $2)`,
    [workspaceId, incidentId],
  );
  return rows[0] ?? null;
}

/** The one row that a statement promised. @throws when there is none */
export function one<R>(rows: readonly R[]): R {
  const [row] = rows;
  if (row === undefined) throw new Error('a statement that must return a row returned none');
  return row;
}

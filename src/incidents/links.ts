import type { PersonHandles } from '../connectors/port.js';
import type { Core, Origin } from '../core.js';
import type { Queryable } from '../store/database.js';
import type { Person } from './people.js';
import { recordDeed, slackPerson } from './record.js';

/** The logins that approvers named for a person, by system; an empty one says that there is no account. */
export async function linksOf(
  tx: Queryable,
  workspaceId: string,
  personId: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ system: string; login: string }>(
    'select system, login from account_links where workspace_id = $1 and person_id = $2',
    [workspaceId, personId],
  );
  return new Map(rows.map(({ system, login }) => [system, login]));
}

/**
 * What a person is looked up by in one system: a login that an approver named there, else one of the configuration, else
 * every address that is known, and the personnel number. `null`: an approver said that there is no account.
 */
export function handlesOf(
  core: Core,
  person: Person,
  { system, link }: { system: string; link: string | undefined },
): PersonHandles | null {
  if (link === '') return null;
  const known = core.policy.handles.get(person.email.toLowerCase());
  const named = link ?? known?.logins[system];
  if (named !== undefined) return { emails: [named], employeeId: null };
  return { emails: [person.email, ...(known?.aliases ?? [])], employeeId: known?.employeeId ?? null };
}

export interface LinkCorrection {
  readonly incidentId: string;
  readonly personId: string;
  readonly actor: string;
  readonly origin: Origin;
  /** By system: a login, `''` for no account, `null` to look the person up by their addresses again. */
  readonly logins: ReadonlyMap<string, string | null>;
}

/** Keeps what an approver corrected, for this incident and every later one. */
export async function correctLinks(core: Core, tx: Queryable, correction: LinkCorrection): Promise<void> {
  const { personId, actor, logins } = correction;
  for (const [system, login] of logins) {
    await tx.query('delete from account_links where workspace_id = $1 and person_id = $2 and system = $3', [
      core.workspaceId,
      personId,
      system,
    ]);
    // What was found under the old name is not this person's: nothing may be planned on it any more.
    await tx.query(
      `update accounts set account_id = null, login = null, state = null, problem = null
       where workspace_id = $1 and person_id = $2 and system = $3`,
      [core.workspaceId, personId, system],
    );
    if (login === null) continue;
    await tx.query(
      `insert into account_links (workspace_id, person_id, system, login, set_by, set_at) values ($1, $2, $3, $4, $5, $6)`,
      [core.workspaceId, personId, system, login, actor, core.runtime.now()],
    );
  }
  await recordDeed(core, tx, correction.incidentId, {
    actor: slackPerson(actor),
    action: 'accounts.corrected',
    origin: correction.origin,
    detail: { logins: Object.fromEntries(logins) },
  });
}

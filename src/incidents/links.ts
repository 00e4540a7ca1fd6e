import type { PersonIdentifiers } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import type { Person } from './people.js';

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
 * The search terms for a person in one system: a login that an approver named there, else one from the configuration,
 * else every known address and the personnel number. `null`: an approver said that there is no account.
 */
export function identifiersOf(
  core: Core,
  person: Person,
  { system, link }: { system: string; link: string | undefined },
): PersonIdentifiers | null {
  if (link === '') return null;
  const known = core.policy.identifiers.get(person.email.toLowerCase());
  const named = link ?? known?.logins[system];
  if (named !== undefined) return { emails: [named], employeeId: null };
  return { emails: [person.email, ...(known?.aliases ?? [])], employeeId: known?.employeeId ?? null };
}

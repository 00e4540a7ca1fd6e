import type { CallContext } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { DirectoryPerson } from '../ports/directory.js';
import { type Person, personById, savePerson, savePersonWithoutSlack } from './people.js';

/** A person whom a linked system knows, or why there is none. */
export type Elsewhere =
  | { readonly found: Person }
  /** Systems that did not answer: `not known` was not proven. */
  | { readonly found: null; readonly unread: readonly string[]; readonly ambiguous: boolean };

/** The system said that this term matches nobody; one that finds people only by address refuses any other term. */
const NOT_THERE = new Set(['not_found', 'invalid_input', 'ambiguous']);

/** The person whose account was linked under this login before, if there is exactly one. */
async function linkedBefore(core: Core, login: string): Promise<Person | null> {
  const { rows } = await core.db.query<{ person_id: string }>(
    `select distinct person_id from accounts where workspace_id = $1 and lower(login) = lower($2) and retired_at is null limit 2`,
    [core.workspaceId, login],
  );
  const [only, other] = rows;
  return only && !other ? personById(core.db, core.workspaceId, only.person_id) : null;
}

/** The first of these addresses that Slack knows: the account of somebody who has Slack is that person's. */
async function inSlack(core: Core, addresses: readonly string[]): Promise<DirectoryPerson | null> {
  for (const address of addresses) {
    const found = await core.people.byEmail(address);
    if (found) return found;
  }
  return null;
}

/**
 * Who the linked systems know by this e-mail address or login: for people without Slack. Every system is queried for
 * exactly this term; nobody is guessed by name.
 */
export async function personElsewhere(core: Core, who: string, call: CallContext): Promise<Elsewhere> {
  const before = await linkedBefore(core, who);
  if (before) return { found: before };
  const asked = await Promise.all(
    [...core.connectors.values()].map(async (connector) => ({
      title: connector.title,
      found: await connector.find({ emails: [who], employeeId: null, unverifiedToo: true }, call),
    })),
  );
  const logins = asked.flatMap(({ found }) => (found.ok ? [found.value.login] : []));
  if (logins.length === 0) {
    const failures = asked.flatMap(({ title, found }) => (found.ok ? [] : [{ title, kind: found.error.kind }]));
    return {
      found: null,
      ambiguous: failures.some(({ kind }) => kind === 'ambiguous'),
      unread: failures.filter(({ kind }) => !NOT_THERE.has(kind)).map(({ title }) => title),
    };
  }
  const addresses = [...new Set([who, ...logins].filter((login) => login.includes('@')))];
  const member = await inSlack(core, addresses);
  if (member?.email) return { found: await savePerson(core, { ...member, email: member.email }) };
  return { found: await savePersonWithoutSlack(core, core.db, addresses[0] ?? who) };
}

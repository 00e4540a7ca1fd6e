import { phrase } from '../texts/phrase.js';
import type { Core } from '../ports/core.js';
import { earlierAddresses, NO_ADDRESS } from '../incidents/earlier-addresses.js';
import { type Person, personBySlackId, savePerson } from '../incidents/people.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Queryable } from '../ports/database.js';
import { accountsOf } from '../incidents/accounts.js';
import { recentAddresses, type SeenAddress } from './recent-address.js';

/** How old the known facts about an approver may be before the directory is queried again. */
const FRESH_MS = 24 * 3_600_000;

/** What identifies an approver. */
export interface Own {
  readonly slackUserId: string;
  readonly person: Person;
  /** E-mail address, earlier ones and aliases, in lower case; never empty. */
  readonly addresses: readonly string[];
}

/**
 * Who clicked, as far as the store, the directory and the configuration know: an approver is more than a Slack id.
 * Refused when no address is known: the approver's own accounts could not be told from others'.
 * @throws when nothing is known and the directory does not answer
 */
export async function ownOf(core: Core, slackUserId: string): Promise<Result<Own, Problem>> {
  const known = await freshPerson(core, slackUserId);
  if (known === null) return refuse('actor_unknown', phrase('problem.own_unknown'));
  const earlier = await earlierAddresses(core.db, core.workspaceId, slackUserId);
  const addresses = [...known.addresses, ...earlier].flatMap((address) => addressesOf(core, address));
  return ok({ slackUserId, person: known.person, addresses: [...new Set(addresses)] });
}

/** The stored person and their current addresses: what the directory says counts even when it cannot be stored. */
interface Known {
  readonly person: Person;
  readonly addresses: readonly string[];
}

async function freshPerson(core: Core, slackUserId: string): Promise<Known | null> {
  const row = await personBySlackId(core.db, core.workspaceId, slackUserId);
  const stored = row === null || row.email.endsWith(NO_ADDRESS) ? null : row;
  const known = stored && { person: stored, addresses: [stored.email] };
  const age = stored === null ? Infinity : core.runtime.now().getTime() - stored.updated_at.getTime();
  if (age < FRESH_MS) return known;
  try {
    const found = await core.people.bySlackId(slackUserId);
    if (found === null || found.email === null) return known;
    const person = await savePerson(core, { ...found, email: found.email });
    return { person, addresses: [found.email, person.email] };
  } catch (error) {
    if (known === null) throw error;
    core.log.warn({ err: error, user: slackUserId }, 'an approver could not be looked up; what was known is used');
    return known;
  }
}

/** An address with all others that `notme.yml` says belong to the same person. */
export function addressesOf(core: Core, email: string): readonly string[] {
  const address = email.toLowerCase();
  const same = [...core.policy.identifiers].flatMap(([key, { aliases }]) => {
    const known = [key, ...aliases.map((alias) => alias.toLowerCase())];
    return known.includes(address) ? known : [];
  });
  return [...new Set([address, ...same])];
}

/** Where an approver signed in from lately, as far as the linked systems tell; none when nothing is known of them. */
export async function ownAddresses(core: Core, slackUserId: string): Promise<readonly SeenAddress[]> {
  const own = await ownOf(core, slackUserId);
  if (!own.ok) return [];
  const accounts = await accountsOf(core.db, core.workspaceId, own.value.person.id);
  return recentAddresses(core, [...own.value.addresses, ...accounts.flatMap(({ login }) => login ?? [])]);
}

/** The logins that `notme.yml` names for them in a system. */
export const namedLogins = (core: Core, { addresses }: Own, system: string): readonly string[] =>
  addresses.flatMap((address) => core.policy.identifiers.get(address)?.logins[system]?.toLowerCase() ?? []);

/** The name, if known, of somebody other than this person who has this address (or had it), alias or named login. */
export async function holderByAddress(
  core: Core,
  tx: Queryable,
  personId: string,
  account: { readonly system: string; readonly login: string },
): Promise<string | null> {
  const login = account.login.toLowerCase();
  const named = [...core.policy.identifiers].find(
    ([, { aliases, logins }]) =>
      aliases.some((alias) => alias.toLowerCase() === login) || logins[account.system]?.toLowerCase() === login,
  )?.[0];
  const holders = await holdersOf(core, tx, named === undefined ? [login] : [login, named]);
  if (holders.some(({ id }) => id === personId)) return null;
  return holders[0]?.name ?? named ?? null;
}

/** Who has one of these addresses now comes before who had it until it became no other member's. */
async function holdersOf(
  core: Core,
  tx: Queryable,
  addresses: readonly string[],
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await tx.query<{ id: string; name: string }>(
    `select id, name from people p where workspace_id = $1 and (lower(email) = any($2) or slack_user_id in
       (select e.slack_user_id from earlier_addresses e where e.workspace_id = $1 and e.address = any($2) and not exists
         (select 1 from people now where now.workspace_id = $1 and lower(now.email) = e.address
            and now.slack_user_id <> e.slack_user_id)))
     order by lower(email) = any($2) desc, id`,
    [core.workspaceId, addresses],
  );
  return rows;
}

import type { AccountRef, CallContext, Connector, ConnectorFailure } from '../ports/connector.js';
import type { Queryable, Row } from '../ports/database.js';
import type { PeopleDirectory } from '../ports/directory.js';
import type { Role, Roles } from '../ports/roles.js';
import type { IdentifiersIn } from './examine.js';
import type { TestAccount } from './rehearse.js';

/** Why nothing is rehearsed on these accounts. */
export type Refusal =
  | { readonly why: 'never_touch'; readonly what: string }
  | { readonly why: 'role'; readonly what: Role }
  | { readonly why: 'role_unknown'; readonly what: Role }
  | { readonly why: 'incident'; readonly what: string }
  | { readonly why: 'administrator' | 'protected' | 'service'; readonly system: string; readonly what: string }
  /** Whether it is one of those could not be read. */
  | { readonly why: 'unread'; readonly system: string; readonly what: string }
  | { readonly why: 'nobody' };

export interface Guarding {
  readonly workspaceId: string;
  readonly db: Queryable;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly neverTouch: readonly string[];
  readonly roles: Roles;
  readonly people: PeopleDirectory;
  readonly call: CallContext;
}

/** The person, by every address that is known. */
export interface TestPerson {
  readonly emails: readonly string[];
  readonly identifiersIn: IdentifiersIn;
}

/** The test account in each system that has one; a system that does not answer is left out, and named. */
export interface Found {
  readonly tests: readonly TestAccount[];
  readonly unread: readonly { readonly title: string; readonly failure: ConnectorFailure }[];
}

export async function testAccounts({ connectors, call }: Guarding, { identifiersIn }: TestPerson): Promise<Found> {
  const asked = await Promise.all(
    [...connectors.values()].map(async (connector) => {
      const identifiers = identifiersIn(connector.system);
      return { connector, found: identifiers === null ? null : await connector.find(identifiers, call) };
    }),
  );
  return {
    tests: asked.flatMap(({ connector, found }) => (found?.ok ? [{ connector, account: found.value }] : [])),
    unread: asked.flatMap(({ connector: { title }, found }) =>
      found === null || found.ok || found.error.kind === 'not_found' ? [] : [{ title, failure: found.error }],
    ),
  };
}

/** Roles whose people decide in an incident. */
const DECIDING = ['approver', 'administrator'] as const satisfies readonly Role[];

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Whether an address leads to one of the test accounts; a failure when a system does not say. */
async function leadsTo(
  { call }: Guarding,
  tests: readonly TestAccount[],
  address: string,
): Promise<TestAccount | { readonly test: TestAccount; readonly failure: ConnectorFailure } | null> {
  for (const test of tests) {
    const found = await test.connector.find({ emails: [address], employeeId: null, unverifiedToo: true }, call);
    if (found.ok && found.value.accountId === test.account.accountId) return test;
    if (found.ok || found.error.kind === 'not_found' || found.error.kind === 'invalid_input') continue;
    if (found.error.kind !== 'ambiguous') return { test, failure: found.error };
    if (found.error.candidates.some((login) => same(login, test.account.login))) return test;
  }
  return null;
}

/** Whether one of these addresses is the test person's, by its name or by the account that it leads to. */
async function concerns(
  guarding: Guarding,
  tests: readonly TestAccount[],
  { emails, addresses }: { readonly emails: readonly string[]; readonly addresses: readonly string[] },
): Promise<boolean | Refusal> {
  for (const address of addresses) {
    if ([...emails, ...tests.map(({ account }) => account.login)].some((email) => same(email, address))) return true;
    const led = await leadsTo(guarding, tests, address);
    if (led !== null && 'failure' in led)
      return { why: 'unread', system: led.test.connector.title, what: led.failure.message };
    if (led !== null) return true;
  }
  return false;
}

async function ofRoles(
  guarding: Guarding,
  tests: readonly TestAccount[],
  { emails }: TestPerson,
): Promise<Refusal | null> {
  for (const role of DECIDING) {
    const users = await guarding.roles.whole(role);
    if (users === null) return { why: 'role_unknown', what: role };
    const known = await Promise.all(users.map((user) => guarding.people.bySlackId(user)));
    const addresses = known.flatMap((person) => person?.email ?? []);
    const found = await concerns(guarding, tests, { emails, addresses });
    if (found !== false) return found === true ? { why: 'role', what: role } : found;
  }
  return null;
}

/** The open incident about the person or about one of the accounts. */
async function ofIncidents(
  { db, workspaceId }: Guarding,
  accounts: readonly AccountRef[],
  emails: readonly string[],
): Promise<Refusal | null> {
  const { rows } = await db.query<Row<'incidents', 'reference'>>(
    `select i.reference from incidents i join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
     where i.workspace_id = $1 and i.status = 'open' and (lower(p.email) = any($2) or exists (
       select 1 from accounts a where a.workspace_id = $1 and a.person_id = p.id and a.retired_at is null
         and (lower(a.login) = any($2) or a.system || ' ' || a.account_id = any($3))))
     order by i.opened_at limit 1`,
    [
      workspaceId,
      [...emails, ...accounts.map(({ login }) => login)].map((one) => one.toLowerCase()),
      accounts.map(({ system, accountId }) => `${system} ${accountId}`),
    ],
  );
  const [open] = rows;
  return open ? { why: 'incident', what: open.reference } : null;
}

/** What the system itself says of the account. */
async function ofState({ call }: Guarding, { connector, account }: TestAccount): Promise<Refusal | null> {
  const state = await connector.readState(account, call);
  const place = { system: connector.title };
  if (!state.ok) return { ...place, why: 'unread', what: state.error.message };
  const { adminRoles, protectedBecause, use } = state.value;
  if (adminRoles !== null && adminRoles.length > 0)
    return { ...place, why: 'administrator', what: adminRoles.join(', ') };
  if (protectedBecause !== null) return { ...place, why: 'protected', what: protectedBecause };
  return use === 'service' ? { ...place, why: 'service', what: account.login } : null;
}

/**
 * Why nothing may be rehearsed on this person; `null` when nothing forbids it. What cannot be read forbids it too: an
 * account is changed only when it is known to be nobody's who matters.
 */
export async function refusalOf(
  guarding: Guarding,
  person: TestPerson,
  tests: readonly TestAccount[],
): Promise<Refusal | null> {
  if (tests.length === 0) return { why: 'nobody' };
  const { emails } = person;
  const listed = await concerns(guarding, tests, { emails, addresses: guarding.neverTouch });
  if (listed !== false) return listed === true ? { why: 'never_touch', what: emails[0] ?? '' } : listed;
  const about = await ofIncidents(
    guarding,
    tests.map(({ account }) => account),
    emails,
  );
  if (about !== null) return about;
  const held = await ofRoles(guarding, tests, person);
  if (held !== null) return held;
  const states = await Promise.all(tests.map((test) => ofState(guarding, test)));
  return states.find((refusal) => refusal !== null) ?? null;
}

import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { unsupported, type Answer, type Outcome, type Target } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import { doubtful, isSame, theOnly, tidy } from '../kit/find.js';
import type { Listed } from '../kit/items.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonIdentifiers, Receipt } from '../../ports/connector.js';
import type { UserChange } from './bodies.js';
import { contact } from '../http/contact.js';
import { segment } from '../http/path.js';
import type { KeycloakApi } from './api.js';
import { speaksOfReadOnly } from './failures.js';
import type { KeycloakSettings } from './settings.js';

const MOST_CANDIDATES = 20;

const flag = z.boolean().nullable().default(null).catch(null);
const text = z.string().nullish().catch(null);
/** In a list, `null` is one that cannot be read; in its place, it is the whole list. */
const listed = <T>(one: z.ZodType<T>) =>
  z
    .array(one.nullable().catch(null))
    .nullish()
    .transform((all) => all ?? [null])
    .catch([null]);

/** The used parts of a `UserRepresentation`. */
export const user = z.object({
  username: z.string().catch(''),
  email: contact,
  emailVerified: flag,
  enabled: flag,
  requiredActions: listed(z.string().min(1)),
  federationLink: contact,
  serviceAccountClientId: text,
  /** Left out where there is none. */
  federatedIdentities: listed(z.object({ identityProvider: z.string().min(1), userName: text })).optional(),
  access: z.record(z.string(), z.unknown()).nullish().catch(null),
});
export interface KeycloakUser extends z.output<typeof user> {
  /** As received: a PUT must send back whatever was read, or Keycloak blanks it. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The fields of a found account that say whose it is. */
export const candidate = z.object({
  id: z.string().min(1),
  username: z.string().catch(''),
  email: z.string().nullish().catch(null),
  emailVerified: z.boolean().nullish().catch(null),
  attributes: z.record(z.string(), z.array(z.string()).catch([])).nullish().catch(null),
});
type Candidate = z.output<typeof candidate>;

export const loginOf = ({
  email,
  username,
}: {
  readonly email?: string | null | undefined;
  readonly username: string;
}): string => (email == null || email === '' ? username : email);

/** Of an account. */
export const userPath = ({ account }: Pick<Target, 'account'>, rest = ''): string =>
  `/users/${segment(account.accountId)}${rest}`;

export const readUser = (api: KeycloakApi, on: Target): Answer<KeycloakUser> =>
  andThen(api.read({ path: userPath(on), schema: z.record(z.string(), z.unknown()), call: on.call }), (raw) => {
    const read = user.safeParse(raw);
    // Keycloak's account always has one of the two; without both it is something else.
    return read.success && (read.data.username !== '' || read.data.email)
      ? ok({ ...read.data, raw })
      : unsupported('Keycloak showed something that is no account.');
  });

/**
 * Changes the account by sending back what was read. `enabled` is sent only when it has to change: older versions show
 * an account as disabled while brute-force protection locks it, and that must not become permanent.
 */
export function putUser(api: KeycloakApi, { raw }: KeycloakUser, changed: UserChange, on: Target): Answer<Receipt> {
  const sent = { ...raw, access: undefined, enabled: undefined, requiredActions: undefined };
  const json = { ...sent, id: on.account.accountId, ...changed };
  return api.write({ method: 'PUT', path: userPath(on), json, call: on.call });
}

/** Only the account itself shows whether another directory keeps it, and so whether that is what accepts no changes. */
export async function explain(failure: ConnectorFailure, api: KeycloakApi, on: Target): Promise<ConnectorFailure> {
  if (!speaksOfReadOnly(failure)) return failure;
  const read = await readUser(api, on);
  if (!read.ok || (read.value.federationLink ?? '') === '') return failure;
  const message = `Keycloak may not write to the user federation that keeps this account; act in that directory. It said: ${failure.message}`;
  return { kind: 'unsupported', message };
}

/** Keycloak's `key:"value"` search; a quote inside is escaped. */
const attributeQuery = (key: string, value: string): string =>
  [key, value].map((part) => `"${part.replaceAll('"', '\\"')}"`).join(':');

interface Query {
  readonly parameters: Readonly<Record<string, string>>;
  /** Keycloak's matches are compared once more: `exact` is newer than some servers. */
  readonly matches: (found: Candidate) => boolean;
  /** Keycloak says that it fits, and shows nothing that contradicts: only where no other one fits. */
  readonly untold?: (found: Candidate) => boolean;
  /** Everybody may enter any address; until it is verified, it says nothing. */
  readonly byAddress?: true;
}

function queriesFor(person: PersonIdentifiers, settings: KeycloakSettings): readonly Query[] {
  const { alias_attribute: alias, employee_id_attribute: number } = settings;
  const byAttribute = (key: string, value: string): Query => ({
    parameters: { q: attributeQuery(key, value) },
    matches: ({ attributes }) => attributes?.[key]?.some((one) => isSame(one, value)) === true,
  });
  const { emails, employeeId } = tidy(person);
  const addresses = [...new Set(emails.map((email) => email.toLowerCase()))];
  return [
    ...addresses.flatMap((email): Query[] => [
      {
        parameters: { email, exact: 'true' },
        matches: (found) => isSame(found.email, email),
        untold: (found) => !found.email,
        byAddress: true,
      },
      { parameters: { username: email, exact: 'true' }, matches: (found) => isSame(found.username, email) },
      ...(alias === null ? [] : [byAttribute(alias, email)]),
    ]),
    ...(number === null || employeeId === null ? [] : [byAttribute(number, employeeId)]),
  ];
}

function search(api: KeycloakApi, query: Query, call: CallContext): Answer<Listed<Candidate>> {
  const parameters = new URLSearchParams({ ...query.parameters, max: String(MOST_CANDIDATES) });
  const found = api.list({ path: `/users?${parameters.toString()}`, schema: candidate, call });
  return mapped(found, (all) => {
    const fitting = all.items.filter(query.matches);
    return { ...all, items: fitting.length > 0 ? fitting : all.items.filter(query.untold ?? (() => false)) };
  });
}

/** The one account that the identifiers name, by address, username, or the configured attributes. */
export function findUser(
  api: KeycloakApi,
  settings: KeycloakSettings,
  person: PersonIdentifiers,
  call: CallContext,
): Answer<AccountRef> {
  const queries = queriesFor(person, settings);
  return andThen(allOf(queries.map((query) => search(api, query, call))), (lists) => {
    return theOneOf(
      lists.map(({ items }, index) => ({ items, byAddress: queries[index]?.byAddress === true })),
      { unverifiedToo: person.unverifiedToo === true, unread: lists.some(({ complete }) => !complete) },
    );
  });
}

interface Matches {
  readonly items: readonly Candidate[];
  readonly byAddress: boolean;
}

const refsOf = (all: readonly Candidate[]): readonly AccountRef[] =>
  all.map((one) => ({ system: 'keycloak', accountId: one.id, login: loginOf(one) || one.id }));

/**
 * An address that is not verified names nobody, and gives way to a verified one. Where it would give way to less, to a
 * user name that anybody may have chosen, nobody can tell whose account is whose: all are shown, and none is taken.
 */
function theOneOf(
  matches: readonly Matches[],
  { unverifiedToo, unread }: { readonly unverifiedToo: boolean; readonly unread: boolean },
): Outcome<AccountRef> {
  const found = matches.flatMap(({ items }) => items);
  if (unverifiedToo) return theOnly(refsOf(found), 'Keycloak', unread);
  const sound = matches.flatMap(({ items, byAddress }) =>
    byAddress ? items.filter(({ emailVerified }) => emailVerified !== false) : items,
  );
  if (sound.length === 0 && found.length > 0) return doubtful(refsOf(found), 'Keycloak');
  const isProven = matches.some(({ items, byAddress }) => byAddress && items.some((one) => one.emailVerified === true));
  return theOnly(refsOf(isProven ? sound : found), 'Keycloak', unread);
}

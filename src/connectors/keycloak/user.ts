import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonHandles } from '../port.js';
import { segment, type KeycloakApi } from './api.js';
import { ROLE } from './permissions.js';
import type { KeycloakSettings } from './settings.js';

const MOST_CANDIDATES = 20;

/** A `UserRepresentation`. Loose: a PUT must send back whatever was read, or Keycloak blanks it. */
const user = z.looseObject({
  id: z.string().min(1),
  username: z.string(),
  email: z.string().nullish(),
  emailVerified: z.boolean().nullish(),
  enabled: z.boolean(),
  requiredActions: z.array(z.string()).nullish(),
  federationLink: z.string().nullish(),
  serviceAccountClientId: z.string().nullish(),
  attributes: z.record(z.string(), z.array(z.string())).nullish(),
  federatedIdentities: z.array(z.object({ identityProvider: z.string(), userName: z.string().nullish() })).nullish(),
  access: z.record(z.string(), z.boolean()).nullish(),
});
export type KeycloakUser = z.output<typeof user>;

export const loginOf = ({ email, username }: KeycloakUser): string =>
  email == null || email === '' ? username : email;

export function readUser(
  api: KeycloakApi,
  id: string,
  call: CallContext,
): Promise<Result<KeycloakUser, ConnectorFailure>> {
  return api.read({ path: `/users/${segment(id)}`, schema: user, need: ROLE.viewUsers, call });
}

/**
 * Changes the account by sending back what was read. `enabled` goes along only when it is to change: older versions show
 * an account as disabled while brute-force protection holds it, and that must not become lasting.
 */
export function putUser(
  api: KeycloakApi,
  read: KeycloakUser,
  changed: { readonly enabled?: boolean; readonly requiredActions?: readonly string[] },
  call: CallContext,
): ReturnType<KeycloakApi['write']> {
  const json = { ...read, access: undefined, enabled: undefined, requiredActions: undefined, ...changed };
  return api.write({ method: 'PUT', path: `/users/${segment(read.id)}`, json, need: ROLE.manageUsers, call });
}

const same = (left: string | null | undefined, right: string): boolean => left?.toLowerCase() === right.toLowerCase();

/** Keycloak's `key:"value"` search; a quote inside is escaped. */
const attributeQuery = (key: string, value: string): string =>
  [key, value].map((part) => `"${part.replaceAll('"', '\\"')}"`).join(':');

interface Query {
  readonly parameters: Readonly<Record<string, string>>;
  /** What Keycloak found is compared once more: `exact` is newer than some servers. */
  readonly matches: (found: KeycloakUser) => boolean;
}

function queriesFor(person: PersonHandles, settings: KeycloakSettings): readonly Query[] {
  const { alias_attribute: alias, employee_id_attribute: number } = settings;
  const byAttribute = (key: string, value: string): Query => ({
    parameters: { q: attributeQuery(key, value) },
    matches: ({ attributes }) => attributes?.[key]?.some((one) => same(one, value)) === true,
  });
  const addresses = [...new Set(person.emails.map((email) => email.trim().toLowerCase()))].filter(
    (email) => email !== '',
  );
  return [
    ...addresses.flatMap((email): Query[] => [
      { parameters: { email, exact: 'true' }, matches: (found) => same(found.email, email) },
      { parameters: { username: email, exact: 'true' }, matches: (found) => same(found.username, email) },
      ...(alias === null ? [] : [byAttribute(alias, email)]),
    ]),
    ...(number === null || person.employeeId === null || person.employeeId === ''
      ? []
      : [byAttribute(number, person.employeeId)]),
  ];
}

async function search(
  api: KeycloakApi,
  query: Query,
  call: CallContext,
): Promise<Result<readonly KeycloakUser[], ConnectorFailure>> {
  const parameters = new URLSearchParams({ ...query.parameters, max: String(MOST_CANDIDATES) });
  const found = await api.read({
    path: `/users?${parameters.toString()}`,
    schema: z.array(user),
    need: ROLE.viewUsers,
    call,
  });
  return found.ok ? ok(found.value.filter(query.matches)) : found;
}

/** The one account that the handles name, by address, username, or the configured attributes. */
export async function findUser(
  api: KeycloakApi,
  settings: KeycloakSettings,
  person: PersonHandles,
  call: CallContext,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const results = await Promise.all(queriesFor(person, settings).map((query) => search(api, query, call)));
  const found = new Map<string, KeycloakUser>();
  for (const result of results) {
    if (!result.ok) return result;
    for (const one of result.value) found.set(one.id, one);
  }
  const [only, second] = [...found.values()];
  if (only === undefined)
    return err({
      kind: 'not_found',
      message: 'Keycloak has no account with these addresses; check the realm, or link the account by hand.',
    });
  if (second !== undefined) {
    const candidates = [...found.values()].map((one) => `${loginOf(one)} (${one.id})`);
    return err({
      kind: 'ambiguous',
      message: `Keycloak has ${found.size} accounts that fit; say which one is meant.`,
      candidates,
    });
  }
  return ok({ system: 'keycloak', accountId: only.id, login: loginOf(only) });
}

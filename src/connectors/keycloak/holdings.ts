import { z } from 'zod';
import type { Answer, Target } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import type { CallContext } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { KeycloakApi } from './api.js';
import { userPath } from './user.js';

/** If more clients than this have offline tokens, they are not all queried in one go. */
const MOST_OFFLINE_CLIENTS = 50;
const MOST_GROUPS = 1000;

/** Merely descriptive fields may be missing: the row counts all the same. */
const text = z.string().nullish().catch(null);
/** A time in milliseconds. */
export const moment = z
  .number()
  .nullish()
  .catch(null)
  .transform((at) => (at == null || Number.isNaN(new Date(at).getTime()) ? null : new Date(at)));

export const credential = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  userLabel: text,
  createdDate: moment,
});
export type Credential = z.output<typeof credential>;

export const PASSWORD = 'password';
export const RECOVERY_CODES = 'recovery-authn-codes';
const NO_FACTOR = new Set([PASSWORD, 'password-history', 'kerberos', 'secret', RECOVERY_CODES]);

const OWN_FACTORS = new Set(['otp', 'webauthn', 'webauthn-passwordless']);

/** Of a type that Keycloak itself has: any other may be anything. */
export const isOwnType = ({ type }: Credential): boolean => NO_FACTOR.has(type) || OWN_FACTORS.has(type);

export const isFactor = ({ type }: Credential): boolean => !NO_FACTOR.has(type);

/** The credentials that Keycloak itself stores; those of a user federation are not included. */
export const readCredentials = (api: KeycloakApi, on: Target): Answer<Listed<Credential>> =>
  api.list({ path: userPath(on, '/credentials'), schema: credential, call: on.call });

export const session = z.object({
  id: z.string().min(1),
  ipAddress: text,
  start: moment,
  clients: z.record(z.string(), z.string().catch('')).nullish().catch(null),
});

export interface Session extends z.output<typeof session> {
  readonly offline: boolean;
}

export const grant = z.object({
  clientId: z.string().min(1),
  grantedClientScopes: z.array(z.string()).nullish().catch(null),
  createdDate: moment,
  /** `null` in the list: an unreadable one. */
  additionalGrants: z
    .array(
      z
        .object({ client: z.string().min(1), key: text })
        .nullable()
        .catch(null),
    )
    .nullish()
    .catch([null]),
});
export type Grant = z.output<typeof grant>;

/** Consents, and clients that have an offline token without one. */
export const readGrants = (api: KeycloakApi, on: Target): Answer<Listed<Grant>> =>
  api.list({ path: userPath(on, '/consents'), schema: grant, call: on.call });

export const group = z.object({ id: z.string().min(1), path: z.string().min(1) });
export type Group = z.output<typeof group>;

export function readGroups(api: KeycloakApi, on: Target): Answer<Listed<Group>> {
  const path = userPath(on, `/groups?max=${MOST_GROUPS}&first=0`);
  return mapped(api.list({ path, schema: group, call: on.call }), ({ items, complete }) => ({
    items,
    complete: complete && items.length < MOST_GROUPS,
  }));
}

/** A prepared group by its path, e.g. `/quarantine`. */
export const readGroupByPath = (api: KeycloakApi, path: string, call: CallContext): Answer<Group> =>
  api.read({
    path: `/group-by-path/${path.split('/').filter(Boolean).map(segment).join('/')}`,
    schema: group,
    call,
  });

/** The clients that have an offline token, as far as the grants show. */
function offlineClients({ items, complete }: Listed<Grant>): Listed<string> {
  const tokens = items.flatMap(({ additionalGrants }) => additionalGrants ?? []);
  const clients = [...new Set(tokens.flatMap((token) => token?.client ?? []))];
  const told = complete && !tokens.includes(null) && clients.length <= MOST_OFFLINE_CLIENTS;
  return { items: clients.slice(0, MOST_OFFLINE_CLIENTS), complete: told };
}

/** All sessions, online and offline. Offline ones are listed per client, so the grants show which clients to query. */
export function readSessions(api: KeycloakApi, on: Target): Answer<Listed<Session>> {
  const listed = (path: string, offline: boolean): Answer<Listed<Session>> =>
    mapped(api.list({ path: userPath(on, path), schema: session, call: on.call }), ({ items, complete }) => ({
      items: items.map((one) => ({ ...one, offline })),
      complete,
    }));
  return andThen(allOf([listed('/sessions', false), readGrants(api, on)]), ([online, grants]) => {
    const clients = offlineClients(grants);
    const offline = clients.items.map((client) => listed(`/offline-sessions/${segment(client)}`, true));
    return mapped(allOf(offline), (lists) => {
      const all = [online, ...lists];
      const sessions = all.flatMap(({ items }) => items);
      return {
        items: [...new Map(sessions.map((one) => [sessionId(one), one])).values()],
        complete: clients.complete && all.every(({ complete }) => complete),
      };
    });
  });
}

/** A session can appear twice, once for each client that it serves; an offline one has an id of its own kind. */
export const sessionId = ({ id, offline }: Session): string => (offline ? `offline:${id}` : id);

export const lockState = z.object({ disabled: z.boolean().nullable().catch(null) });

/** Whether brute-force protection currently locks the account. */
export const readLock = (api: KeycloakApi, { account, call }: Target): Answer<z.output<typeof lockState>> =>
  api.read({
    path: `/attack-detection/brute-force/users/${segment(account.accountId)}`,
    schema: lockState,
    call,
  });

import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { segment, type KeycloakApi } from './api.js';
import { ROLE } from './permissions.js';

/** More clients with offline tokens than this are not looked into in one go. */
const MOST_OFFLINE_CLIENTS = 50;

const credential = z.object({
  id: z.string(),
  type: z.string(),
  userLabel: z.string().nullish(),
  createdDate: z.number().nullish(),
});
export type Credential = z.output<typeof credential>;

export const PASSWORD = 'password';
export const RECOVERY_CODES = 'recovery-authn-codes';
const NO_FACTOR = new Set([PASSWORD, 'password-history', 'kerberos', 'secret', RECOVERY_CODES]);

export const isFactor = ({ type }: Credential): boolean => !NO_FACTOR.has(type);

/** The credentials that Keycloak itself stores; what a user federation keeps is not among them. */
export const readCredentials = (api: KeycloakApi, userId: string, call: CallContext) =>
  api.read({ path: `/users/${segment(userId)}/credentials`, schema: z.array(credential), need: ROLE.viewUsers, call });

const session = z.object({
  id: z.string(),
  ipAddress: z.string().nullish(),
  start: z.number(),
  lastAccess: z.number().nullish(),
  clients: z.record(z.string(), z.string()).nullish(),
});

export interface Session extends z.output<typeof session> {
  readonly offline: boolean;
}

const grant = z.object({
  clientId: z.string(),
  grantedClientScopes: z.array(z.string()).nullish(),
  createdDate: z.number().nullish(),
  lastUpdatedDate: z.number().nullish(),
  additionalGrants: z.array(z.object({ client: z.string().nullish(), key: z.string().nullish() })).nullish(),
});

/** Consents, and clients that hold an offline token without one. */
export const readGrants = (api: KeycloakApi, userId: string, call: CallContext) =>
  api.read({ path: `/users/${segment(userId)}/consents`, schema: z.array(grant), need: ROLE.viewUsers, call });

const group = z.object({ id: z.string(), path: z.string(), name: z.string().catch('') });

export const readGroups = (api: KeycloakApi, userId: string, call: CallContext) =>
  api.read({
    path: `/users/${segment(userId)}/groups?max=1000&first=0`,
    schema: z.array(group),
    need: ROLE.viewUsers,
    call,
  });

/** A prepared group by its path, e.g. `/quarantine`. */
export const readGroupByPath = (api: KeycloakApi, path: string, call: CallContext) =>
  api.read({
    path: `/group-by-path/${path.split('/').filter(Boolean).map(segment).join('/')}`,
    schema: group,
    need: ROLE.viewUsers,
    call,
  });

async function offlineOf(
  api: KeycloakApi,
  userId: string,
  client: string,
  call: CallContext,
): Promise<Result<Session[], ConnectorFailure>> {
  const path = `/users/${segment(userId)}/offline-sessions/${segment(client)}`;
  const found = await api.read({ path, schema: z.array(session), need: ROLE.viewUsers, call });
  return found.ok ? ok(found.value.map((one) => ({ ...one, offline: true }))) : found;
}

/** All sessions, online and offline. Offline ones are listed per client, so the grants tell which clients to ask about. */
export async function readSessions(
  api: KeycloakApi,
  userId: string,
  call: CallContext,
): Promise<Result<readonly Session[], ConnectorFailure>> {
  const [online, grants] = await Promise.all([
    api.read({ path: `/users/${segment(userId)}/sessions`, schema: z.array(session), need: ROLE.viewUsers, call }),
    readGrants(api, userId, call),
  ]);
  if (!online.ok) return online;
  if (!grants.ok) return grants;
  const clients = grants.value
    .flatMap(({ additionalGrants }) => additionalGrants ?? [])
    .flatMap(({ client }) => client ?? []);
  const offline = await Promise.all(
    [...new Set(clients)].slice(0, MOST_OFFLINE_CLIENTS).map((client) => offlineOf(api, userId, client, call)),
  );
  const all = new Map<string, Session>(online.value.map((one) => [one.id, { ...one, offline: false }]));
  for (const found of offline) {
    if (!found.ok) return found;
    for (const one of found.value) all.set(`offline:${one.id}`, one);
  }
  return ok([...all.values()]);
}

const lockState = z.object({ disabled: z.boolean() });

/** Whether brute-force protection holds the account just now. */
export const readLock = (api: KeycloakApi, userId: string, call: CallContext) =>
  api.read({
    path: `/attack-detection/brute-force/users/${segment(userId)}`,
    schema: lockState,
    need: ROLE.viewUsers,
    call,
  });

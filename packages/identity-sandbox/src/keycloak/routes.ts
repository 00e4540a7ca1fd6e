import type { DirectoryRequest } from '../http/message.js';
import type { Routed } from '../http/server.js';
import {
  deleteConsent,
  deleteSession,
  groupByPath,
  listConsents,
  listGroups,
  listOfflineSessions,
  listSessions,
  logout,
  setMembership,
} from './access.js';
import { addIdentity, deleteIdentity, listIdentities } from './identities.js';
import { jsonBody, type AdminCall } from './context.js';
import { eventsConfig, listAdminEvents, listEvents, providerName, requiredAction } from './logs.js';
import type { Realm } from './realm.js';
import { noSuchRoute, refuse, show, UNAUTHORIZED } from './reply.js';
import {
  availableRealmRoles,
  changeClientMappings,
  changeRealmMappings,
  clientMappings,
  composites,
  listClients,
  realmMappings,
} from './roles.js';
import type { Tokens } from './tokens.js';
import {
  bruteForce,
  deleteCredential,
  listCredentials,
  listUsers,
  readUser,
  resetPassword,
  updateUser,
} from './users.js';

type Handler = (call: AdminCall, a: string, b: string) => Routed;

/** `*` stands for one part of the path; what it matched is handed over in order. */
const ROUTES: readonly (readonly [method: string, path: string, handler: Handler])[] = [
  ['GET', 'users', (call) => listUsers(call)],
  ['GET', 'users/*', readUser],
  ['PUT', 'users/*', updateUser],
  ['PUT', 'users/*/reset-password', resetPassword],
  ['GET', 'users/*/credentials', listCredentials],
  ['DELETE', 'users/*/credentials/*', deleteCredential],
  ['GET', 'users/*/federated-identity', listIdentities],
  ['POST', 'users/*/federated-identity/*', addIdentity],
  ['DELETE', 'users/*/federated-identity/*', deleteIdentity],
  ['GET', 'users/*/sessions', listSessions],
  ['GET', 'users/*/offline-sessions/*', listOfflineSessions],
  ['POST', 'users/*/logout', logout],
  ['GET', 'users/*/consents', listConsents],
  ['DELETE', 'users/*/consents/*', deleteConsent],
  ['GET', 'users/*/groups', listGroups],
  ['PUT', 'users/*/groups/*', setMembership],
  ['DELETE', 'users/*/groups/*', setMembership],
  ['GET', 'users/*/role-mappings/clients/*', (call, id, client) => clientMappings(call, id, client, 'direct')],
  [
    'GET',
    'users/*/role-mappings/clients/*/composite',
    (call, id, client) => clientMappings(call, id, client, 'composite'),
  ],
  [
    'GET',
    'users/*/role-mappings/clients/*/available',
    (call, id, client) => clientMappings(call, id, client, 'available'),
  ],
  ['POST', 'users/*/role-mappings/clients/*', changeClientMappings],
  ['DELETE', 'users/*/role-mappings/clients/*', changeClientMappings],
  ['GET', 'users/*/role-mappings/realm', realmMappings],
  ['GET', 'users/*/role-mappings/realm/available', availableRealmRoles],
  ['POST', 'users/*/role-mappings/realm', changeRealmMappings],
  ['DELETE', 'users/*/role-mappings/realm', changeRealmMappings],
  ['DELETE', 'sessions/*', deleteSession],
  ['GET', 'roles-by-id/*/composites/clients/*', composites],
  ['GET', 'clients', (call) => listClients(call)],
  ['GET', 'attack-detection/brute-force/users/*', bruteForce],
  ['GET', 'events', (call) => listEvents(call)],
  ['GET', 'events/config', (call) => eventsConfig(call)],
  ['GET', 'admin-events', (call) => listAdminEvents(call)],
  ['GET', 'authentication/required-actions/*', requiredAction],
  ['GET', 'user-storage/*/name', providerName],
];

function matched(path: string, parts: readonly string[]): readonly string[] | null {
  const wanted = path.split('/');
  if (wanted.length !== parts.length) return null;
  const values: string[] = [];
  for (const [index, part] of wanted.entries()) {
    const given = parts[index] ?? '';
    if (part === '*') values.push(given);
    else if (part !== given) return null;
  }
  return values;
}

function admin(call: AdminCall): Routed {
  const { parts, request } = call;
  if (parts[0] === 'group-by-path' && request.method === 'GET')
    return groupByPath(call, `/${parts.slice(1).join('/')}`);
  const here = ROUTES.flatMap(([method, path, handler]) => {
    const values = matched(path, parts);
    return values === null ? [] : [{ method, handler, values }];
  });
  if (here.length === 0) return noSuchRoute;
  const route = here.find(({ method }) => method === request.method);
  if (route === undefined) return refuse(405, 'HTTP 405 Method Not Allowed');
  if (request.body !== '' && call.json === undefined) return refuse(415, 'HTTP 415 Unsupported Media Type');
  return route.handler(call, route.values[0] ?? '', route.values[1] ?? '');
}

export interface Door {
  readonly realm: Realm;
  readonly tokens: Tokens;
  readonly roles: ReadonlySet<string>;
  /** The service account's id. */
  readonly actor: string;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** Whatever Keycloak's routing makes of a request. */
export function route({ realm, tokens, roles, actor }: Door, request: DirectoryRequest): Routed {
  const [first, second, name, ...rest] = request.path.split('/').slice(1).map(decoded);
  if (first === 'realms' && second === realm.name && name === undefined && request.method === 'GET')
    return show.realm({ realm: realm.name, public_key: '', 'tokens-not-before': 0 });
  if (isSignIn(request))
    return second === realm.name
      ? { write: false, commit: () => tokens.grant(request) }
      : refuse(404, 'Realm does not exist');
  if (first === 'realms') return refuse(404, second === realm.name ? 'HTTP 404 Not Found' : 'Realm does not exist');
  if (first !== 'admin' || second !== 'realms') return noSuchRoute;
  const held = tokens.admits(request);
  if (held === null) return { refused: UNAUTHORIZED };
  if (name !== realm.name) return refuse(404, 'Realm not found.');
  return admin({
    realm,
    request,
    parts: rest,
    json: jsonBody(request),
    // Keycloak judges a client by the roles in its token; one that is taken away is gone at once here.
    may: (...wanted) => ['realm-admin', ...wanted].some((role) => roles.has(role) && held.includes(role)),
    log: (operationType, resourceType) =>
      realm.logAdmin({ actor, ipAddress: '127.0.0.1', operationType, resourceType, resourcePath: rest.join('/') }),
  });
}

export function isSignIn(request: DirectoryRequest): boolean {
  return request.method === 'POST' && /^\/realms\/[^/]+\/protocol\/openid-connect\/token$/.test(request.path);
}

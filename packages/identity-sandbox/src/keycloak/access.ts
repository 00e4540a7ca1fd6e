import type { Routed } from '../http/server.js';
import { MANAGE, VIEW, withUser, type AdminCall } from './context.js';
import type { KeycloakSessionRecord, KeycloakUserRecord } from './model.js';
import { change, forbidden, refuse, show } from './reply.js';

const represent = (user: KeycloakUserRecord, session: KeycloakSessionRecord) => ({
  id: session.id,
  ipAddress: session.ipAddress,
  start: session.start,
  lastAccess: session.lastAccess,
  clients: session.clients,
  username: user.username,
  userId: user.id,
  rememberMe: false,
  transientUser: false,
});

export const listSessions = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, seen) =>
    show.sessions(seen.sessions.filter(({ offline }) => !offline).map((session) => represent(seen, session))),
  );

export const listOfflineSessions = (call: AdminCall, id: string, client: string): Routed =>
  withUser(call, id, VIEW, (_, seen) => {
    if (!call.realm.present().clients.some((one) => one.id === client)) return refuse(404, 'Client not found');
    const inClient = seen.sessions.filter(({ offline, clients }) => offline && client in clients);
    return show.sessions(inClient.map((session) => represent(seen, session)));
  });

/** Ends online sessions and makes older tokens stale; offline sessions stay listed. */
export const logout = (call: AdminCall, id: string): Routed =>
  withUser(call, id, MANAGE, (user) =>
    change(user.email, () => {
      user.notBefore = Math.floor(call.realm.now() / 1000);
      user.sessions = user.sessions.filter(({ offline }) => offline);
      call.log('ACTION', 'USER');
    }),
  );

export function deleteSession(call: AdminCall, id: string): Routed {
  if (!call.may(...MANAGE)) return forbidden;
  const offline = call.request.query.get('isOffline') === 'true';
  const is = (session: KeycloakSessionRecord): boolean => session.id === id && session.offline === offline;
  const user = call.realm.present().users.find(({ sessions }) => sessions.some(is));
  if (user === undefined) return refuse(404, 'Sesssion not found');
  return change(user.email, () => {
    user.sessions = user.sessions.filter((session) => !is(session));
    call.log('DELETE', 'USER_SESSION');
  });
}

const offlineClients = (user: KeycloakUserRecord): readonly string[] => [
  ...new Set(user.sessions.filter(({ offline }) => offline).flatMap(({ clients }) => Object.keys(clients))),
];

/** Consents, and clients that hold an offline token without one. */
export const listConsents = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, seen) => {
    const { clients } = call.realm.present();
    const uuidOf = (clientId: string): string => clients.find((one) => one.clientId === clientId)?.id ?? '';
    const offline = offlineClients(seen);
    const additional = (uuid: string) => (offline.includes(uuid) ? [{ client: uuid, key: 'Offline Token' }] : []);
    const consented = seen.consents.map((consent) => ({
      ...consent,
      additionalGrants: additional(uuidOf(consent.clientId)),
    }));
    const rest = clients.filter(
      (one) => offline.includes(one.id) && !seen.consents.some(({ clientId }) => clientId === one.clientId),
    );
    return show.consents([
      ...consented,
      ...rest.map(({ id: uuid, clientId }) => ({
        clientId,
        grantedClientScopes: [],
        createdDate: null,
        lastUpdatedDate: null,
        additionalGrants: additional(uuid),
      })),
    ]);
  });

export const deleteConsent = (call: AdminCall, id: string, clientId: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    const client = call.realm.clientNamed(clientId);
    if (client === undefined) return refuse(404, 'Client not found');
    const held = user.consents.some((consent) => consent.clientId === clientId);
    if (!held && !offlineClients(user).includes(client.id)) return refuse(404, 'Consent nor offline token not found');
    return change(user.email, () => {
      user.consents = user.consents.filter((consent) => consent.clientId !== clientId);
      user.sessions = user.sessions.filter(({ offline, clients }) => !(offline && client.id in clients));
      call.log('ACTION', 'USER');
    });
  });

export const listGroups = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, seen) => {
    const mine = call.realm.seen().groups.filter((group) => seen.groups.includes(group.id));
    return show.groups(mine.map(({ id: groupId, name, path }) => ({ id: groupId, name, path, subGroups: [] })));
  });

/** Joining twice and leaving a group one is not in answer 204 as well. */
export const setMembership = (call: AdminCall, id: string, groupId: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    if (!call.realm.present().groups.some((group) => group.id === groupId)) return refuse(404, 'Group not found');
    const joins = call.request.method === 'PUT';
    return change(user.email, () => {
      const inside = user.groups.includes(groupId);
      const others = user.groups.filter((group) => group !== groupId);
      user.groups = joins ? [...others, groupId] : others;
      if (inside !== joins) call.log(joins ? 'CREATE' : 'DELETE', 'GROUP_MEMBERSHIP');
    });
  });

export function groupByPath(call: AdminCall, path: string): Routed {
  if (!call.may(...VIEW)) return forbidden;
  const found = call.realm.present().groups.find((group) => group.path === path);
  if (found === undefined) return refuse(404, 'Group path does not exist');
  return show.group({
    id: found.id,
    name: found.name,
    path: found.path,
    subGroups: [],
    attributes: {},
    realmRoles: [],
  });
}

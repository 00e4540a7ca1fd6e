import { z } from 'zod';
import type { Routed } from '../http/server.js';
import { MANAGE, VIEW, withUser, type AdminCall } from './context.js';
import { ADMIN_CLIENT, ADMIN_ROLES, type KeycloakSnapshot } from './model.js';
import { change, forbidden, refuse, show } from './reply.js';

const named = z.array(z.object({ id: z.string(), name: z.string() }));

const clientRole = (data: KeycloakSnapshot, name: string, clientUuid: string) => ({
  id: data.adminRoleIds[name] ?? '',
  name,
  description: `\${role_${name}}`,
  composite: name === 'realm-admin',
  clientRole: true,
  containerId: clientUuid,
});

/** An administrator hands out and takes away only what he has himself; managing users reaches the users' roles. */
function mayMap(call: AdminCall, role: string): boolean {
  return call.may(role) || ((role === 'view-users' || role === 'query-users') && call.may(...MANAGE));
}

/** `users/{id}/role-mappings/clients/{uuid}`, and what is `composite` or `available` there. */
export const clientMappings = (
  call: AdminCall,
  id: string,
  uuid: string,
  which: 'direct' | 'composite' | 'available',
): Routed =>
  withUser(call, id, VIEW, (_, seen) => {
    const client = call.realm.present().clients.find((one) => one.id === uuid);
    if (client === undefined) return refuse(404, 'Client not found');
    if (client.clientId !== ADMIN_CLIENT) return show.roles([]);
    const available = ADMIN_ROLES.filter((name) => !seen.adminRoles.includes(name) && mayMap(call, name));
    const names = { direct: seen.adminRoles, composite: call.realm.effectiveAdminRoles(seen), available }[which];
    return show.roles(names.map((name) => clientRole(call.realm.present(), name, uuid)));
  });

export const changeClientMappings = (call: AdminCall, id: string, uuid: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    const data = call.realm.present();
    if (data.clients.find((one) => one.id === uuid)?.clientId !== ADMIN_CLIENT) return refuse(404, 'Client not found');
    const roles = named.safeParse(call.json);
    if (!roles.success) return refuse(400, 'unknown_error');
    if (roles.data.some((role) => data.adminRoleIds[role.name] !== role.id)) return refuse(404, 'Role not found');
    if (!roles.data.every(({ name }) => mayMap(call, name))) return forbidden;
    const names = roles.data.map(({ name }) => name);
    const adds = call.request.method === 'POST';
    return change(user.email, () => {
      const others = user.adminRoles.filter((name) => !names.includes(name));
      user.adminRoles = adds ? [...others, ...names] : others;
      call.log(adds ? 'CREATE' : 'DELETE', 'CLIENT_ROLE_MAPPING');
    });
  });

const realmRole = (call: AdminCall, { id, name, adminRoles }: KeycloakSnapshot['realmRoles'][number]) => ({
  id,
  name,
  composite: adminRoles.length > 0 || name === 'default-roles',
  clientRole: false,
  containerId: call.realm.name,
});

/** Roles of the realm that are mapped to the account itself; without the right to view them the list is empty. */
export const realmMappings = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, seen) => {
    if (!call.may('view-realm', 'manage-realm')) return show.roles([]);
    const mine = call.realm.seen().realmRoles.filter(({ name }) => seen.realmRoles.includes(name));
    return show.roles(mine.map((role) => realmRole(call, role)));
  });

export const availableRealmRoles = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, seen) => {
    const rest = call.realm.seen().realmRoles.filter(({ name }) => !seen.realmRoles.includes(name));
    const mappable = rest.filter(({ adminRoles }) => adminRoles.every((name) => mayMap(call, name)));
    return show.roles(mappable.map((role) => realmRole(call, role)));
  });

export const changeRealmMappings = (call: AdminCall, id: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    const data = call.realm.present();
    const roles = named.safeParse(call.json);
    if (!roles.success) return refuse(400, 'unknown_error');
    const found = roles.data.map((role) => data.realmRoles.find((one) => one.id === role.id && one.name === role.name));
    if (found.includes(undefined)) return refuse(404, 'Role not found');
    if (!found.every((role) => role?.adminRoles.every((name) => mayMap(call, name)))) return forbidden;
    const names = roles.data.map(({ name }) => name);
    const adds = call.request.method === 'POST';
    return change(user.email, () => {
      const others = user.realmRoles.filter((name) => !names.includes(name));
      user.realmRoles = adds ? [...others, ...names] : others;
      call.log(adds ? 'CREATE' : 'DELETE', 'REALM_ROLE_MAPPING');
    });
  });

/** `roles-by-id/{id}/composites/clients/{uuid}` */
export function composites(call: AdminCall, roleId: string, uuid: string): Routed {
  if (!call.may('view-realm', 'manage-realm')) return forbidden;
  const data = call.realm.present();
  const role = data.realmRoles.find((one) => one.id === roleId);
  if (role === undefined) return refuse(404, 'Could not find role with id');
  return show.roles(role.adminRoles.map((name) => clientRole(data, name, uuid)));
}

/** `clients?clientId=`; a list for everybody who may query, but what may not be viewed is left out. */
export function listClients(call: AdminCall): Routed {
  if (!call.may('view-clients', 'manage-clients', 'query-clients')) return forbidden;
  if (!call.may('view-clients', 'manage-clients')) return show.clients([]);
  const wanted = call.request.query.get('clientId');
  const found = call.realm.present().clients.filter(({ clientId }) => wanted === null || clientId === wanted);
  return show.clients(
    found.map((client) => ({ ...client, enabled: true, publicClient: false, protocol: 'openid-connect' })),
  );
}

import { answer, userOf, withUser, type Handler } from './context.js';
import { deleteEnrollment, listEnrollments, resetFactors } from './enrollments.js';
import { getLink, link, listProvidersOf, unlink } from './identity-providers.js';
import * as items from './items.js';
import { clearSessions, lifecycle, LIFECYCLE_VERBS } from './lifecycle.js';
import * as org from './org.js';
import type { Shown } from './wire.js';
import { getMe, getUser, listUsers, updateUser } from './users.js';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: RegExp;
  readonly scope: string;
  /** Standard administrator roles that may; left out: any administrator. */
  readonly roles?: readonly string[];
  readonly feature?: 'authenticator_enrollments' | 'devices' | 'identity_threat_protection';
  readonly handle: Handler;
}

const SUPER = ['SUPER_ADMIN'];
const ORG = ['ORG_ADMIN', ...SUPER];
const USERS = ['USER_ADMIN', ...ORG];
const HELP_DESK = ['HELP_DESK_ADMIN', ...USERS];
const MEMBERS = ['GROUP_MEMBERSHIP_ADMIN', ...USERS];

const ID = '([^/]+)';
const at = (path: string): RegExp => new RegExp(`^${path.replaceAll(':id', ID)}$`);
const user = (rest = ''): RegExp => at(`/api/v1/users/:id${rest}`);

const READ_USERS = 'okta.users.read';
const MANAGE_USERS = 'okta.users.manage';

/** Every path that this org answers. `licensed` asks for a feature at the time of the call. */
export const routes = (licensed: (feature: string) => boolean, appRoles: () => readonly Shown[]): readonly Route[] => [
  { method: 'GET', path: at('/api/v1/users'), scope: READ_USERS, handle: listUsers },
  { method: 'GET', path: at('/api/v1/users/me'), scope: READ_USERS, handle: getMe },
  { method: 'GET', path: user(), scope: READ_USERS, handle: getUser },
  { method: 'POST', path: user(), scope: MANAGE_USERS, roles: USERS, handle: updateUser },
  { method: 'GET', path: user('/groups'), scope: READ_USERS, handle: org.listGroupsOf(userOf) },
  { method: 'DELETE', path: user('/sessions'), scope: MANAGE_USERS, roles: HELP_DESK, handle: clearSessions },
  {
    method: 'POST',
    path: user('/lifecycle/reset_factors'),
    scope: MANAGE_USERS,
    roles: HELP_DESK,
    handle: resetFactors,
  },
  {
    method: 'GET',
    path: user('/authenticator-enrollments'),
    scope: READ_USERS,
    feature: 'authenticator_enrollments',
    handle: listEnrollments,
  },
  {
    method: 'DELETE',
    path: user('/authenticator-enrollments/:id'),
    scope: MANAGE_USERS,
    roles: HELP_DESK,
    feature: 'authenticator_enrollments',
    handle: deleteEnrollment,
  },
  {
    method: 'POST',
    path: user(`/lifecycle/(${LIFECYCLE_VERBS})`),
    scope: MANAGE_USERS,
    roles: USERS,
    handle: lifecycle,
  },
  { method: 'GET', path: user('/factors'), scope: READ_USERS, handle: items.listFactors },
  { method: 'DELETE', path: user('/factors/:id'), scope: MANAGE_USERS, roles: HELP_DESK, handle: items.deleteFactor },
  { method: 'GET', path: user('/idps'), scope: 'okta.idps.read', handle: listProvidersOf },
  { method: 'GET', path: at('/api/v1/idps/:id/users/:id'), scope: 'okta.idps.read', handle: getLink },
  { method: 'POST', path: at('/api/v1/idps/:id/users/:id'), scope: MANAGE_USERS, roles: ORG, handle: link },
  { method: 'DELETE', path: at('/api/v1/idps/:id/users/:id'), scope: 'okta.idps.manage', roles: ORG, handle: unlink },
  { method: 'GET', path: user('/grants'), scope: READ_USERS, handle: items.listGrants },
  { method: 'DELETE', path: user('/grants/:id'), scope: MANAGE_USERS, roles: ORG, handle: items.deleteGrant },
  { method: 'GET', path: user('/clients'), scope: READ_USERS, handle: items.listClients },
  { method: 'GET', path: user('/clients/:id/tokens'), scope: READ_USERS, handle: items.listTokens },
  { method: 'DELETE', path: user('/clients/:id/tokens'), scope: MANAGE_USERS, roles: ORG, handle: items.deleteTokens },
  { method: 'GET', path: user('/roles'), scope: 'okta.roles.read', handle: items.listRoles },
  { method: 'POST', path: user('/roles'), scope: 'okta.roles.manage', roles: SUPER, handle: items.assignRole },
  { method: 'DELETE', path: user('/roles/:id'), scope: 'okta.roles.manage', roles: SUPER, handle: items.unassignRole },
  { method: 'GET', path: user('/roles/:id/targets/groups'), scope: 'okta.roles.read', handle: items.listGroupTargets },
  {
    method: 'PUT',
    path: user('/roles/:id/targets/groups/:id'),
    scope: 'okta.roles.manage',
    roles: SUPER,
    handle: items.addGroupTarget,
  },
  {
    method: 'GET',
    path: user('/roles/:id/targets/catalog/apps'),
    scope: 'okta.roles.read',
    handle: items.listAppTargets,
  },
  {
    method: 'PUT',
    path: user('/roles/:id/targets/catalog/apps/([^/]+)(?:/([^/]+))?'),
    scope: 'okta.roles.manage',
    roles: SUPER,
    handle: items.addAppTarget,
  },
  {
    method: 'GET',
    path: user('/risk'),
    scope: 'okta.userRisk.read',
    handle: withUser((_context, person) => org.getRisk(person, licensed('identity_threat_protection'))),
  },
  {
    method: 'PUT',
    path: user('/risk'),
    scope: 'okta.userRisk.manage',
    roles: ORG,
    handle: withUser((context, person) => org.putRisk(context, person, licensed('identity_threat_protection'))),
  },
  {
    method: 'GET',
    path: user('/devices'),
    scope: 'okta.devices.read',
    feature: 'devices',
    handle: items.listUserDevices,
  },
  {
    method: 'GET',
    path: at('/api/v1/devices'),
    scope: 'okta.devices.read',
    feature: 'devices',
    handle: org.listDevices,
  },
  {
    method: 'POST',
    path: at('/api/v1/devices/:id/lifecycle/(suspend|unsuspend)'),
    scope: 'okta.devices.manage',
    roles: ORG,
    feature: 'devices',
    handle: org.deviceLifecycle,
  },
  { method: 'GET', path: at('/api/v1/groups'), scope: 'okta.groups.read', handle: org.listGroups },
  {
    method: 'PUT',
    path: at('/api/v1/groups/:id/users/:id'),
    scope: 'okta.groups.manage',
    roles: MEMBERS,
    handle: org.addMember,
  },
  {
    method: 'DELETE',
    path: at('/api/v1/groups/:id/users/:id'),
    scope: 'okta.groups.manage',
    roles: MEMBERS,
    handle: org.removeMember,
  },
  { method: 'GET', path: at('/api/v1/policies'), scope: 'okta.policies.read', handle: org.listPolicies },
  { method: 'GET', path: at('/api/v1/policies/:id/rules'), scope: 'okta.policies.read', handle: org.listPolicyRules },
  { method: 'GET', path: at('/api/v1/zones'), scope: 'okta.networkZones.read', handle: org.listZones },
  {
    method: 'PUT',
    path: at('/api/v1/zones/:id'),
    scope: 'okta.networkZones.manage',
    roles: ORG,
    handle: org.replaceZone,
  },
  {
    method: 'GET',
    path: at('/api/v1/api-tokens'),
    scope: 'okta.apiTokens.read',
    roles: SUPER,
    handle: org.listApiTokens,
  },
  {
    method: 'DELETE',
    path: at('/api/v1/api-tokens/:id'),
    scope: 'okta.apiTokens.manage',
    roles: SUPER,
    handle: org.deleteApiToken,
  },
  { method: 'GET', path: at('/api/v1/logs'), scope: 'okta.logs.read', handle: org.listLog },
  {
    method: 'GET',
    path: at('/oauth2/v1/clients/:id/roles'),
    scope: 'okta.roles.read',
    handle: () => answer(appRoles()),
  },
];

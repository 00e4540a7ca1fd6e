import type { Routed } from '../http/server.js';
import { answer, change, empty, paged, refuse, withUser, type Context, type Handler } from './context.js';
import { withoutFactors } from './enrollments.js';
import { forbidden, invalid, notFound, oktaError } from './errors.js';
import { STANDARD_ROLES, type RoleRecord, type UserRecord } from './model.js';
import { newRole } from './seed.js';
import { partyOf } from './state.js';
import {
  appTargetJson,
  clientJson,
  consentJson,
  factorJson,
  groupTargetJson,
  refreshTokenJson,
  roleJson,
  userDeviceJson,
} from './wire.js';

export const listFactors = withUser((_context, user) => answer(user.factors.map(factorJson)));

export const deleteFactor = withUser((context, user) => {
  const factor = user.factors.find(({ id }) => id === context.params[1]);
  if (factor === undefined) return refuse(notFound(context.params[1] ?? '', 'UserFactor'));
  if (!context.reaches(user)) return refuse(forbidden());
  return change(user, () => {
    user.factors = withoutFactors(user, ({ id }) => id === factor.id);
    context.state.writeLog('user.mfa.factor.deactivate', [partyOf(user)], context.origin);
    return empty();
  });
});

export const listGrants = withUser((context, user) =>
  paged(
    context,
    user.consents.map((consent) => consentJson(consent, user.id, context.base)),
  ),
);

export const deleteGrant = withUser((context, user) => {
  const consent = user.consents.find(({ id }) => id === context.params[1]);
  if (consent === undefined) return refuse(notFound(context.params[1] ?? '', 'OAuth2ScopeConsentGrant'));
  return change(user, () => {
    user.consents = user.consents.filter(({ id }) => id !== consent.id);
    context.state.writeLog('app.oauth2.as.consent.revoke', [partyOf(user)], context.origin);
    return empty();
  });
});

export const listClients = withUser((context, user) => {
  const clients = new Map(user.refreshTokens.map((token) => [token.clientId, token.clientName]));
  return paged(
    context,
    [...clients].map(([id, name]) => clientJson(id, name)),
  );
});

export const listTokens = withUser((context, user) => {
  const tokens = user.refreshTokens.filter(({ clientId }) => clientId === context.params[1]);
  return paged(
    context,
    tokens.map((token) => refreshTokenJson(token, user.id, context.base)),
  );
});

export const deleteTokens = withUser((context, user) =>
  change(user, () => {
    user.refreshTokens = user.refreshTokens.filter(({ clientId }) => clientId !== context.params[1]);
    context.state.changed();
    return empty();
  }),
);

export const listRoles = withUser((_context, user) => answer(user.roles.map(roleJson)));

const textAt = (context: Context, key: string): string | undefined => {
  const value = context.json[key];
  return typeof value === 'string' ? value : undefined;
};

export const assignRole = withUser((context, user) => {
  const asked = textAt(context, 'type');
  const role = textAt(context, 'role');
  const resourceSet = textAt(context, 'resource-set');
  const custom = asked === 'CUSTOM' && role !== undefined && resourceSet !== undefined;
  const type = custom ? 'CUSTOM' : STANDARD_ROLES.find((known) => known === asked);
  if (type === undefined) return refuse(invalid('type', 'type: Invalid role type'));
  const same = (held: RoleRecord): boolean =>
    held.type === type && held.role === role && held.assignmentType === 'USER';
  if (user.roles.some(same)) {
    return refuse(oktaError(409, 'E0000090', 'The role specified is already assigned to the user.'));
  }
  return change(user, () => {
    const given = newRole(type, context.state.now(), custom ? { role, resourceSet } : {});
    user.roles.push(given);
    context.state.writeLog('user.account.privilege.grant', [partyOf(user)], context.origin);
    return { status: 201, body: roleJson(given) };
  });
});

export const unassignRole = withUser((context, user) => {
  const role = user.roles.find(({ id }) => id === context.params[1]);
  if (role === undefined) return refuse(notFound(context.params[1] ?? '', 'RoleAssignment'));
  if (role.assignmentType === 'GROUP') return refuse(forbidden());
  return change(user, () => {
    user.roles = user.roles.filter(({ id }) => id !== role.id);
    context.state.writeLog('user.account.privilege.revoke', [partyOf(user)], context.origin);
    return empty();
  });
});

const withRole = (handle: (context: Context, user: UserRecord, role: RoleRecord) => Routed): Handler =>
  withUser((context, user) => {
    const role = user.roles.find(({ id }) => id === context.params[1]);
    return role === undefined
      ? refuse(notFound(context.params[1] ?? '', 'RoleAssignment'))
      : handle(context, user, role);
  });

export const listGroupTargets = withRole((context, _user, role) =>
  paged(context, role.groupTargets.map(groupTargetJson)),
);

export const addGroupTarget = withRole((context, user, role) => {
  const group = context.state.groups.find(({ id }) => id === context.params[2]);
  if (group === undefined) return refuse(notFound(context.params[2] ?? '', 'UserGroup'));
  return change(user, () => {
    if (!role.groupTargets.includes(group.id)) role.groupTargets.push(group.id);
    context.state.changed();
    return empty();
  });
});

export const listAppTargets = withRole((context, _user, role) => paged(context, role.appTargets.map(appTargetJson)));

export const addAppTarget = withRole((context, user, role) =>
  change(user, () => {
    const [, , name = '', id] = context.params;
    const target = id === undefined || id === '' ? name : `${name}/${id}`;
    if (!role.appTargets.includes(target)) role.appTargets.push(target);
    context.state.changed();
    return empty();
  }),
);

export const listUserDevices = withUser(({ state }, user) =>
  answer(state.devices.filter(({ userId }) => userId === user.id).map(userDeviceJson)),
);

import type { OktaDirectory } from 'identity-sandbox/okta';
import { memberships, NOTHING, things, type PreparedNames, type Truth } from './truth.js';

/** Whoever has one of these statuses signs in, if with a new password. */
const USABLE = new Set(['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'LOCKED_OUT', 'PROVISIONED']);

export function readOkta(directory: OktaDirectory, email: string, prepared: PreparedNames): Truth {
  const { users, groups, zones, devices, apiTokens } = directory.snapshot();
  const user = users.find(({ profile }) => profile['login'] === email);
  if (user === undefined) throw new Error(`Okta has nobody called ${email}`);
  const secondEmail = user.profile['secondEmail'];
  const own = apiTokens.filter(({ userId }) => userId === user.id);
  const clients = [...new Set(user.refreshTokens.map(({ clientId }) => clientId))];
  return {
    ...NOTHING,
    ...memberships(
      (name) =>
        groups.some((group) => group.name === name && group.type === 'OKTA_GROUP' && group.members.includes(user.id)),
      prepared,
    ),
    canSignIn: USABLE.has(user.status),
    locked: user.status === 'LOCKED_OUT',
    mustChange: user.status === 'SUSPENDED' ? null : user.status === 'PASSWORD_EXPIRED' || user.status === 'RECOVERY',
    passwordMark: user.passwordHash,
    opens: (password) => directory.checkPassword(email, password),
    sessions: Array.from({ length: user.sessions }, (_none, index) => `session ${index + 1}`),
    tokens: { 'refresh token': user.refreshTokens.length, 'API token': own.length },
    // Okta enrols the e-mail factor of the own address again by itself, and every line about all factors says so.
    factors: new Map([
      ...things(
        user.factors.filter(({ profile }) => profile['email'] === undefined),
        ({ id, factorType }) => ({ id, said: factorType }),
      ),
      ...things(user.accessCodes ?? [], ({ id }) => ({ id: `access_code/${id}` })),
    ]),
    identity_providers: things(user.links ?? [], ({ providerId, externalId, created }) => ({
      id: providerId,
      said: `${providerId} ${externalId}`,
      since: created,
    })),
    grants: new Map([
      ...things(user.consents, ({ id }) => ({ id: `consent/${id}` })),
      ...things(clients, (id) => ({ id: `client/${id}` })),
      ...things(own, ({ id }) => ({ id: `api_token/${id}` })),
    ]),
    devices: things(
      devices.filter(({ userId }) => userId === user.id),
      ({ id, status }) => ({ id, on: status === 'ACTIVE' }),
    ),
    contacts: typeof secondEmail === 'string' && secondEmail !== '' ? [secondEmail] : [],
    ownRoles: user.roles.filter(({ assignmentType }) => assignmentType === 'USER').map(({ type }) => type),
    groupRoles: user.roles.filter(({ assignmentType }) => assignmentType === 'GROUP').map(({ type }) => type),
    blocked: zones
      .filter(({ usage, status }) => usage === 'BLOCKLIST' && status === 'ACTIVE')
      .flatMap(({ gateways }) => gateways.map(({ value }) => value)),
    compromised: user.risk === 'HIGH',
  };
}

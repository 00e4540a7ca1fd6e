import { randomBytes, randomUUID } from 'node:crypto';
import { hashPassword, passwordMatches } from '../passwords.js';
import type { KeycloakEventRecord, KeycloakSnapshot, KeycloakUserRecord } from './model.js';
import type { Realm } from './realm.js';

/** A user as a page shows it. */
export interface KeycloakUserView {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly mustChange: boolean;
  readonly requiredActions: readonly string[];
  readonly factors: readonly string[];
  readonly groups: readonly string[];
  readonly adminRoles: readonly string[];
  readonly sessions: number;
  readonly offlineSessions: number;
  readonly grants: readonly string[];
  readonly passwordChangedAt: string | null;
}

export interface KeycloakDirectoryView {
  readonly users: readonly KeycloakUserView[];
  readonly groups: readonly { readonly path: string; readonly members: readonly string[] }[];
}

function viewOf(user: KeycloakUserRecord, data: KeycloakSnapshot, realm: Realm): KeycloakUserView {
  const { id, email, username, enabled, requiredActions, credentials, sessions, consents, password } = user;
  return {
    id,
    email,
    username,
    name: `${user.firstName} ${user.lastName}`.trim(),
    enabled,
    mustChange: requiredActions.includes('UPDATE_PASSWORD'),
    requiredActions: [...requiredActions],
    factors: credentials.map(({ type, userLabel }) => `${type}: ${userLabel}`),
    groups: data.groups.filter((group) => user.groups.includes(group.id)).map(({ path }) => path),
    adminRoles: realm.effectiveAdminRoles(user, data),
    sessions: sessions.filter(({ offline }) => !offline).length,
    offlineSessions: sessions.filter(({ offline }) => offline).length,
    grants: consents.map(({ clientId }) => clientId),
    passwordChangedAt: password === null ? null : new Date(password.createdDate).toISOString(),
  };
}

function addSession(realm: Realm, user: KeycloakUserRecord, ip: string, offline: boolean): void {
  const client = realm.clientNamed(offline ? 'mail-client' : 'wiki') ?? realm.clientNamed('account-console');
  if (client === undefined) return;
  const start = Math.floor(realm.now() / 1000) * 1000;
  user.sessions.push({
    id: randomUUID(),
    ipAddress: ip,
    start,
    lastAccess: start,
    clients: { [client.id]: client.clientId },
    offline,
  });
}

function event(
  user: KeycloakUserRecord,
  type: KeycloakEventRecord['type'],
  ip: string,
  details: Record<string, string> = {},
) {
  const { id: userId, username } = user;
  return { type, clientId: 'wiki', userId, ipAddress: ip, error: null, details: { username, ...details } };
}

/** What an attacker leaves: sessions, one of them offline, a second factor, consents to clients, and their log rows. */
function intrude(realm: Realm, user: KeycloakUserRecord, ip: string): void {
  realm.log({ ...event(user, 'LOGIN_ERROR', ip), error: 'invalid_user_credentials' });
  realm.log(event(user, 'LOGIN', ip, { auth_method: 'openid-connect', auth_type: 'code' }));
  addSession(realm, user, ip, false);
  addSession(realm, user, ip, true);
  const at = realm.now();
  user.credentials.push({ id: randomUUID(), type: 'otp', userLabel: 'New phone', createdDate: at });
  realm.log(event(user, 'UPDATE_TOTP', ip));
  for (const clientId of ['wiki', 'mail-client']) {
    if (realm.clientNamed(clientId) === undefined || user.consents.some((one) => one.clientId === clientId)) continue;
    const grantedClientScopes = ['email', 'profile', 'offline_access'];
    user.consents.push({ clientId, grantedClientScopes, createdDate: at, lastUpdatedDate: at });
    realm.log({ ...event(user, 'GRANT_CONSENT', ip), clientId });
  }
}

export interface KeycloakOutside {
  state(): KeycloakDirectoryView;
  user(email: string): KeycloakUserView | null;
  checkPassword(email: string, password: string): boolean;
  /**
   * Somebody else sets the person's password. As the person himself (`actor` is his address) the user's log tells it,
   * else the admin's log. Without `password` nobody knows the new one. Throws when there is no such user.
   */
  resetByAttacker(email: string, actor: string, ip: string, password?: string): void;
  intrude(email: string, from: { readonly ip: string; readonly country?: string }): void;
  /** A sign-in of the person's own. */
  signIn(email: string, ip: string): void;
  /** Adds a second factor, or recovery codes with the type `recovery-authn-codes`. */
  addFactor(email: string, type: string, label: string): void;
  /** Links an account at an identity provider (Keycloak lists them in no order), with the row of the user's log that tells of it. */
  link(email: string, alias: string, userName: string): void;
  grantAdminRole(email: string, role: string): void;
  /** Enters a wrong password until brute-force protection holds the account for `ms`. */
  lock(email: string, ms: number): void;
  /** Brute-force detection locks the account, until time or an administrator lifts it, with the row that tells of it. */
  lockOut(email: string, how: 'temporary' | 'permanent', ip: string): void;
  onChange(listener: () => void): () => void;
  snapshot(): KeycloakSnapshot;
  setLag(ms: number): void;
}

/** What a page or a test does to the realm from outside the API. */
export function outsideOf(realm: Realm): KeycloakOutside {
  const view = (user: KeycloakUserRecord): KeycloakUserView => viewOf(user, realm.present(), realm);
  const on = (email: string, effect: (user: KeycloakUserRecord) => void): void => {
    effect(realm.named(email));
    realm.changed();
  };
  return {
    state: () => ({
      users: realm
        .present()
        .users.filter(({ serviceAccountClientId }) => serviceAccountClientId === null)
        .map(view),
      groups: realm.present().groups.map(({ id, path }) => ({
        path,
        members: realm.present().users.flatMap(({ groups, email }) => (groups.includes(id) ? [email] : [])),
      })),
    }),
    user(email) {
      const found = realm.present().users.find((user) => user.email === email.toLowerCase());
      return found === undefined ? null : view(found);
    },
    checkPassword(email, password) {
      const found = realm.present().users.find((user) => user.email === email.toLowerCase());
      return found?.password != null && passwordMatches(password, found.password);
    },
    resetByAttacker: (email, actor, ip, password = randomBytes(24).toString('base64url')) =>
      on(email, (user) => {
        user.password = { ...hashPassword(password), createdDate: realm.now() };
        user.requiredActions = user.requiredActions.filter((action) => action !== 'UPDATE_PASSWORD');
        const by = realm.present().users.find((one) => [one.email, one.username].includes(actor.toLowerCase()));
        const resourcePath = `users/${user.id}/reset-password`;
        const row = { ipAddress: ip, operationType: 'ACTION', resourceType: 'USER', resourcePath };
        if (by?.id === user.id) realm.log(event(user, 'UPDATE_PASSWORD', ip));
        else realm.logAdmin({ ...row, actor: by?.id ?? actor });
      }),
    intrude: (email, { ip }) => on(email, (user) => intrude(realm, user, ip)),
    lockOut: (email, how, ip) =>
      on(email, (user) => {
        const type = how === 'permanent' ? 'USER_DISABLED_BY_PERMANENT_LOCKOUT' : 'USER_DISABLED_BY_TEMPORARY_LOCKOUT';
        realm.log(event(user, type, ip, { reason: 'brute_force_attack detected' }));
      }),
    signIn: (email, ip) =>
      on(email, (user) => {
        realm.log(event(user, 'LOGIN', ip, { auth_method: 'openid-connect' }));
        addSession(realm, user, ip, false);
      }),
    addFactor: (email, type, userLabel) =>
      on(email, (user) => void user.credentials.push({ id: randomUUID(), type, userLabel, createdDate: realm.now() })),
    link: (email, alias, userName) =>
      on(email, (user) => {
        const others = user.identities.filter(({ identityProvider }) => identityProvider !== alias);
        user.identities = [{ identityProvider: alias, userId: randomUUID(), userName }, ...others];
        const details = { identity_provider: alias, identity_provider_identity: userName };
        realm.log(event(user, 'FEDERATED_IDENTITY_LINK', '198.51.100.66', details));
      }),
    grantAdminRole: (email, role) =>
      on(email, (user) => void (user.adminRoles = [...new Set([...user.adminRoles, role])])),
    lock: (email, ms) =>
      on(email, (user) => void Object.assign(user, { lockedUntil: realm.now() + ms, numFailures: 30 })),
    onChange: (listener) => realm.onChange(listener),
    snapshot: () => structuredClone(realm.present()),
    setLag: (ms) => realm.setLag(ms),
  };
}

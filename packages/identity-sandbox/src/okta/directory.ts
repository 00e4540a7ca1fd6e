import { startHttpDirectory, type HttpDirectory } from '../http/server.js';
import { passwordMatches } from '../passwords.js';
import { intrude, linkProvider, promote, type Intrusion } from './attack.js';
import { createProofCheck } from './dpop.js';
import { emailFactor } from './enrollments.js';
import { oktaError, invalidToken, tooMany } from './errors.js';
import { createGateway, type Rights } from './gateway.js';
import type { OktaSnapshot, ProviderRecord, StandardRole, UserRecord, UserStatus } from './model.js';
import { createTokenServer, type ServiceApp } from './oauth.js';
import { rejectPush, type Rejection, reportSuspicious, type Suspicion } from './report.js';
import { SCOPES } from './scopes.js';
import { newRole, oktaId } from './seed.js';
import type { OktaGroupSeed, OktaPolicySeed, OktaUserSeed, OktaZoneSeed } from './seed.js';
import { OktaState, partyOf } from './state.js';

export type { OktaSnapshot } from './model.js';
export type { OktaGroupSeed, OktaPolicySeed, OktaUserSeed, OktaZoneSeed } from './seed.js';

export interface OktaDirectoryOptions {
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** A service app that may sign in with `private_key_jwt`. */
  readonly app?: ServiceApp;
  /** An API token and the login of the administrator who made it; that person must be among the users. */
  readonly apiToken?: { readonly value: string; readonly ownerEmail: string };
  readonly users: readonly OktaUserSeed[];
  readonly groups?: readonly OktaGroupSeed[];
  readonly zones?: readonly OktaZoneSeed[];
  /** Global session policies, those asked first in front; Okta's own, which lets everybody in, comes last. */
  readonly policies?: readonly OktaPolicySeed[];
  /** Instead of `users` and `groups`: what an earlier directory had. */
  readonly restore?: OktaSnapshot;
}

/** One person, for a page. */
export interface OktaUserView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly status: UserStatus;
  readonly enabled: boolean;
  readonly mustChange: boolean;
  readonly passwordChangedAt: string | null;
  readonly factors: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly sessions: number;
  readonly grants: readonly string[];
  readonly devices: readonly string[];
  /** Names of the identity providers that sign in to the account. */
  readonly identityProviders: readonly string[];
  /** Okta has no mailbox. */
  readonly rules: readonly string[];
  readonly secondEmail: string | null;
  readonly risk: string;
  readonly authority: string;
}

export interface OktaStateView {
  readonly users: readonly OktaUserView[];
  readonly blockedAddresses: readonly string[];
}

export interface OktaDirectory extends HttpDirectory {
  state(): OktaStateView;
  user(email: string): OktaUserView | null;
  checkPassword(email: string, password: string): boolean;
  /** Somebody else sets the password, with the row that tells of it. */
  resetByAttacker(email: string, actor: string, ip: string, password?: string): void;
  /** An ordinary sign-in of the person's own. */
  signIn(email: string, from: Intrusion & { readonly userAgent: string }): void;
  intrude(email: string, from: Intrusion): void;
  /** Somebody with an administrator's rights makes a temporary access code. */
  addAccessCode(email: string): void;
  /** Okta enrols the e-mail factor of the person's own address. */
  enrolEmail(email: string): void;
  /** An account at another identity provider, which is made when it is not there, is linked to this one. */
  link(email: string, provider: Pick<ProviderRecord, 'name' | 'type'> & { readonly keepsNameId?: boolean }): void;
  /** Okta no longer shows whom the account is linked to, only that it is. */
  forgetLinks(email: string): void;
  /** The person presses "Report suspicious activity" in a mail of Okta's. */
  reportSuspicious(email: string, suspicion: Suspicion): void;
  /** The person rejects a sign-in request on the phone. */
  rejectPush(email: string, from: Intrusion, how?: Rejection): void;
  /** The account becomes an administrator, with an API token of its own. */
  promote(email: string, role: StandardRole): void;
  setStatus(email: string, status: UserStatus): void;
  /** Switches a global session policy on or off, by its name. */
  setPolicy(name: string, status: 'ACTIVE' | 'INACTIVE'): void;
  /** Limits a role that the account holds to groups, by their names. */
  limitRole(email: string, role: string, groups: readonly string[]): void;
  /** Takes a scope away, or gives it back. */
  permit(permission: string, granted: boolean): void;
  /** `devices` or `authenticator_enrollments` (Identity Engine), or `identity_threat_protection`. */
  license(feature: string, granted: boolean): void;
  /** The administrator role of whoever calls: of the service app, and of the token's owner. */
  setAdminRole(role: StandardRole): void;
  /** How long the search index and the log come late, ms; what is read by id is seen at once. */
  setLag(ms: number): void;
  expireTokens(): void;
  snapshot(): OktaSnapshot;
  onChange(listener: () => void): () => void;
}

const known = (state: OktaState, email: string): UserRecord => {
  const user = state.byLogin(email);
  if (user === undefined) throw new Error(`The directory has no user ${email}; seed one.`);
  return user;
};

function viewOf(state: OktaState, user: UserRecord): OktaUserView {
  const { profile, status } = user;
  return {
    id: user.id,
    email: profile['login'] ?? '',
    name: `${profile['firstName'] ?? ''} ${profile['lastName'] ?? ''}`,
    status,
    enabled: status !== 'SUSPENDED' && status !== 'DEPROVISIONED' && status !== 'STAGED',
    mustChange: status === 'PASSWORD_EXPIRED' || status === 'RECOVERY',
    passwordChangedAt: user.passwordChanged,
    factors: user.factors.map(({ factorType, profile: about }) =>
      `${factorType} ${about['phoneNumber'] ?? about['name'] ?? ''}`.trim(),
    ),
    groups: state.groups
      .filter(({ members, type }) => type !== 'BUILT_IN' && members.includes(user.id))
      .map(({ name }) => name),
    roles: user.roles.map(({ type }) => type),
    sessions: user.sessions,
    grants: [
      ...user.consents.map(({ scopeId, clientId }) => `${scopeId} to ${clientId}`),
      ...user.refreshTokens.map(({ clientName }) => `refresh token of ${clientName}`),
      ...state.apiTokens.filter(({ userId }) => userId === user.id).map(({ name }) => `API token ${name}`),
    ],
    devices: state.devices
      .filter(({ userId }) => userId === user.id)
      .map(({ displayName, status: of }) => `${displayName} ${of}`),
    identityProviders: (user.links ?? []).map(
      ({ providerId }) => state.providers.find(({ id }) => id === providerId)?.name ?? providerId,
    ),
    rules: [],
    secondEmail: profile['secondEmail'] ?? null,
    risk: user.risk,
    authority: user.provider.type,
  };
}

function resetByAttacker(
  state: OktaState,
  email: string,
  { actor, ip, password }: { actor: string; ip: string; password: string },
): void {
  const user = known(state, email);
  state.setPassword(user, password);
  if (user.status === 'PASSWORD_EXPIRED' || user.status === 'RECOVERY') state.setStatus(user, 'ACTIVE');
  const by = { id: `00u${actor}`, type: 'User', alternateId: actor, displayName: actor };
  state.writeLog('user.account.reset_password', [partyOf(user)], { actor: by, ip, country: 'Brazil' });
}

function setAdminRole(state: OktaState, rights: Rights, ownerEmail: string | null, role: StandardRole): void {
  rights.appRole = role;
  const owner = ownerEmail === null ? undefined : state.byLogin(ownerEmail);
  if (owner !== undefined) owner.roles = [newRole(role, state.now())];
  state.changed();
}

/** An Okta org on loopback: real paths, shapes, states, errors and rate headers. What it does not speak is 404. */
export async function createOktaDirectory(options: OktaDirectoryOptions): Promise<OktaDirectory> {
  const { clock } = options;
  const state = new OktaState(clock, options);
  if (options.restore !== undefined) state.restore(options.restore);
  const rights: Rights = { withheld: new Set(), unlicensed: new Set(), appRole: 'SUPER_ADMIN' };
  const app = options.app ?? null;
  const apiToken = options.apiToken ?? null;
  const granted = (): readonly string[] => SCOPES.filter((scope) => !rights.withheld.has(scope));
  const proofs = createProofCheck(clock);
  const tokens = createTokenServer(clock, app, granted, proofs);
  let base = '';
  const http = await startHttpDirectory({
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    errors: {
      throttled: (waitMs) => tooMany(clock(), waitMs),
      internal: () => oktaError(500, 'E0000009', 'Internal Server Error'),
      unauthorized: invalidToken,
    },
    headers: () => ({
      'X-Rate-Limit-Limit': '600',
      'X-Rate-Limit-Remaining': '599',
      'X-Rate-Limit-Reset': String(Math.ceil(clock().getTime() / 1000) + 60),
    }),
    isSignIn: ({ path }) => path === '/oauth2/v1/token',
    route: createGateway({ clock, state, tokens, proofs, rights, app, apiToken }, () => base),
  });
  base = http.url;
  const set = (names: Set<string>, name: string, present: boolean): void => {
    if (present) names.add(name);
    else names.delete(name);
    state.changed();
  };
  return {
    ...http,
    state: () => ({
      users: state.users.map((user) => viewOf(state, user)),
      blockedAddresses: state.zones
        .filter(({ usage }) => usage === 'BLOCKLIST')
        .flatMap(({ gateways }) => gateways.map(({ value }) => value)),
    }),
    user(email) {
      const user = state.byLogin(email);
      return user === undefined ? null : viewOf(state, user);
    },
    checkPassword: (email, password) => passwordMatches(password, known(state, email)),
    resetByAttacker: (email, actor, ip, password = 'Attackers-0wn-choice') =>
      resetByAttacker(state, email, { actor, ip, password }),
    signIn(email, from) {
      const user = known(state, email);
      user.lastLogin = clock().toISOString();
      state.writeLog('user.session.start', [], { actor: partyOf(user), ...from });
    },
    intrude: (email, from) => intrude(state, known(state, email), from),
    addAccessCode(email) {
      const user = known(state, email);
      user.accessCodes = [...(user.accessCodes ?? []), { id: oktaId('tac'), created: state.now() }];
      state.changed();
    },
    enrolEmail(email) {
      const user = known(state, email);
      user.factors.push(emailFactor(user));
      state.changed();
    },
    link: (email, provider) => linkProvider(state, known(state, email), provider),
    forgetLinks(email) {
      const user = known(state, email);
      user.links = (user.links ?? []).map((link) => ({ ...link, externalId: '' }));
      state.changed();
    },
    reportSuspicious: (email, suspicion) => reportSuspicious(state, known(state, email), suspicion),
    rejectPush: (email, from, how) => rejectPush(state, known(state, email), from, how),
    promote: (email, role) => promote(state, known(state, email), role),
    setStatus(email, status) {
      state.setStatus(known(state, email), status);
      state.changed();
    },
    setPolicy(name, status) {
      const policy = state.policies.find((one) => one.name === name);
      if (policy === undefined) throw new Error(`The directory has no policy "${name}"; seed one.`);
      policy.status = status;
      state.changed();
    },
    limitRole(email, role, groups) {
      const held = known(state, email).roles.find(({ type }) => type === role);
      const ids = state.groups.filter(({ name }) => groups.includes(name)).map(({ id }) => id);
      if (held !== undefined) held.groupTargets = ids;
      state.changed();
    },
    permit: (permission, present) => set(rights.withheld, permission, !present),
    license: (feature, present) => set(rights.unlicensed, feature, !present),
    setAdminRole: (role) => setAdminRole(state, rights, apiToken?.ownerEmail ?? null, role),
    setLag: (ms) => state.setLag(ms),
    expireTokens: () => tokens.expireAll(),
    snapshot: () => state.snapshot(),
    onChange: (listener) => state.onChange(listener),
  };
}

import { randomUUID } from 'node:crypto';
import { Lag } from '../http/lag.js';
import { hashPassword } from '../passwords.js';
import type {
  ApiTokenRecord,
  DeviceRecord,
  GroupRecord,
  LogRecord,
  PolicyRecord,
  OktaSnapshot,
  Party,
  ProviderRecord,
  UserRecord,
  UserStatus,
  ZoneRecord,
} from './model.js';
import { blockZone, newPolicies, newUser, oktaId, policyZone } from './seed.js';
import type { OktaGroupSeed, OktaPolicySeed, OktaUserSeed, OktaZoneSeed } from './seed.js';

/** An org before anything happened. */
export interface OrgSeed {
  readonly users: readonly OktaUserSeed[];
  readonly groups?: readonly OktaGroupSeed[];
  readonly zones?: readonly OktaZoneSeed[];
  readonly policies?: readonly OktaPolicySeed[];
}

/** Where a deed came from. */
export interface Origin {
  readonly actor: Party;
  readonly ip?: string | null;
  readonly country?: string | null;
  readonly userAgent?: string | null;
  readonly result?: 'SUCCESS' | 'FAILURE';
  readonly debugData?: Readonly<Record<string, string>>;
}

const MESSAGES: Readonly<Record<string, string>> = {
  'user.account.reset_password': 'User reset password for Okta (by admin)',
  'user.account.update_password': 'User update password for Okta',
  'user.account.expire_password': 'Expire user password',
  'user.account.update_profile': 'Update user profile for Okta',
  'user.account.unlock': 'Unlock user account for okta',
  'user.account.privilege.grant': 'Grant user privilege',
  'user.account.privilege.revoke': 'Revoke user privilege',
  'user.account.report_suspicious_activity_by_enduser': 'User report suspicious activity',
  'user.authentication.auth_via_mfa': 'Authentication of user via MFA',
  'user.mfa.okta_verify.deny_push': 'User rejected Okta push verify',
  'system.push.send_factor_verify_push': 'Send verification push',
  'user.session.start': 'User login to Okta',
  'user.session.clear': 'Clear user session',
  'user.lifecycle.suspend': 'Suspend Okta user',
  'user.lifecycle.unsuspend': 'Unsuspend Okta user',
  'user.mfa.factor.activate': 'Activate factor for user',
  'user.mfa.factor.reset_all': 'Reset all factors for user',
  'user.mfa.factor.deactivate': 'Reset factor for user',
  'group.user_membership.add': 'Add user to group membership',
  'group.user_membership.remove': 'Remove user from group membership',
  'device.user.add': 'Add device to user',
  'device.lifecycle.suspend': 'Suspend device',
  'device.lifecycle.unsuspend': 'Unsuspend device',
  'app.oauth2.as.consent.grant': 'User granted consent to app',
  'app.oauth2.as.consent.revoke': 'User revoked consent from app',
  'user.risk.change': 'User risk level changed',
  'zone.update': 'Update of a network zone',
};

export const partyOf = ({ id, profile }: UserRecord): Party => ({
  id,
  type: 'User',
  alternateId: profile['login'] ?? '',
  displayName: `${profile['firstName'] ?? ''} ${profile['lastName'] ?? ''}`,
});

/** The directory's memory. Every change goes through `changed`, so that a page can show it at once. */
export class OktaState {
  readonly users: UserRecord[] = [];
  readonly groups: GroupRecord[] = [];
  readonly zones: ZoneRecord[] = [];
  readonly policies: PolicyRecord[] = [];
  readonly providers: ProviderRecord[] = [];
  readonly devices: DeviceRecord[] = [];
  readonly apiTokens: ApiTokenRecord[] = [];
  readonly log: LogRecord[] = [];
  /** What the search index knows of the users: it follows later. */
  readonly index: Lag<UserRecord[]>;
  readonly #listeners = new Set<() => void>();
  readonly #clock: () => Date;
  readonly #prepare: () => void;
  #lagMs = 0;

  constructor(clock: () => Date, { users, groups = [], zones = [], policies = [] }: OrgSeed) {
    this.#clock = clock;
    for (const seed of users) this.#add(seed);
    this.groups.push({
      id: oktaId('00g'),
      name: 'Everyone',
      type: 'BUILT_IN',
      members: this.users.map(({ id }) => id),
    });
    for (const { name, type = 'OKTA_GROUP', members = [] } of groups) {
      const ids = members.map((login) => this.byLogin(login)?.id).filter((id) => id !== undefined);
      this.groups.push({ id: oktaId('00g'), name, type, members: ids });
    }
    this.zones.push(blockZone(clock()));
    this.#prepare = () => {
      this.zones.push(...zones.map((seed) => policyZone(seed, clock())));
      this.policies.push(...newPolicies(policies, this.#known()));
    };
    this.#prepare();
    this.index = new Lag(clock, this.users);
  }

  /** Ids by names; a name that nothing has is its own id. */
  #known() {
    return {
      now: this.#clock(),
      groupId: (name: string) => this.groups.find((one) => one.name === name)?.id ?? name,
      zoneId: (name: string) => this.zones.find((one) => one.name === name)?.id ?? name,
      userId: (login: string) => this.byLogin(login)?.id ?? login,
    };
  }

  #add(seed: OktaUserSeed): void {
    const user = newUser(seed, this.#clock());
    this.users.push(user);
    if (user.status === 'STAGED') return;
    this.devices.push({
      id: oktaId('guo'),
      userId: user.id,
      displayName: seed.device ?? `${user.profile['firstName'] ?? ''}'s laptop`,
      platform: 'MACOS',
      osVersion: '15.1',
      created: user.created,
      status: 'ACTIVE',
    });
  }

  now(): string {
    return this.#clock().toISOString();
  }

  byId(id: string): UserRecord | undefined {
    return this.users.find((user) => user.id === id);
  }

  byLogin(login: string): UserRecord | undefined {
    const wanted = login.toLowerCase();
    return this.users.find(({ profile }) => profile['login']?.toLowerCase() === wanted);
  }

  setLag(lagMs: number): void {
    this.#lagMs = lagMs;
    this.index.set(lagMs);
  }

  setStatus(user: UserRecord, status: UserStatus): void {
    user.status = status;
    user.statusChanged = this.now();
    user.lastUpdated = user.statusChanged;
  }

  setPassword(user: UserRecord, password: string): void {
    Object.assign(user, hashPassword(password));
    user.passwordChanged = this.now();
    user.lastUpdated = user.passwordChanged;
  }

  /** Writes a row and tells of the change. */
  writeLog(eventType: string, target: readonly Party[], origin: Origin): void {
    const { actor, ip = null, country = null, userAgent = null, result = 'SUCCESS', debugData = {} } = origin;
    const at = this.#clock();
    this.log.push({
      uuid: randomUUID(),
      published: at.toISOString(),
      visibleFrom: at.getTime() + this.#lagMs,
      eventType,
      displayMessage: MESSAGES[eventType] ?? eventType,
      actor,
      target,
      ip,
      country,
      userAgent,
      result,
      debugData,
    });
    this.changed();
  }

  snapshot(): OktaSnapshot {
    const { users, groups, zones, policies, providers, devices, apiTokens, log } = this;
    return structuredClone({ users, groups, zones, policies, providers, devices, apiTokens, log });
  }

  restore(snapshot: OktaSnapshot): void {
    const { users, groups, zones, policies, providers = [], devices, apiTokens, log } = structuredClone(snapshot);
    this.users.splice(0, this.users.length, ...users);
    this.groups.splice(0, this.groups.length, ...groups);
    this.zones.splice(0, this.zones.length, ...zones);
    this.policies.splice(0, this.policies.length, ...(policies ?? []));
    // Saved before there were policies.
    if (policies === undefined) this.#prepare();
    this.providers.splice(0, this.providers.length, ...providers);
    this.devices.splice(0, this.devices.length, ...devices);
    this.apiTokens.splice(0, this.apiTokens.length, ...apiTokens);
    this.log.splice(0, this.log.length, ...log);
    this.changed();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    this.index.changed();
    for (const listener of this.#listeners) listener();
  }
}

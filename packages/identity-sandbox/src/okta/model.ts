import type { Okta } from '../vendor/index.js';

/** What the directory remembers; times as ISO texts, as Okta writes them. */

export type UserStatus =
  'ACTIVE' | 'DEPROVISIONED' | 'LOCKED_OUT' | 'PASSWORD_EXPIRED' | 'PROVISIONED' | 'RECOVERY' | 'STAGED' | 'SUSPENDED';

export type ProviderType = 'OKTA' | 'ACTIVE_DIRECTORY' | 'LDAP' | 'FEDERATION' | 'SOCIAL' | 'IMPORT';

export interface FactorRecord {
  readonly id: string;
  readonly factorType: NonNullable<Okta.Factor['factorType']>;
  readonly provider: string;
  readonly vendorName: string;
  /** Okta leaves it out of e-mail factors. */
  readonly created?: string;
  readonly profile: Readonly<Record<string, string>>;
}

/** Signs in without any factor, for a while. */
export interface AccessCodeRecord {
  readonly id: string;
  readonly created: string;
}

export const STANDARD_ROLES = [
  'SUPER_ADMIN',
  'ORG_ADMIN',
  'USER_ADMIN',
  'GROUP_MEMBERSHIP_ADMIN',
  'HELP_DESK_ADMIN',
  'READ_ONLY_ADMIN',
  'APP_ADMIN',
] as const;
export type StandardRole = (typeof STANDARD_ROLES)[number];
export type RoleType = StandardRole | 'CUSTOM';

export interface RoleRecord {
  readonly id: string;
  readonly type: RoleType;
  readonly assignmentType: 'USER' | 'GROUP';
  readonly created: string;
  readonly role?: string;
  readonly resourceSet?: string;
  groupTargets: string[];
  appTargets: string[];
}

export interface ConsentRecord {
  readonly id: string;
  readonly clientId: string;
  readonly scopeId: string;
  readonly source: 'END_USER' | 'ADMIN';
  readonly created: string;
}

export interface RefreshTokenRecord {
  readonly id: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly created: string;
}

export interface DeviceRecord {
  readonly id: string;
  readonly userId: string;
  readonly displayName: string;
  readonly platform: NonNullable<Okta.Device['profile']>['platform'];
  readonly osVersion: string;
  readonly created: string;
  status: 'ACTIVE' | 'SUSPENDED' | 'DEACTIVATED';
}

/** Where people of the org may sign in through. */
export interface ProviderRecord {
  readonly id: string;
  readonly name: string;
  readonly type: NonNullable<Okta.IdentityProvider['type']>;
  readonly created: string;
  /** A SAML provider that keeps no lasting name of a person takes no link by API. */
  readonly keepsNameId: boolean;
}

/** An account at another identity provider that signs in to this one. */
export interface LinkRecord {
  readonly providerId: string;
  readonly externalId: string;
  readonly created: string;
}

export interface UserRecord {
  readonly id: string;
  readonly created: string;
  status: UserStatus;
  statusChanged: string;
  lastLogin: string | null;
  lastUpdated: string;
  passwordChanged: string | null;
  readonly profile: Record<string, string | null>;
  readonly provider: { readonly type: ProviderType; readonly name: string };
  readonly recoveryQuestion: string | null;
  passwordSalt: string;
  passwordHash: string;
  sessions: number;
  risk: 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH';
  factors: FactorRecord[];
  roles: RoleRecord[];
  consents: ConsentRecord[];
  refreshTokens: RefreshTokenRecord[];
  /** Left out by what was saved before there were any. */
  links?: LinkRecord[];
  accessCodes?: AccessCodeRecord[];
}

export interface GroupRecord {
  readonly id: string;
  readonly name: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  members: string[];
}

export interface Gateway {
  readonly type: 'CIDR' | 'RANGE';
  readonly value: string;
}

export interface ZoneRecord {
  readonly id: string;
  readonly system: boolean;
  name: string;
  usage: 'POLICY' | 'BLOCKLIST';
  status: 'ACTIVE' | 'INACTIVE';
  gateways: Gateway[];
  created: string;
  lastUpdated: string;
}

export interface PolicyRuleRecord {
  readonly id: string;
  readonly name: string;
  readonly access: 'ALLOW' | 'DENY';
  readonly requireFactor: boolean;
  /** Ids of zones: it matches only who comes from elsewhere. */
  readonly outside: readonly string[];
  /** Ids of people. */
  readonly exclude: readonly string[];
}

/** A global session policy. */
export interface PolicyRecord {
  readonly id: string;
  readonly name: string;
  readonly system: boolean;
  readonly priority: number;
  readonly created: string;
  /** Ids of groups. */
  readonly groups: readonly string[];
  readonly rules: readonly PolicyRuleRecord[];
  status: 'ACTIVE' | 'INACTIVE';
}

export interface ApiTokenRecord {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly created: string;
}

export interface Party {
  readonly id: string;
  readonly type: string;
  readonly alternateId: string;
  readonly displayName: string;
}

export interface LogRecord {
  readonly uuid: string;
  readonly published: string;
  /** From when readers see it, ms since 1970: the log comes late. */
  readonly visibleFrom: number;
  readonly eventType: string;
  readonly displayMessage: string;
  readonly actor: Party;
  readonly target: readonly Party[];
  readonly ip: string | null;
  readonly country: string | null;
  readonly userAgent: string | null;
  readonly result: 'SUCCESS' | 'FAILURE';
  /** Left out by what was saved before rows had any. */
  readonly debugData?: Readonly<Record<string, string>>;
}

/** Everything that can be saved and brought back. */
export interface OktaSnapshot {
  readonly users: readonly UserRecord[];
  readonly groups: readonly GroupRecord[];
  readonly zones: readonly ZoneRecord[];
  /** Left out by what was saved before there were any. */
  readonly policies?: readonly PolicyRecord[];
  readonly providers?: readonly ProviderRecord[];
  readonly devices: readonly DeviceRecord[];
  readonly apiTokens: readonly ApiTokenRecord[];
  readonly log: readonly LogRecord[];
}

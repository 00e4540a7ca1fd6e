import { randomBytes, randomInt } from 'node:crypto';
import { hashPassword } from '../passwords.js';
import type {
  GroupRecord,
  PolicyRecord,
  ProviderType,
  RoleRecord,
  RoleType,
  StandardRole,
  UserRecord,
  UserStatus,
  ZoneRecord,
} from './model.js';

export interface OktaUserSeed {
  /** The login, in the form of an address. */
  readonly email: string;
  readonly name: string;
  /** Left out: nobody knows it. */
  readonly password?: string;
  readonly status?: UserStatus;
  /** `profile.email`, when it is another than the login. */
  readonly contactEmail?: string;
  readonly secondEmail?: string;
  readonly mobilePhone?: string;
  readonly employeeNumber?: string;
  readonly userType?: string;
  readonly provider?: { readonly type: ProviderType; readonly name: string };
  readonly recoveryQuestion?: string;
  /** Administrator roles, given directly: `USER_ADMIN`, `SUPER_ADMIN` … */
  readonly roles?: readonly StandardRole[];
  /** Administrator roles that come with a group. */
  readonly groupRoles?: readonly StandardRole[];
  /** One registered device by this name; left out: `<first name>'s laptop`. */
  readonly device?: string;
}

export interface OktaGroupSeed {
  readonly name: string;
  readonly type?: GroupRecord['type'];
  /** Logins. */
  readonly members?: readonly string[];
}

/** A global session policy for one group, with one rule; those named first are asked first. */
export interface OktaPolicySeed {
  readonly name: string;
  /** Name of the group. */
  readonly group: string;
  readonly access: 'ALLOW' | 'DENY';
  readonly requireFactor?: boolean;
  /** Name of the zone that the rule leaves out. */
  readonly outside?: string;
  readonly status?: PolicyRecord['status'];
  /** Logins that the rule leaves out. */
  readonly exclude?: readonly string[];
}

export interface OktaZoneSeed {
  readonly name: string;
  readonly ranges: readonly string[];
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Okta's ids: a prefix that tells the kind, and seventeen letters and digits. */
export const oktaId = (prefix: string): string =>
  prefix + Array.from({ length: 17 }, () => LETTERS[randomInt(LETTERS.length)] ?? 'x').join('');

export const newRole = (type: RoleType, created: string, more: Partial<RoleRecord> = {}): RoleRecord => ({
  id: oktaId(more.assignmentType === 'GROUP' ? 'irb' : 'ra1'),
  type,
  assignmentType: 'USER',
  created,
  groupTargets: [],
  appTargets: [],
  ...more,
});

function profileOf(seed: OktaUserSeed): UserRecord['profile'] {
  const [firstName = seed.name, ...rest] = seed.name.split(' ');
  return {
    firstName,
    lastName: rest.join(' ') || firstName,
    login: seed.email,
    email: seed.contactEmail ?? seed.email,
    secondEmail: seed.secondEmail ?? null,
    mobilePhone: seed.mobilePhone ?? null,
    employeeNumber: seed.employeeNumber ?? null,
    userType: seed.userType ?? null,
  };
}

export function newUser(seed: OktaUserSeed, now: Date): UserRecord {
  const earlier = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();
  const fresh = seed.status === 'STAGED' || seed.status === 'PROVISIONED';
  return {
    id: oktaId('00u'),
    created: earlier(400),
    status: seed.status ?? 'ACTIVE',
    statusChanged: earlier(400),
    lastLogin: fresh ? null : earlier(1),
    lastUpdated: earlier(30),
    passwordChanged: fresh ? null : earlier(60),
    profile: profileOf(seed),
    provider: seed.provider ?? { type: 'OKTA', name: 'OKTA' },
    recoveryQuestion: seed.recoveryQuestion ?? null,
    ...hashPassword(seed.password ?? randomBytes(24).toString('base64url')),
    sessions: fresh ? 0 : 1,
    risk: 'NONE',
    factors: fresh
      ? []
      : [
          {
            id: oktaId('opf'),
            factorType: 'push',
            provider: 'OKTA',
            vendorName: 'OKTA',
            created: earlier(300),
            profile: { credentialId: seed.email, deviceType: 'SmartPhone_IPhone', platform: 'IOS', name: 'iPhone' },
          },
        ],
    roles: [
      ...(seed.roles ?? []).map((type) => newRole(type, earlier(200))),
      ...(seed.groupRoles ?? []).map((type) => newRole(type, earlier(200), { assignmentType: 'GROUP' })),
    ],
    consents: [],
    refreshTokens: [],
  };
}

/** The zone that every org has: what stands in it is blocked for everybody. */
export const blockZone = (now: Date): ZoneRecord => ({
  id: oktaId('nzo'),
  system: true,
  name: 'BlockedIpZone',
  usage: 'BLOCKLIST',
  status: 'ACTIVE',
  gateways: [],
  created: now.toISOString(),
  lastUpdated: now.toISOString(),
});

/** A list of addresses for policies. */
export const policyZone = ({ name, ranges }: OktaZoneSeed, now: Date): ZoneRecord => ({
  ...blockZone(now),
  id: oktaId('nzo'),
  system: false,
  name,
  usage: 'POLICY',
  gateways: ranges.map((value) => ({ type: 'CIDR', value })),
});

interface Known {
  readonly now: Date;
  readonly groupId: (name: string) => string;
  readonly zoneId: (name: string) => string;
  readonly userId: (login: string) => string;
}

/** Okta's own policy comes last and lets everybody in. */
const LAST: OktaPolicySeed = { name: 'Default Policy', group: 'Everyone', access: 'ALLOW' };

/** The org's global session policies, in the order in which they are asked. */
export const newPolicies = (seeds: readonly OktaPolicySeed[], known: Known): readonly PolicyRecord[] =>
  [...seeds, LAST].map((seed, index) => ({
    id: oktaId('00p'),
    name: seed.name,
    system: seed === LAST,
    priority: index + 1,
    created: known.now.toISOString(),
    groups: [known.groupId(seed.group)],
    status: seed.status ?? 'ACTIVE',
    rules: [
      {
        id: oktaId('0pr'),
        name: seed === LAST ? 'Default Rule' : seed.name,
        access: seed.access,
        requireFactor: seed.requireFactor ?? false,
        outside: seed.outside === undefined ? [] : [known.zoneId(seed.outside)],
        exclude: (seed.exclude ?? []).map(known.userId),
      },
    ],
  }));

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { hashPassword } from '../passwords.js';
import { roleIdOf } from './model.js';
import type { EntraIdSnapshot, GroupRecord, MethodRecord, PolicyRecord, UserRecord } from './model.js';

export interface UserSeed {
  readonly email: string;
  readonly name: string;
  /** Left out: nobody knows it. */
  readonly password?: string;
  readonly disabled?: boolean;
  readonly aliases?: readonly string[];
  readonly employeeId?: string;
  /** Names of administrator roles, e.g. `Global Administrator`. */
  readonly roles?: readonly string[];
  /** Copied from Active Directory. */
  readonly synced?: boolean;
  /** Invited from another tenant. */
  readonly guest?: boolean;
  /** What Exchange calls the mailbox; `null`: there is none. */
  readonly mailbox?: 'user' | 'shared' | null;
  /** Fixed object id; made from the address when left out. */
  readonly id?: string;
}

/** A Conditional Access policy; left out: it is on, blocks, and exempts nobody. */
export interface PolicySeed {
  readonly state?: PolicyRecord['state'];
  readonly control?: PolicyRecord['control'];
  /** Ids of the named locations from where it lets in; it then acts everywhere else. */
  readonly permits?: readonly string[];
  /** Addresses of people. */
  readonly excludeUsers?: readonly string[];
  readonly excludeGroups?: readonly string[];
  /** Names of administrator roles. */
  readonly excludeRoles?: readonly string[];
  readonly applications?: readonly string[];
}

export interface GroupSeed {
  readonly id: string;
  readonly name: string;
  readonly members?: readonly string[];
  readonly dynamic?: boolean;
  readonly synced?: boolean;
  readonly roleAssignable?: boolean;
  /** The Conditional Access policy that is bound to it; `false`: there is none. */
  readonly policy?: PolicySeed | false;
}

export interface LocationSeed {
  readonly id: string;
  readonly name: string;
  readonly ranges: readonly string[];
  readonly trusted?: boolean;
  /** The policy for all users that blocks it; `false`: there is none. */
  readonly policy?: PolicySeed | false;
}

export interface DomainSeed {
  readonly name: string;
  /** The issuer of the federated provider; left out: managed by Entra ID. */
  readonly federatedWith?: string;
}

/** The object id that the tenant gives to a seeded name: the same in every run. */
export function objectIdOf(name: string): string {
  const hex = createHash('sha256').update(`entra ${name.toLowerCase()}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

const MOBILE = '3179e48a-750b-4051-897c-87b9720928f7';

function firstFactors(createdDateTime: string): MethodRecord[] {
  return [
    {
      id: MOBILE,
      type: 'phoneAuthenticationMethod',
      createdDateTime,
      fields: { phoneNumber: '+1 5550100', phoneType: 'mobile', smsSignInState: 'notAllowedByPolicy' },
      isDefault: false,
    },
    {
      id: randomUUID(),
      type: 'microsoftAuthenticatorAuthenticationMethod',
      createdDateTime,
      fields: { displayName: 'Own phone', deviceTag: 'SoftwareTokenActivated', phoneAppVersion: '6.2501.0421' },
      isDefault: true,
    },
  ];
}

function userOf(seed: UserSeed, at: string): UserRecord {
  const { email, mailbox = 'user' } = seed;
  return {
    id: seed.id ?? objectIdOf(email),
    displayName: seed.name,
    userPrincipalName: email,
    mail: email,
    proxyAddresses: [`SMTP:${email}`, ...(seed.aliases ?? []).map((alias) => `smtp:${alias}`)],
    employeeId: seed.employeeId ?? null,
    userType: seed.guest === true ? 'Guest' : 'Member',
    externalUserState: seed.guest === true ? 'Accepted' : null,
    accountEnabled: seed.disabled !== true,
    onPremisesSyncEnabled: seed.synced === true ? true : null,
    createdDateTime: at,
    lastPasswordChangeDateTime: at,
    signInSessionsValidFromDateTime: at,
    forceChangePasswordNextSignIn: false,
    forceChangePasswordNextSignInWithMfa: false,
    ...hashPassword(seed.password ?? randomBytes(24).toString('base64url')),
    perUserMfaState: 'disabled',
    methods: firstFactors(at),
    mailbox: mailbox === null ? null : { userPurpose: mailbox, rules: [] },
    sessions: [{ startedAt: at, ipAddress: '203.0.113.10' }],
    risk: null,
  };
}

const groupOf = (seed: GroupSeed): GroupRecord => ({
  id: seed.id,
  displayName: seed.name,
  groupTypes: seed.dynamic === true ? ['DynamicMembership'] : [],
  onPremisesSyncEnabled: seed.synced === true ? true : null,
  isAssignableToRole: seed.roleAssignable === true,
  members: (seed.members ?? []).map((member) => (member.includes('@') ? objectIdOf(member) : member)),
});

const cidr = (cidrAddress: string) => ({
  '@odata.type': `#microsoft.graph.${cidrAddress.includes(':') ? 'iPv6CidrRange' : 'iPv4CidrRange'}`,
  cidrAddress,
});

function policyOf(
  displayName: string,
  seed: PolicySeed | false = {},
  about: Partial<Pick<PolicyRecord, 'includeGroups' | 'includeLocations'>>,
): readonly PolicyRecord[] {
  if (seed === false) return [];
  const { state = 'enabled', control = 'block', permits = [], applications = ['All'] } = seed;
  return [
    {
      id: objectIdOf(`policy ${displayName}`),
      displayName,
      state,
      control,
      includeUsers: null,
      includeGroups: [],
      includeLocations: permits.length === 0 ? [] : ['All'],
      excludeLocations: [...permits],
      excludeUsers: (seed.excludeUsers ?? []).map(objectIdOf),
      excludeGroups: [...(seed.excludeGroups ?? [])],
      excludeRoles: (seed.excludeRoles ?? []).map(roleIdOf),
      includeApplications: [...applications],
      ...about,
    },
  ];
}

export interface Seed {
  readonly users: readonly UserSeed[];
  readonly groups: readonly GroupSeed[];
  readonly locations: readonly LocationSeed[];
  readonly domains: readonly DomainSeed[];
}

/** The tenant as it is before anything happens; accounts are ninety days old. */
export function seeded({ users, groups, locations, domains }: Seed, now: Date): EntraIdSnapshot {
  const at = `${new Date(now.getTime() - 90 * 24 * 60 * 60 * 1000).toISOString().slice(0, 19)}Z`;
  const records = users.map((seed) => userOf(seed, at));
  const named = new Set(users.map(({ email }) => email.split('@')[1] ?? ''));
  const federated = new Map(domains.map(({ name, federatedWith }) => [name, federatedWith ?? null]));
  return {
    users: records,
    groups: groups.map(groupOf),
    roleAssignments: users.flatMap((seed, index) =>
      (seed.roles ?? []).map((role) => ({
        id: `${randomBytes(32).toString('base64url')}-1`,
        principalId: records[index]?.id ?? '',
        roleDefinitionId: roleIdOf(role),
        directoryScopeId: '/',
      })),
    ),
    eligibilities: [],
    consents: [],
    assignments: [],
    applications: [],
    devices: [],
    domains: [...new Set([...named, ...federated.keys()])].map((name) => {
      const issuerUri = federated.get(name) ?? null;
      return { id: name, authenticationType: issuerUri === null ? 'Managed' : 'Federated', issuerUri };
    }),
    locations: locations.map(({ id, name, ranges, trusted = false }) => ({
      id,
      displayName: name,
      isTrusted: trusted,
      ipRanges: ranges.map(cidr),
    })),
    policies: [
      ...groups.flatMap(({ id, name, policy }) => policyOf(`For ${name}`, policy, { includeGroups: [id] })),
      ...locations.flatMap(({ id, name, policy }) => policyOf(`Block ${name}`, policy, { includeLocations: [id] })),
    ],
    audits: [],
    signIns: [],
  };
}

import { randomBytes, randomInt } from 'node:crypto';
import { hashPassword } from '../passwords.js';
import type { GoogleWorkspaceSnapshot, MailboxRecord, UserRecord } from './model.js';

export interface UserSeed {
  readonly email: string;
  readonly name: string;
  /** Left out: nobody knows it. */
  readonly password?: string;
  readonly aliases?: readonly string[];
  readonly employeeId?: string;
  /** `super`: a super administrator; else the name of a role that is made for it. */
  readonly admin?: string;
  readonly orgUnit?: string;
  readonly suspended?: boolean;
  readonly recoveryEmail?: string;
  readonly recoveryPhone?: string;
  /** Names of factors of 2-Step Verification, e.g. `Pixel 8`. */
  readonly factors?: readonly string[];
  /** Whether Gmail is on; it is when left out. */
  readonly mailbox?: boolean;
}

export interface GroupSeed {
  readonly email: string;
  readonly name?: string;
  /** Addresses of users. */
  readonly members?: readonly string[];
  readonly enforces2Sv?: boolean;
}

export interface OrgUnitSeed {
  readonly path: string;
  readonly enforces2Sv?: boolean;
}

export interface Seeds {
  readonly users: readonly UserSeed[];
  readonly groups?: readonly GroupSeed[];
  readonly orgUnits?: readonly OrgUnitSeed[];
}

/** Google's ids are numbers of 21 digits. */
export const newId = (): string => `1${Array.from({ length: 20 }, () => randomInt(10)).join('')}`;

function newMailbox(): MailboxRecord {
  return {
    autoForwarding: { enabled: false },
    filters: [],
    delegates: [],
    forwardingAddresses: [],
    sendAs: [],
    replyTo: '',
    imap: { enabled: true, autoExpunge: true, expungeBehavior: 'archive', maxFolderSize: 0 },
    pop: { accessWindow: 'allMail', disposition: 'leaveInInbox' },
  };
}

function newUser(seed: UserSeed, at: string): UserRecord {
  return {
    id: newId(),
    primaryEmail: seed.email.toLowerCase(),
    name: seed.name,
    aliases: (seed.aliases ?? []).map((alias) => alias.toLowerCase()),
    employeeId: seed.employeeId ?? null,
    ...hashPassword(seed.password ?? randomBytes(24).toString('base64url')),
    passwordChangedAt: null,
    changePasswordAtNextLogin: false,
    suspended: seed.suspended ?? false,
    suspensionReason: seed.suspended === true ? 'ADMIN' : null,
    archived: false,
    factors: (seed.factors ?? []).map((name) => ({ name, addedAt: at })),
    backupCodes: [],
    orgUnitPath: seed.orgUnit ?? '/',
    recoveryEmail: seed.recoveryEmail ?? '',
    recoveryPhone: seed.recoveryPhone ?? '',
    sessions: [],
    grants: [],
    appPasswords: [],
    devices: [],
    mailbox: seed.mailbox === false ? null : newMailbox(),
  };
}

function orgUnitsOf({ users, orgUnits = [] }: Seeds): GoogleWorkspaceSnapshot['orgUnits'] {
  const named = new Map<string, boolean>([['/', false]]);
  for (const { orgUnit } of users) if (orgUnit !== undefined) named.set(orgUnit, false);
  for (const { path, enforces2Sv } of orgUnits) named.set(path, enforces2Sv ?? false);
  return [...named].map(([path, enforces2Sv]) => ({
    orgUnitId: `id:${randomBytes(7).toString('hex')}`,
    path,
    enforces2Sv,
  }));
}

/** The company as it begins. */
export function planted(seeds: Seeds, now: Date): GoogleWorkspaceSnapshot {
  const users = seeds.users.map((seed) => newUser(seed, now.toISOString()));
  const idOf = (email: string): string[] =>
    users.filter(({ primaryEmail }) => primaryEmail === email.toLowerCase()).map(({ id }) => id);
  const names = new Set(seeds.users.map(({ admin }) => admin).filter((name) => name !== undefined && name !== 'super'));
  const roles = ['_SEED_ADMIN_ROLE', ...names].map((roleName) => ({
    roleId: String(randomInt(1e9, 1e12)),
    roleName: String(roleName),
    isSuperAdminRole: roleName === '_SEED_ADMIN_ROLE',
  }));
  const assignments = seeds.users.flatMap(({ email, admin }) => {
    const role = roles.find(({ roleName }) => roleName === (admin === 'super' ? '_SEED_ADMIN_ROLE' : admin));
    if (role === undefined) return [];
    return idOf(email).map((assignedTo) => ({
      roleAssignmentId: newId(),
      roleId: role.roleId,
      assignedTo,
      assigneeType: 'user' as const,
      scopeType: 'CUSTOMER' as const,
    }));
  });
  const groups = (seeds.groups ?? []).map(({ email, name, members = [], enforces2Sv }) => ({
    id: randomBytes(8).toString('hex'),
    email: email.toLowerCase(),
    name: name ?? email.split('@')[0] ?? email,
    members: members.flatMap(idOf),
    enforces2Sv: enforces2Sv ?? false,
  }));
  return { users, groups, orgUnits: orgUnitsOf(seeds), roles, assignments, activities: [] };
}

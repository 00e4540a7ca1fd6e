import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountState, ConnectorFailure } from '../port.js';
import { isIn, readMemberships, type Memberships } from './memberships.js';
import { PERMISSION, PROTECTED_FIX, ROLE_TEMPLATE } from './permissions.js';
import { readPerUserMfa } from './per-user-mfa.js';
import { tell, userPath, type Reader, type Target } from './reader.js';
import { readRoleAssignments } from './role-assignments.js';
import { readMustChange, readUser, type EntraUser } from './user.js';

export interface Reading {
  readonly user: EntraUser;
  readonly state: AccountState;
}

/** What Exchange calls the mailbox: its own mark of who uses the account. */
const mailboxSettings = z.object({ userPurpose: z.string() });

async function readUse(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<AccountState['use'], ConnectorFailure>> {
  const path = `${userPath(account)}/mailboxSettings`;
  const told = tell(await api.send({ method: 'GET', path, needs: [PERMISSION.readMailbox], call }));
  if (!told.ok) return told;
  const parsed = mailboxSettings.safeParse(told.value?.body);
  if (!parsed.success) return ok(null);
  if (parsed.data.userPurpose === 'user') return ok('person');
  return ok(['shared', 'room', 'equipment'].includes(parsed.data.userPurpose) ? 'shared' : null);
}

async function readAuthority(
  { domains }: Reader,
  user: EntraUser,
  { call }: Target,
): Promise<Result<AccountState['authority'], ConnectorFailure>> {
  const signIn = tell(await domains.signIn(user.userPrincipalName, call));
  if (!signIn.ok) return signIn;
  const synced = user.onPremisesSyncEnabled === true;
  if (signIn.value?.where === 'federated')
    return ok({ where: 'federated', from: signIn.value.from ?? (synced ? 'active_directory' : null) });
  if (synced) return ok({ where: 'synced', from: 'active_directory' });
  return ok(signIn.value === null ? null : { where: 'here' });
}

async function readAdminRoles(
  reader: Reader,
  target: Target,
  memberships: Memberships | null,
): Promise<Result<readonly string[] | null, ConnectorFailure>> {
  const direct = tell(await readRoleAssignments(reader, target));
  if (!direct.ok) return direct;
  if (direct.value === null && memberships === null) return ok(null);
  const names = [...(direct.value ?? []), ...(memberships?.roles ?? [])].map(({ name }) => name);
  return ok([...new Set(names)].sort());
}

/** Administrators are out of reach unless the application's own token names the role that may change them. */
async function protection(
  { api }: Reader,
  { call }: Target,
  adminRoles: readonly string[] | null,
): Promise<Result<string | null, ConnectorFailure>> {
  if (adminRoles === null || adminRoles.length === 0) return ok(null);
  const access = await api.access(call);
  if (!access.ok) return access;
  const own = access.value.rights?.roles;
  const reaches =
    own?.has(ROLE_TEMPLATE.privilegedAuthenticationAdministrator) === true ||
    own?.has(ROLE_TEMPLATE.globalAdministrator) === true;
  if (reaches) return ok(null);
  return ok(`The account is an administrator (${adminRoles.join(', ')}). ${PROTECTED_FIX}`);
}

async function readTwoStep(
  reader: Reader,
  target: Target,
  memberships: Memberships | null,
): Promise<Result<boolean | null, ConnectorFailure>> {
  const { two_step_group: group, per_user_mfa: perUser } = reader.settings;
  if (group !== null) return memberships === null ? ok(null) : tell(isIn(memberships, group));
  if (!perUser) return ok(null);
  const present = tell(await readPerUserMfa(reader, target));
  return present.ok ? ok(present.value === null ? null : present.value === 'enforced') : present;
}

function readRanges({ settings }: Reader, memberships: Memberships | null): readonly string[] | null {
  if (settings.login_range_groups.length === 0 || memberships === null || !memberships.complete) return null;
  const inside = settings.login_range_groups.filter(({ group }) => memberships.groups.some(({ id }) => id === group));
  // In two groups at once both policies block, and only what both permit is left: no one set says that.
  return inside.length > 1 ? null : (inside[0]?.ranges ?? []);
}

/** One account with everything that Graph can tell. The reads run side by side. */
export async function readAccount(reader: Reader, target: Target): Promise<Result<Reading, ConnectorFailure>> {
  const user = await readUser(reader, target);
  if (!user.ok) return user;
  const [mustChange, memberships, use, authority] = await Promise.all([
    readMustChange(reader, target).then(tell),
    readMemberships(reader, target, 'transitiveMemberOf').then(tell),
    readUse(reader, target),
    readAuthority(reader, user.value, target),
  ]);
  if (!mustChange.ok) return mustChange;
  if (!memberships.ok) return memberships;
  if (!use.ok) return use;
  if (!authority.ok) return authority;
  const [adminRoles, twoStep] = await Promise.all([
    readAdminRoles(reader, target, memberships.value),
    readTwoStep(reader, target, memberships.value),
  ]);
  if (!adminRoles.ok) return adminRoles;
  if (!twoStep.ok) return err(twoStep.error);
  const protectedBecause = await protection(reader, target, adminRoles.value);
  if (!protectedBecause.ok) return protectedBecause;
  const { accountEnabled, lastPasswordChangeDateTime } = user.value;
  return ok({
    user: user.value,
    state: {
      enabled: accountEnabled,
      locked: null,
      mustChangePassword: mustChange.value,
      passwordChangedAt: lastPasswordChangeDateTime,
      twoStepRequired: twoStep.value,
      loginRanges: readRanges(reader, memberships.value),
      protectedBecause: protectedBecause.value,
      authority: authority.value,
      adminRoles: adminRoles.value,
      use: use.value,
      readAt: reader.runtime.now(),
    },
  });
}

import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { AccountState } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import { holdsAccount, rangesOf } from '../kit/groups.js';
import { ifShown } from '../kit/partial.js';
import { membershipsIn, readMemberships, type Memberships } from './memberships.js';
import { PERMISSION, PROTECTED_FIX, ROLE_TEMPLATE } from './permissions.js';
import { readPerUserMfa } from './per-user-mfa.js';
import { userPath, type Reader } from './reader.js';
import { readRoleAssignments } from './roles.js';
import { homeTenantOf, readMustChange, readUser, type EntraUser } from './user.js';

export interface Reading {
  readonly user: EntraUser;
  /** The account's memberships, also through other groups; `null`: it may not be read. */
  readonly memberships: Memberships | null;
  readonly state: AccountState;
}

/** Exchange's type of the mailbox: its own mark of who uses the account. */
export const mailboxUse = z
  .object({ userPurpose: z.string() })
  .transform(({ userPurpose }): AccountState['use'] => {
    if (userPurpose === 'user') return 'person';
    return ['shared', 'room', 'equipment'].includes(userPurpose) ? 'shared' : null;
  })
  .catch(null);

const readUse = ({ api }: Reader, { account, call }: Target): Answer<AccountState['use']> => {
  const request = { path: `${userPath(account)}/mailboxSettings`, needs: [PERMISSION.readMailbox], call };
  return api.get(mailboxUse, 'the settings of a mailbox', request).then(ifShown);
};

async function readAuthority(
  { domains }: Reader,
  user: EntraUser,
  { call }: Target,
): Answer<AccountState['authority']> {
  const home = homeTenantOf(user);
  if (home !== null) return ok({ where: 'federated', from: home });
  const synced = user.onPremisesSyncEnabled === true;
  return mapped(domains.signIn(user.userPrincipalName, call).then(ifShown), (signIn) => {
    if (signIn?.where === 'federated')
      return { where: 'federated', from: signIn.from ?? (synced ? 'active_directory' : null) };
    if (synced) return { where: 'synced', from: 'active_directory' };
    return signIn === null ? null : { where: 'here' };
  });
}

const readAdminRoles = (
  reader: Reader,
  target: Target,
  memberships: Memberships | null,
): Answer<readonly string[] | null> =>
  mapped(readRoleAssignments(reader, target).then(ifShown), (direct) => {
    if (direct === null && memberships === null) return null;
    const unread = direct?.complete === false ? ['a role that cannot be read'] : [];
    const named = [...(direct?.items ?? []), ...(memberships?.roles ?? [])].map(({ name }) => name);
    return [...new Set([...named, ...unread])].sort();
  });

/** Administrators are out of reach unless the application's own token contains the role that may change them. */
async function protection(
  { api }: Reader,
  { call }: Target,
  adminRoles: readonly string[] | null,
): Answer<string | null> {
  if (adminRoles === null || adminRoles.length === 0) return ok(null);
  return mapped(api.access(call), ({ rights }) => {
    const reaches = Object.values(ROLE_TEMPLATE).some((role) => rights?.roles.has(role));
    return reaches ? null : `The account is an administrator (${adminRoles.join(', ')}). ${PROTECTED_FIX}`;
  });
}

async function readTwoStep(reader: Reader, target: Target, memberships: Memberships | null): Answer<boolean | null> {
  const { two_step_group: group, per_user_mfa: perUser } = reader.settings;
  if (group !== null) return ok(holdsAccount(group, membershipsIn(memberships, [group])));
  if (!perUser) return ok(null);
  const present = readPerUserMfa(reader, target).then(ifShown);
  return mapped(present, (told) => (told === null ? null : told === 'enforced'));
}

/** One account with everything that Graph can tell. The reads run in parallel. */
export async function readAccount(reader: Reader, target: Target): Answer<Reading> {
  const { login_range_groups: prepared } = reader.settings;
  const found = await readUser(reader, target);
  if (!found.ok) return found;
  const user = found.value;
  const told = await allOf([
    readMustChange(reader, target).then(ifShown),
    readMemberships(reader, target, 'transitiveMemberOf').then(ifShown),
    readUse(reader, target),
    readAuthority(reader, user, target),
  ]);
  if (!told.ok) return told;
  const [mustChangePassword, memberships, use, authority] = told.value;
  const more = await allOf([readAdminRoles(reader, target, memberships), readTwoStep(reader, target, memberships)]);
  return andThen(more, ([adminRoles, twoStepRequired]) =>
    mapped(protection(reader, target, adminRoles), (protectedBecause) => ({
      user,
      memberships,
      state: {
        enabled: user.accountEnabled,
        locked: null,
        mustChangePassword,
        passwordChangedAt: user.lastPasswordChangeDateTime,
        twoStepRequired,
        // In two groups at once both policies block, and only what both permit is left: no single set expresses that.
        loginRanges: rangesOf(
          prepared,
          membershipsIn(
            memberships,
            prepared.map(({ group }) => group),
          ),
        ),
        protectedBecause,
        authority,
        adminRoles,
        use,
        readAt: reader.runtime.now(),
      },
    })),
  );
}

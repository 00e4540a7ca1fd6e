import { ok } from '../../result.js';
import type { AccountRef, AccountState, CallContext } from '../port.js';
import { SKEW_MS, type Answer, type Tools } from './handler.js';
import { rangeGroupsOf } from './membership.js';
import { passwordChanges } from './reports.js';
import { readAssignments, readRoleNames } from './roles.js';
import { protection, readUser, type GoogleUser } from './user.js';

/** How far back the last password change is looked for; Google keeps half a year. */
const LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1000;

/** Missing rights leave one field untold; a system that is down leaves the whole state untold. */
async function tell<T>(answer: Answer<T>): Answer<T | null> {
  const result = await answer;
  if (result.ok) return result;
  const untold = ['permission', 'licence', 'unsupported', 'not_found', 'invalid_input'].includes(result.error.kind);
  return untold ? ok(null) : result;
}

/** Names of the roles; asked for only where the account has any, because reading them needs a right of its own. */
async function roleNames(
  tools: Tools,
  user: GoogleUser,
  account: AccountRef,
  call: CallContext,
): Answer<readonly string[] | null> {
  if (user.isAdmin === false && user.isDelegatedAdmin === false) return ok([]);
  const [assignments, names] = await Promise.all([
    tell(readAssignments(tools, account, call)),
    tell(readRoleNames(tools, call)),
  ]);
  if (!assignments.ok) return assignments;
  if (!names.ok) return names;
  if (assignments.value === null) return ok(user.isAdmin === true ? ['Super Admin'] : null);
  const known = assignments.value.map(({ roleId }) => names.value?.get(roleId) ?? `role ${roleId}`);
  return ok([...new Set(known)].sort());
}

/** Google shows no ranges; what is told is what the prepared groups permit. In several at once, any of them lets in. */
async function loginRanges(tools: Tools, account: AccountRef, call: CallContext): Answer<readonly string[] | null> {
  const prepared = tools.settings.login_range_groups;
  if (prepared.length === 0) return ok(null);
  const inside = await rangeGroupsOf(tools, account, call);
  if (!inside.ok) return inside;
  return ok([...new Set(prepared.filter(({ group }) => inside.value.includes(group)).flatMap(({ ranges }) => ranges))]);
}

async function passwordChangedAt(tools: Tools, user: GoogleUser, call: CallContext): Answer<Date | null> {
  const now = tools.runtime.now().getTime();
  const from = new Date(now - LOOK_BACK_MS - SKEW_MS);
  const changes = await passwordChanges(tools, user.primaryEmail, { from, call });
  return changes.ok ? ok(changes.value.items[0]?.at ?? null) : changes;
}

function authorityOf({ settings }: Tools, user: GoogleUser): AccountState['authority'] {
  // Super administrators sign in at Google itself, whatever the single sign-on.
  if (settings.sso !== null && user.isAdmin !== true) return { where: 'federated', from: settings.sso };
  return settings.synced_from === null ? { where: 'here' } : { where: 'synced', from: settings.synced_from };
}

/** One user with everything that Google can tell. */
export async function readState(tools: Tools, account: AccountRef, call: CallContext): Answer<AccountState> {
  const found = await readUser(tools.api, account.accountId, call);
  if (!found.ok) return found;
  const user = found.value;
  const [changedAt, ranges, roles] = await Promise.all([
    tell(passwordChangedAt(tools, user, call)),
    tell(loginRanges(tools, account, call)),
    roleNames(tools, user, account, call),
  ]);
  if (!changedAt.ok) return changedAt;
  if (!ranges.ok) return ranges;
  if (!roles.ok) return roles;
  return ok({
    enabled: user.suspended === null ? null : !user.suspended && user.archived !== true,
    locked: null,
    mustChangePassword: user.changePasswordAtNextLogin,
    passwordChangedAt: changedAt.value,
    twoStepRequired: user.isEnforcedIn2Sv,
    loginRanges: ranges.value,
    protectedBecause: protection(user, tools.settings.admin_email, tools.settings.super_admin),
    authority: authorityOf(tools, user),
    adminRoles: roles.value,
    use: null,
    readAt: tools.runtime.now(),
  });
}

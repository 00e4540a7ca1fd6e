import { ok } from '../../platform/result.js';
import type { AccountState, CallContext } from '../../ports/connector.js';
import { SKEW_MS, UNTOLD, type Answer, type Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { inside } from '../kit/groups.js';
import { ifShown } from '../kit/partial.js';
import { groupsOf } from './membership.js';
import { passwordChanges } from './reports.js';
import { readAssignments, readRoleNames } from './roles.js';
import type { Reading } from './user.js';
import type { Tools } from './tools.js';
import { protection, readUser, type GoogleUser } from './user.js';

/** How far back the last password change is searched for; Google keeps half a year. */
const LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1000;

/** Names of the roles; read only where the account has any, because reading them needs a right of its own. */
async function roleNames(tools: Tools, user: GoogleUser, target: Target): Answer<readonly string[] | null> {
  if (user.isAdmin === false && user.isDelegatedAdmin === false) return ok([]);
  const read = allOf([readAssignments(tools, target).then(ifShown), readRoleNames(tools, target.call).then(ifShown)]);
  return mapped(read, ([assignments, names]) => {
    if (assignments === null) return user.isAdmin === true ? ['Super Admin'] : null;
    const { items, complete } = assignments;
    if (items.length === 0 && !complete) return null;
    return [...new Set(items.map(({ roleId }) => names?.get(roleId) ?? `role ${roleId}`))].sort();
  });
}

/** Google shows no ranges; this is what the prepared groups permit. In several at once, any of them lets in. */
async function loginRanges(tools: Tools, target: Target): Answer<readonly string[] | null> {
  const prepared = tools.settings.login_range_groups;
  if (prepared.length === 0) return ok(null);
  const names = prepared.map(({ group }) => group);
  return mapped(groupsOf(tools).memberships(names, target), (memberships) => {
    const held = inside(memberships);
    return [...new Set(prepared.filter(({ group }) => held.includes(group)).flatMap(({ ranges }) => ranges))];
  });
}

async function passwordChangedAt(tools: Tools, user: GoogleUser, call: CallContext): Answer<Date | null> {
  const from = new Date(tools.runtime.now().getTime() - LOOK_BACK_MS - SKEW_MS);
  return mapped(passwordChanges(tools, user.primaryEmail, from, call), ({ items }) => items[0]?.at ?? null);
}

function authorityOf({ settings }: Tools, user: GoogleUser): AccountState['authority'] {
  // Super administrators sign in at Google itself, even with single sign-on.
  if (settings.sso !== null && user.isAdmin !== true) return { where: 'federated', from: settings.sso };
  return settings.synced_from === null ? { where: 'here' } : { where: 'synced', from: settings.synced_from };
}

/** One user with everything that Google can tell. */
export async function readAccount(tools: Tools, target: Target): Answer<Reading> {
  const found = await readUser(tools.api, target.account.accountId, target.call);
  if (!found.ok) return found;
  const user = { ...found.value, primaryEmail: found.value.primaryEmail || target.account.login };
  const parts = await allOf([
    passwordChangedAt(tools, user, target.call).then(ifShown),
    loginRanges(tools, target).then(ifShown),
    roleNames(tools, user, target),
  ]);
  if (!parts.ok) return parts;
  const [changedAt, ranges, roles] = parts.value;
  const state: AccountState = {
    ...UNTOLD,
    enabled: user.suspended === null ? null : !user.suspended && user.archived !== true,
    mustChangePassword: user.changePasswordAtNextLogin,
    passwordChangedAt: changedAt,
    twoStepRequired: user.isEnforcedIn2Sv,
    loginRanges: ranges,
    protectedBecause: protection(user, tools.settings),
    authority: authorityOf(tools, user),
    adminRoles: roles,
    readAt: tools.runtime.now(),
  };
  return ok({ user, state });
}

import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { AccountRef, AccountState, CallContext, ConnectorFailure } from '../port.js';
import type { OktaApi } from './api.js';
import type { Groups, OktaGroup } from './groups.js';
import { nameOf, readRoles, type OktaRole } from './roles.js';
import { protectedBecause, type Identity, type Self } from './self.js';
import type { OktaSettings } from './settings.js';
import { authorityOf, isEnabled, readUser, useOf, type OktaUser } from './user.js';

/** What every part of the connector works with. */
export interface Parts {
  readonly api: OktaApi;
  readonly groups: Groups;
  readonly self: Self;
  readonly settings: OktaSettings;
  readonly runtime: Runtime;
}

/** Missing rights leave one field untold; a system that is down leaves the whole state untold. */
export function tell<T>(result: Result<T, ConnectorFailure>): Result<T | null, ConnectorFailure> {
  if (result.ok) return result;
  const { kind } = result.error;
  const untold = kind === 'permission' || kind === 'unsupported' || kind === 'licence' || kind === 'ambiguous';
  return untold || kind === 'not_found' ? ok(null) : result;
}

const isIn = (groups: readonly OktaGroup[], name: string): boolean =>
  groups.some((group) => group.profile.name === name && group.type === 'OKTA_GROUP');

/** In several range groups at once, Okta's first matching policy decides, which is not read here: then it is not told. */
function rangesOf(groups: readonly OktaGroup[], settings: OktaSettings): readonly string[] | null {
  if (settings.login_range_groups.length === 0) return null;
  const inside = settings.login_range_groups.filter(({ group }) => isIn(groups, group));
  if (inside.length > 1) return null;
  return inside[0]?.ranges ?? [];
}

const mustChange = ({ status }: OktaUser): boolean | null => {
  if (status === 'PASSWORD_EXPIRED' || status === 'RECOVERY') return true;
  // What a suspended, locked or new account will be asked for is not shown.
  return status === 'ACTIVE' ? false : null;
};

interface Facets {
  readonly user: OktaUser;
  readonly groups: readonly OktaGroup[] | null;
  readonly roles: readonly OktaRole[] | null;
  readonly identity: Identity | null;
}

function stateOf({ user, groups, roles, identity }: Facets, { settings, runtime }: Parts): AccountState {
  const { two_step_group: twoStep } = settings;
  return {
    enabled: isEnabled(user),
    locked: user.status === 'LOCKED_OUT',
    mustChangePassword: mustChange(user),
    passwordChangedAt: user.passwordChanged,
    twoStepRequired: twoStep === null || groups === null ? null : isIn(groups, twoStep),
    loginRanges: groups === null ? null : rangesOf(groups, settings),
    protectedBecause: identity === null ? null : protectedBecause(identity, { id: user.id, roles }),
    authority: authorityOf(user),
    adminRoles: roles === null ? null : roles.map(nameOf),
    use: useOf(user, settings),
    readAt: runtime.now(),
  };
}

export interface Reading {
  readonly user: OktaUser;
  readonly groups: readonly OktaGroup[] | null;
  readonly state: AccountState;
}

/** One account with everything that Okta can tell. The reads run side by side. */
export async function readAccount(
  parts: Parts,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Reading, ConnectorFailure>> {
  const [user, groups, roles, identity] = await Promise.all([
    readUser(parts.api, account, call),
    parts.groups.of(account, call).then(tell),
    readRoles(parts.api, account, call).then(tell),
    parts.self.identity(call).then(tell),
  ]);
  if (!user.ok) return user;
  if (!groups.ok) return groups;
  if (!roles.ok) return roles;
  if (!identity.ok) return identity;
  const facets = { user: user.value, groups: groups.value, roles: roles.value, identity: identity.value };
  return ok({ user: user.value, groups: groups.value, state: stateOf(facets, parts) });
}

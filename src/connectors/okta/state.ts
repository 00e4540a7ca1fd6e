import type { Runtime } from '../../platform/runtime.js';
import type { AccountState } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { holdsAccount, rangesOf } from '../kit/groups.js';
import type { Listed } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import type { OktaApi } from './api.js';
import { membershipsIn, type OktaGroup, type OktaGroups } from './groups.js';
import { nameOf, readRoles, rolesPath } from './roles.js';
import { protectedBecause, type Self } from './self.js';
import type { OktaSettings } from './settings.js';
import { authorityOf, isEnabled, readUser, useOf, type OktaUser } from './user.js';

/** What every part of the connector works with. */
export interface Parts {
  readonly api: OktaApi;
  readonly groups: OktaGroups;
  readonly self: Self;
  readonly settings: OktaSettings;
  readonly runtime: Runtime;
}

export interface Reading {
  readonly user: OktaUser;
  /** `null`: they may not be read. */
  readonly groups: Listed<OktaGroup> | null;
  readonly state: AccountState;
}

function mustChange({ status }: OktaUser): boolean | null {
  if (status === 'PASSWORD_EXPIRED' || status === 'RECOVERY') return true;
  // It is not shown what a suspended, locked or new account will be asked for.
  return status === 'ACTIVE' ? false : null;
}

/** One account with everything that Okta can tell. The reads run in parallel. */
export async function readAccount({ api, groups, self, settings, runtime }: Parts, on: Target): Answer<Reading> {
  const { two_step_group: twoStep, login_range_groups: prepared } = settings;
  const found = await allOf([
    readUser(api, on),
    groups.of(on).then(ifShown),
    readRoles(api, rolesPath(on.account.accountId), on.call).then(ifShown),
    self.identity(on.call).then(ifShown),
  ]);
  return mapped(found, ([user, itsGroups, roles, who]): Reading => {
    const enabled = isEnabled(user);
    const among = (names: readonly string[]) => membershipsIn(itsGroups, names);
    const state: AccountState = {
      enabled,
      locked: enabled === null ? null : user.status === 'LOCKED_OUT',
      mustChangePassword: mustChange(user),
      passwordChangedAt: user.passwordChanged,
      twoStepRequired: holdsAccount(twoStep, among([twoStep ?? ''])),
      // In several range groups at once, Okta's first matching policy decides; policies are not read here.
      loginRanges: rangesOf(prepared, among(prepared.map(({ group }) => group))),
      protectedBecause: who === null ? null : protectedBecause(who, { id: user.id, roles: roles?.items ?? null }),
      authority: authorityOf(user),
      adminRoles: roles?.items.map(nameOf) ?? null,
      use: useOf(user, settings),
      readAt: runtime.now(),
    };
    return { user, groups: itsGroups, state };
  });
}

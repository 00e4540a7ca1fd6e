import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { AccountState, CallContext } from '../../ports/connector.js';
import { refuse, UNTOLD, type Answer, type Outcome, type Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { inside, isInside, isUnknown, readRanges, type RangeGroup } from '../kit/groups.js';
import { ifShown } from '../kit/partial.js';
import type { ScimApi } from './api.js';
import type { PreparedGroups } from './groups.js';
import type { createServiceProvider } from './service-provider.js';
import type { ScimSettings } from './settings.js';
import { readAnyUser, readUser, type ScimUser } from './user.js';

export interface Reader {
  readonly api: ScimApi;
  readonly groups: PreparedGroups;
  readonly provider: ReturnType<typeof createServiceProvider>;
  readonly settings: ScimSettings;
  readonly runtime: Runtime;
}

export interface Reading {
  /** `hidden`: the server shows others; `unseen`: it shows nobody to this token, or the address is wrong. */
  readonly user: ScimUser | 'hidden' | 'unseen';
  readonly state: AccountState;
}

/**
 * Some servers answer 404 or 410 for a deactivated account (RFC 7644 §3.6 leaves it to them): `null`. This is trusted
 * while the server still shows its users, so that a wrong base URL or token proves nothing.
 */
export async function readShown(api: ScimApi, id: string, call: CallContext): Answer<ScimUser | null> {
  const user = await readUser(api, id, call);
  if (user.ok || user.error.kind !== 'not_found') return user;
  return (await readAnyUser(api, call)).ok ? ok(null) : user;
}

/** The groups that let people in from certain ranges only, as the kit knows them. */
export const rangeGroups = ({ login_range_groups }: ScimSettings): readonly RangeGroup[] =>
  login_range_groups.map(({ group_id: group, ranges }) => ({ group, ranges }));

async function adminRoles({ groups, settings }: Reader, target: Target): Answer<readonly string[] | null> {
  const ids = settings.admin_groups.map(({ group_id }) => group_id);
  return mapped(ifShown(await groups.memberships(ids, target)), (found) => {
    const held = inside(found ?? new Map());
    // Ranges in force are reported; that there are none is reported only when every group could have shown it.
    if (ids.length === 0 || found === null || (held.length === 0 && isUnknown(found))) return null;
    return settings.admin_groups.filter(({ group_id }) => held.includes(group_id)).map(({ title }) => title);
  });
}

/** An `externalId` is the provisioning system's own id of the account: it marks a copy. */
function authorityOf({ provisioned_from: from }: ScimSettings, { externalId }: ScimUser): AccountState['authority'] {
  if (from === null || externalId === undefined) return null;
  return externalId === null || externalId === '' ? { where: 'here' } : { where: 'synced', from };
}

/** One account with everything that SCIM can tell: little more than whether it is active. */
export async function readAccount(reader: Reader, target: Target): Answer<Reading> {
  const { api, groups, settings, runtime } = reader;
  const [user, memberships] = await Promise.all([
    readShown(api, target.account.accountId, target.call),
    allOf([
      isInside(groups, settings.two_step_group_id, target),
      readRanges(groups, rangeGroups(settings), target),
      adminRoles(reader, target),
    ]),
  ]);
  const nothing: AccountState = { ...UNTOLD, readAt: runtime.now() };
  if (!user.ok) return user.error.kind === 'not_found' ? ok({ user: 'unseen', state: nothing }) : user;
  const { value: shown } = user;
  return mapped(memberships, ([twoStepRequired, loginRanges, roles]) => ({
    user: shown ?? 'hidden',
    state: {
      ...nothing,
      enabled: shown?.active ?? null,
      twoStepRequired,
      loginRanges,
      authority: shown && authorityOf(settings, shown),
      adminRoles: roles,
    },
  }));
}

/** The state of an account that is shown; a hidden one cannot be distinguished from a deleted one. */
export function stateOf({ settings }: Reader, { user, state }: Reading): Outcome<AccountState> {
  if (user !== 'hidden' && user !== 'unseen') return ok(state);
  return refuse(
    'not_found',
    `${settings.title} shows no such account: it was deleted, or is hidden because it was deactivated; look for it in its console.`,
  );
}

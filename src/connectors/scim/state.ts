import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { AccountRef, AccountState, CallContext, ConnectorFailure } from '../port.js';
import type { ScimApi } from './api.js';
import { isPartial, type ScimFailure } from './failures.js';
import type { Groups } from './groups.js';
import type { createServiceProvider } from './service-provider.js';
import type { ScimSettings } from './settings.js';
import { readUser, type ScimUser } from './user.js';

export interface Reader {
  readonly api: ScimApi;
  readonly groups: Groups;
  readonly provider: ReturnType<typeof createServiceProvider>;
  readonly settings: ScimSettings;
  readonly runtime: Runtime;
}

export interface Reading {
  readonly user: ScimUser;
  readonly state: AccountState;
}

/** Missing rights or a missing group leave one field untold; a system that is down leaves the whole state untold. */
function tell<T>(result: Result<T, ScimFailure>): Result<T | null, ConnectorFailure> {
  if (result.ok) return result;
  return isPartial(result.error) ? ok(null) : result;
}

async function twoStep(
  { groups, settings }: Reader,
  id: string,
  call: CallContext,
): Promise<Result<boolean | null, ConnectorFailure>> {
  const group = settings.two_step_group_id;
  return group === null ? ok(null) : tell(await groups.hasMember(group, id, call));
}

export const rangeGroupIds = ({ login_range_groups }: ScimSettings): readonly string[] =>
  login_range_groups.map(({ group_id }) => group_id);

/** What the prepared groups permit. In several at once, which of them wins is the application's business. */
async function ranges(
  { groups, settings }: Reader,
  id: string,
  call: CallContext,
): Promise<Result<readonly string[] | null, ConnectorFailure>> {
  if (settings.login_range_groups.length === 0) return ok(null);
  const inside = tell(await groups.memberships(rangeGroupIds(settings), id, call));
  if (!inside.ok || inside.value === null) return inside;
  const [only, second] = inside.value;
  if (second !== undefined) return ok(null);
  return ok(settings.login_range_groups.find(({ group_id }) => group_id === only)?.ranges ?? []);
}

async function adminRoles(
  { groups, settings }: Reader,
  id: string,
  call: CallContext,
): Promise<Result<readonly string[] | null, ConnectorFailure>> {
  if (settings.admin_groups.length === 0) return ok(null);
  const inside = tell(
    await groups.memberships(
      settings.admin_groups.map(({ group_id }) => group_id),
      id,
      call,
    ),
  );
  if (!inside.ok || inside.value === null) return inside;
  const held = inside.value;
  return ok(settings.admin_groups.filter(({ group_id }) => held.includes(group_id)).map(({ title }) => title));
}

/** An `externalId` is the provisioning system's own id of the account: it marks a copy. */
function authorityOf({ provisioned_from: from }: ScimSettings, { externalId }: ScimUser): AccountState['authority'] {
  if (from === null) return null;
  return externalId == null || externalId === '' ? { where: 'here' } : { where: 'synced', from };
}

/** One account with everything that SCIM can tell: little more than whether it is active. */
export async function readAccount(
  reader: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Reading, ConnectorFailure>> {
  const id = account.accountId;
  const [user, twoStepRequired, loginRanges, roles] = await Promise.all([
    readUser(reader.api, id, call),
    twoStep(reader, id, call),
    ranges(reader, id, call),
    adminRoles(reader, id, call),
  ]);
  if (!user.ok) return user;
  if (!twoStepRequired.ok) return twoStepRequired;
  if (!loginRanges.ok) return loginRanges;
  if (!roles.ok) return roles;
  return ok({
    user: user.value,
    state: {
      enabled: user.value.active ?? null,
      locked: null,
      mustChangePassword: null,
      passwordChangedAt: null,
      twoStepRequired: twoStepRequired.value,
      loginRanges: loginRanges.value,
      protectedBecause: null,
      authority: authorityOf(reader.settings, user.value),
      adminRoles: roles.value,
      use: null,
      readAt: reader.runtime.now(),
    },
  });
}

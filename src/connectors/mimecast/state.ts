import { err, ok, type Result } from '../../result.js';
import type { AccountRef, AccountState, CallContext, ConnectorFailure } from '../port.js';
import { readUser, type MimecastUser } from './account.js';
import { LOOK_BACK_MS, passwordChanges } from './audit.js';
import type { Reader } from './reader.js';
import { groupsOf, membershipsOf } from './prepared-groups.js';
import { readRoles } from './profile.js';

/** Missing rights or a missing group leave one field untold; a system that is down leaves the whole state untold. */
function tell<T>(result: Result<T, ConnectorFailure>): Result<T | null, ConnectorFailure> {
  if (result.ok) return result;
  const { kind } = result.error;
  return kind === 'permission' || kind === 'not_found' || kind === 'ambiguous' || kind === 'unsupported'
    ? ok(null)
    : result;
}

async function twoStep(
  { groups, settings }: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<boolean | null, ConnectorFailure>> {
  if (settings.two_step_group === null) return ok(null);
  return tell(await groups.hasMember(settings.two_step_group, account, call));
}

/** Mimecast shows no ranges; what is told is what the prepared groups permit. In several at once, precedence is unknown. */
async function ranges(
  reader: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<readonly string[] | null, ConnectorFailure>> {
  if (reader.settings.login_range_groups.length === 0) return ok(null);
  const names = groupsOf(reader.settings, 'limit_login_ips');
  const inside = tell(await membershipsOf(reader, names, account, call));
  if (!inside.ok || inside.value === null) return inside;
  const [first, ...others] = inside.value;
  if (others.length > 0) return ok(null);
  return ok(reader.settings.login_range_groups.find(({ group }) => group === first)?.ranges ?? []);
}

export type ChangedAt = Result<Date | null, ConnectorFailure>;

/** When the password was changed last, as far as the audit log reaches back. */
export async function passwordChangedAt(
  { api, runtime }: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<ChangedAt> {
  const to = runtime.now();
  const changes = tell(
    await passwordChanges(api, account.accountId, new Date(to.getTime() - LOOK_BACK_MS), { to, call }),
  );
  if (!changes.ok || changes.value === null) return changes.ok ? ok(null) : changes;
  return ok(changes.value.complete ? (changes.value.events.at(-1)?.occurredAt ?? null) : null);
}

export interface Reading {
  readonly state: AccountState;
  readonly user: MimecastUser;
}

/** One user with everything that Mimecast can tell. The reads run side by side; `changed` is a look at the audit log that is under way already. */
export async function readAccount(
  reader: Reader,
  account: AccountRef,
  call: CallContext,
  changed: Promise<ChangedAt> = passwordChangedAt(reader, account, call),
): Promise<Result<Reading, ConnectorFailure>> {
  const [user, twoStepRequired, loginRanges, changedAt, roles] = await Promise.all([
    readUser(reader.api, account.accountId, call),
    twoStep(reader, account, call),
    ranges(reader, account, call),
    changed,
    readRoles(reader, account, call),
  ]);
  if (!user.ok) return user;
  if (!twoStepRequired.ok) return err(twoStepRequired.error);
  if (!loginRanges.ok) return err(loginRanges.error);
  if (!changedAt.ok) return err(changedAt.error);
  const adminRoles = tell(roles);
  if (!adminRoles.ok) return err(adminRoles.error);
  const { synced_from: from } = reader.settings;
  const { accountDisabled, accountLocked, forcePasswordChange } = user.value;
  return ok({
    user: user.value,
    state: {
      enabled: accountDisabled === null ? null : !accountDisabled,
      locked: accountLocked,
      mustChangePassword: forcePasswordChange,
      passwordChangedAt: changedAt.value,
      twoStepRequired: twoStepRequired.value,
      loginRanges: loginRanges.value,
      protectedBecause: null,
      // Whether this one account is copied is in no answer for one address; the deployment says it for all of them.
      authority: from === null ? null : { where: 'synced', from },
      adminRoles: adminRoles.value,
      use: null,
      readAt: reader.runtime.now(),
    },
  });
}

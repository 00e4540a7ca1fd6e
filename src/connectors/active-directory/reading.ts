import { ok, type Result } from '../../result.js';
import type { AccountRef, AccountState, ConnectorFailure } from '../port.js';
import { type Account, readAccount, toState } from './account.js';
import type { Directory } from './directory.js';
import { groupsHolding } from './memberships.js';
import { groupName, groupsFor, rangesIn } from './prepared-groups.js';
import { privilegedGroups } from './privileges.js';
import type { Session } from './session.js';

/** One account with the groups that matter. */
export interface Reading {
  readonly account: Account;
  readonly state: AccountState;
  /** The configured groups that hold it, also through other groups, by action. */
  readonly quarantinedBy: readonly string[];
  readonly adminOf: readonly string[];
}

/** Reads the account and which of the configured groups hold it, all from one controller. */
export async function read(
  { settings, runtime }: Directory,
  session: Session,
  ref: AccountRef,
): Promise<Result<Reading, ConnectorFailure>> {
  const reading = await readAccount(session, ref);
  if (!reading.ok) return reading;
  const account = reading.value;
  const twoStep = groupsFor(settings, 'require_two_step');
  const twoStepIn = await groupsHolding(session, account, twoStep);
  const rangeIn = await groupsHolding(session, account, groupsFor(settings, 'limit_login_ips'));
  const quarantinedBy = await groupsHolding(session, account, groupsFor(settings, 'quarantine'));
  const adminOf = await groupsHolding(session, account, groupsFor(settings, 'remove_admin_roles'));
  const wellKnown = await privilegedGroups(session, account);
  const facts = {
    twoStepRequired: twoStep.length === 0 ? null : twoStepIn.length > 0,
    loginRanges: rangesIn(settings, rangeIn),
    adminRoles: [...new Set([...wellKnown, ...adminOf.map(groupName)])],
  };
  return ok({ account, state: toState(account, facts, runtime.now()), quarantinedBy, adminOf });
}

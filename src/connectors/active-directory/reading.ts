import { ok } from '../../platform/result.js';
import type { AccountRef, AccountState } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { holdsAccount, inside, rangesOf, type Membership } from '../kit/groups.js';
import { type Account, readAccount, toState } from './account.js';
import type { Directory } from './directory.js';
import { groupName, membershipsOf, preparedGroups, rangeGroups } from './groups.js';
import { privilegedGroups } from './privileges.js';
import { readClock } from './root-dse.js';
import type { Session } from './session.js';

/** One account with the relevant groups. */
export interface Reading {
  readonly account: Account;
  readonly state: AccountState;
  /** The configured groups, and whether they contain it, also through other groups. */
  readonly memberships: ReadonlyMap<string, Membership>;
  /** How far our clock is ahead of the controller's; 0 when unknown. */
  readonly aheadMs: number;
}

/** Reads the account and which of the configured groups contain it, all from one controller. */
export async function read({ settings, runtime }: Directory, session: Session, ref: AccountRef): Answer<Reading> {
  const reading = await readAccount(session, ref);
  if (!reading.ok) return reading;
  const account = reading.value;
  const memberships = await membershipsOf(session, account, [...preparedGroups(settings).keys()]);
  const among = (dns: readonly string[]) => new Map([...memberships].filter(([dn]) => dns.includes(dn)));
  const prepared = rangeGroups(settings);
  const wellKnown = await privilegedGroups(session, account);
  const clock = await readClock(session);
  const adminOf = inside(among(settings.admin_group_dns)).map(groupName);
  const { expiresAt } = account;
  const facts = {
    expired: expiresAt !== null && expiresAt <= (clock ?? runtime.now()),
    twoStepRequired: holdsAccount(settings.two_step_group_dn, memberships),
    loginRanges: rangesOf(prepared, among(prepared.map(({ group }) => group))),
    // What is in force is told; that there is nothing, only where it would have been shown.
    adminRoles: wellKnown === null && adminOf.length === 0 ? null : [...new Set([...(wellKnown ?? []), ...adminOf])],
  };
  return ok({
    account,
    state: toState(account, facts, runtime.now()),
    memberships,
    aheadMs: clock === null ? 0 : runtime.now().getTime() - clock.getTime(),
  });
}

import { Attribute, Change, ResultCodeError } from 'ldapts';
import { err, ok } from '../../platform/result.js';
import type { ActionKind, ConnectorFailure, Receipt } from '../../ports/connector.js';
import { afterPart, ALREADY, changed, refuse, type Answer, type Target } from '../kit/action.js';
import { usesOf, type Groups, type Membership, type Move, type RangeGroup } from '../kit/groups.js';
import type { Account } from './account.js';
import type { GroupChange } from './attributes.js';
import { onAccount, type Directory } from './directory.js';
import { integer } from './entry.js';
import { classify, unlessMissing } from './failures.js';
import { equal, memberOfNested } from './filter.js';
import type { Session } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

/** `CN=Domain Admins,CN=Users,DC=…` the way people say it: `Domain Admins`. */
export function groupName(dn: string): string {
  const [, name] = /^[^=]+=((?:\\.|[^,\\])+)/.exec(dn) ?? [];
  return name === undefined ? dn : name.replace(/\\(.)/g, '$1');
}

/** The groups that let people in from certain ranges only, as the kit knows them. */
export const rangeGroups = ({ login_range_groups }: ActiveDirectorySettings): readonly RangeGroup[] =>
  login_range_groups.map(({ group_dn: group, ranges }) => ({ group, ranges }));

/** Every group that the settings name, with its actions. */
export const preparedGroups = (settings: ActiveDirectorySettings): ReadonlyMap<string, readonly ActionKind[]> =>
  usesOf({
    require_two_step: [settings.two_step_group_dn],
    quarantine: settings.quarantine_group_dns,
    limit_login_ips: rangeGroups(settings).map(({ group }) => group),
    remove_admin_roles: settings.admin_group_dns,
  });

/** The right to change a group, in the vendor's words. */
export const memberRight = (groupDn: string): string => `Write member on ${groupDn}`;

type Asks = (session: Session, account: Account, groupDn: string) => Promise<boolean>;

const answersTo = async (session: Session, dn: string, filter: string): Promise<boolean> =>
  (await session.search(dn, { scope: 'base', filter, attributes: ['objectGUID'] })).length > 0;

/** Whether the account is in the group, also through groups in groups. */
const isInGroup: Asks = (session, account, groupDn) => answersTo(session, account.dn, memberOfNested(groupDn));

async function askEach(
  session: Session,
  account: Account,
  groupDns: readonly string[],
  isIn: Asks,
): Promise<ReadonlyMap<string, Membership>> {
  const found: [string, Membership][] = [];
  for (const dn of groupDns) found.push([dn, (await isIn(session, account, dn)) ? 'inside' : 'outside']);
  return new Map(found);
}

/** Whether the account is in each of the groups, also through groups in groups. */
export const membershipsOf = (session: Session, account: Account, groupDns: readonly string[]) =>
  askEach(session, account, groupDns, isInGroup);

/** Whether the group lists the account directly: only such a group can be left. A deleted group contains nobody. */
const isDirectMember: Asks = (session, account, groupDn) =>
  unlessMissing(answersTo(session, groupDn, equal('member', account.dn)), false);

/** `join`: membership through another group is enough. `join_directly`: the group must list the account directly. */
type Step = 'join' | 'join_directly' | 'leave';

const memberChange = (operation: 'add' | 'delete', { member }: GroupChange): Change =>
  new Change({ operation, modification: new Attribute({ type: 'member', values: [member] }) });

/** Adds or removes; nothing is written where it is already so. */
async function changeMembership(session: Session, account: Account, groupDn: string, step: Step): Answer<Receipt> {
  const operation = step === 'leave' ? 'delete' : 'add';
  const change = memberChange(operation, { member: account.dn });
  try {
    const isIn = step === 'join' ? isInGroup : isDirectMember;
    if ((await isIn(session, account, groupDn)) === (step !== 'leave')) return ok(ALREADY);
    await session.modify(groupDn, [change]);
    return ok(changed());
  } catch (error) {
    if (saysNothingToDo(error, operation)) return ok(ALREADY);
    const failure = classify(error, { writeSent: session.writeSent, right: memberRight(groupDn) });
    if (failure.kind === 'permission' && (await isProtectedGroup(session, groupDn)))
      return refuse(
        'protected_account',
        `${groupDn} is one of the groups that AdminSDHolder guards (adminCount=1): delegated rights do not reach it. A domain administrator must change it by hand.`,
      );
    if (failure.kind !== 'not_found') return err(failure);
    const message = `Active Directory has no group ${groupDn}; correct it in the configuration.`;
    return err({ kind: 'invalid_input', field: 'group_dn', message });
  }
}

async function isProtectedGroup(session: Session, groupDn: string): Promise<boolean> {
  const [group] = await session.search(groupDn, { scope: 'base', attributes: ['adminCount'] });
  return group !== undefined && integer(group, 'adminCount') === 1;
}

/**
 * The answer after a race: somebody else was faster. Adding a member twice is 68; removing a non-member is 53, on
 * Windows with code 00000561.
 */
function saysNothingToDo(error: unknown, operation: 'add' | 'delete'): boolean {
  if (!(error instanceof ResultCodeError)) return false;
  if (operation === 'add') return error.code === 68 || error.message.startsWith('00000562');
  return error.code === 16 || (error.code === 53 && /already deleted|00000561/.test(error.message));
}

/**
 * Joins, then leaves: in between the account is never in fewer groups than it should be, and if one could not be joined
 * none is left. Continues where one of a kind fails, so that the others take effect; the first failure is reported.
 */
async function changeMemberships(
  session: Session,
  account: Account,
  { join, leave, directly = false }: Move,
): Answer<Receipt> {
  let receipt = ALREADY;
  let failure: ConnectorFailure | null = null;
  const steps: readonly (readonly [string, Step])[] = [
    ...join.map((dn) => [dn, directly ? 'join_directly' : 'join'] as const),
    ...leave.map((dn) => [dn, 'leave'] as const),
  ];
  for (const [groupDn, step] of steps) {
    if (step === 'leave' && failure !== null && join.length > 0) break;
    const done = await changeMembership(session, account, groupDn, step);
    if (!done.ok && (done.error.kind === 'unknown_outcome' || done.error.kind === 'transient'))
      return err(afterPart(receipt, done.error));
    if (!done.ok) failure ??= done.error;
    else if (!done.value.alreadyDone) receipt = done.value;
  }
  return failure === null ? ok(receipt) : err(failure);
}

/** Prepared groups over one connection for each operation. It reports, adds and removes direct memberships. */
export function groupsOf(directory: Directory): Groups {
  const move = (change: Move, target: Target): Answer<Receipt> =>
    onAccount(directory, target, (session, account) => changeMemberships(session, account, change));
  return {
    move,
    join: (group, target) => move({ join: [group], leave: [] }, target),
    leave: (group, target) => move({ join: [], leave: [group] }, target),
    memberships: (groups, target) =>
      onAccount(directory, target, async (session, account) =>
        ok(await askEach(session, account, groups, isDirectMember)),
      ),
  };
}

import { Attribute, Change, ResultCodeError } from 'ldapts';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure, Receipt } from '../port.js';
import type { Account } from './account.js';
import { integer } from './entry.js';
import { classify, isMissing } from './failures.js';
import { escapeFilterValue, memberOfNested } from './filter.js';
import type { Session } from './session.js';

type Done = Result<Receipt, ConnectorFailure>;

const done = (alreadyDone: boolean): Done => ok({ alreadyDone, requestId: null });

/** The right to change a group, in the vendor's words. */
export const memberRight = (groupDn: string): string => `Write member on ${groupDn}`;

/** Whether the account is in the group, also through groups in groups. */
export async function isInGroup(session: Session, account: Account, groupDn: string): Promise<boolean> {
  const found = await session.search(account.dn, {
    scope: 'base',
    filter: memberOfNested(groupDn),
    attributes: ['objectGUID'],
  });
  return found.length > 0;
}

/** Those of the groups that the account is in, also through groups in groups; in the order given. */
export async function groupsHolding(
  session: Session,
  account: Account,
  groupDns: readonly string[],
): Promise<readonly string[]> {
  const holding: string[] = [];
  for (const groupDn of groupDns) if (await isInGroup(session, account, groupDn)) holding.push(groupDn);
  return holding;
}

/** Those of the groups that name the account themselves: only these can be left. A group that is gone holds nobody. */
export async function directGroups(
  session: Session,
  account: Account,
  groupDns: readonly string[],
): Promise<readonly string[]> {
  const direct: string[] = [];
  for (const groupDn of groupDns) if (await isDirectMember(session, account, groupDn)) direct.push(groupDn);
  return direct;
}

async function isDirectMember(session: Session, account: Account, groupDn: string): Promise<boolean> {
  try {
    const found = await session.search(groupDn, {
      scope: 'base',
      filter: `(member=${escapeFilterValue(account.dn)})`,
      attributes: ['objectGUID'],
    });
    return found.length > 0;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** `join`: membership through another group will do. `join_directly`: the group shall name the account itself. */
type Step = 'join' | 'join_directly' | 'leave';

/** Adds or takes away; nothing is written where it already holds. */
async function changeMembership(session: Session, account: Account, groupDn: string, step: Step): Promise<Done> {
  const operation = step === 'leave' ? 'delete' : 'add';
  const change = new Change({ operation, modification: new Attribute({ type: 'member', values: [account.dn] }) });
  try {
    const isIn =
      step === 'join' ? await isInGroup(session, account, groupDn) : await isDirectMember(session, account, groupDn);
    if (isIn === (step !== 'leave')) return done(true);
    await session.modify(groupDn, [change]);
    return done(false);
  } catch (error) {
    if (saysNothingToDo(error, operation)) return done(true);
    const refused = { writeSent: session.writeSent, right: memberRight(groupDn) };
    const failure = classify(error, refused);
    if (failure.kind === 'permission' && (await isProtectedGroup(session, groupDn)))
      return err(protectedGroup(groupDn));
    return err(failure.kind === 'not_found' ? noSuchGroup(groupDn) : failure);
  }
}

const noSuchGroup = (groupDn: string): ConnectorFailure => ({
  kind: 'invalid_input',
  field: 'group_dn',
  message: `Active Directory has no group ${groupDn}; correct it in the configuration.`,
});

const protectedGroup = (groupDn: string): ConnectorFailure => ({
  kind: 'protected_account',
  message: `${groupDn} is one of the groups that AdminSDHolder guards (adminCount=1): delegated rights do not reach it. A domain administrator must change it by hand.`,
});

async function isProtectedGroup(session: Session, groupDn: string): Promise<boolean> {
  const [group] = await session.search(groupDn, { scope: 'base', attributes: ['adminCount'] });
  return group !== undefined && integer(group, 'adminCount') === 1;
}

/** What a race leaves over: somebody else was faster. Adding a member twice is 68; removing a stranger is 53, on Windows with code 00000561. */
function saysNothingToDo(error: unknown, operation: 'add' | 'delete'): boolean {
  if (!(error instanceof ResultCodeError)) return false;
  if (operation === 'add') return error.code === 68 || error.message.startsWith('00000562');
  return error.code === 16 || (error.code === 53 && /already deleted|00000561/.test(error.message));
}

const PART_DONE: ConnectorFailure = {
  kind: 'unknown_outcome',
  message: 'Some groups were changed before the domain controller failed; read the account back before repeating it.',
};

/**
 * Joins and leaves, in this order: in between the account is never in fewer groups than it shall be. Goes on where one
 * fails, so that the others hold; the first failure is told.
 */
export async function changeMemberships(
  session: Session,
  account: Account,
  wanted: { readonly join: readonly string[]; readonly leave: readonly string[]; readonly directly?: boolean },
): Promise<Done> {
  let alreadyDone = true;
  let failure: ConnectorFailure | null = null;
  const join: Step = wanted.directly === true ? 'join_directly' : 'join';
  const steps: readonly (readonly [string, Step])[] = [
    ...wanted.join.map((dn) => [dn, join] as const),
    ...wanted.leave.map((dn) => [dn, 'leave'] as const),
  ];
  for (const [groupDn, step] of steps) {
    const changed = await changeMembership(session, account, groupDn, step);
    if (!changed.ok && changed.error.kind === 'unknown_outcome') return changed;
    if (!changed.ok && changed.error.kind === 'transient') return err(alreadyDone ? changed.error : PART_DONE);
    if (!changed.ok) failure ??= changed.error;
    else alreadyDone &&= changed.value.alreadyDone;
  }
  return failure === null ? done(alreadyDone) : err(failure);
}

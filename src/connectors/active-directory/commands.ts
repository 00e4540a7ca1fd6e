import { Attribute, Change, ResultCodeError } from 'ldapts';
import { err, ok, type Result } from '../../result.js';
import type { Secret } from '../../secret.js';
import type { AccountRef, Command, ConnectorFailure, Receipt } from '../port.js';
import { type Account, DISABLED, isInGroup, readAccount } from './account.js';
import { RIGHTS } from './capabilities.js';
import { classify } from './failures.js';
import { escapeFilterValue } from './filter.js';
import type { Session } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

type Done = Result<Receipt, ConnectorFailure>;

const done = (alreadyDone: boolean): Done => ok({ alreadyDone, requestId: null });

/** Reads the account, then writes what the command wants; nothing is written where it already holds. */
export async function perform(
  session: Session,
  settings: ActiveDirectorySettings,
  command: Command,
  ref: AccountRef,
): Promise<Done> {
  if (command.kind === 'revoke_sessions' || command.kind === 'limit_login_ips') return unsupported(command.kind);
  const group = settings.two_step_group_dn;
  if (command.kind === 'require_two_step' && group === null) return unsupported(command.kind);
  const reading = await readAccount(session, ref);
  if (!reading.ok) return reading;
  const account = reading.value;
  switch (command.kind) {
    case 'reset_password':
      return resetPassword(session, account, command.password);
    case 'disable_account':
      return disable(session, account);
    case 'enable_account':
      return enable(session, account);
    case 'require_two_step':
      return group === null ? unsupported(command.kind) : changeMembership(session, account, group, 'add');
  }
}

/** Takes the account out of the group; says `alreadyDone` when it was no direct member. */
export async function leaveGroup(session: Session, ref: AccountRef, groupDn: string): Promise<Done> {
  const reading = await readAccount(session, ref);
  return reading.ok ? changeMembership(session, reading.value, groupDn, 'delete') : reading;
}

/**
 * New password and "must change at next logon", together in one modify. Sent twice with the same password: Active
 * Directory takes the previous password for up to an hour (OldPasswordAllowedPeriod) once the demand to change is
 * lifted or where it is not enforced, and the second write pushes the stolen one out of that place.
 */
async function resetPassword(session: Session, account: Account, password: Secret): Promise<Done> {
  const changes = [replace('unicodePwd', encodePassword(password)), replace('pwdLastSet', '0')];
  const attempt = { right: `${RIGHTS.reset} and ${RIGHTS.pwdLastSet}`, protectedAccount: account.adminCount };
  const first = await write(session, account.dn, changes, attempt);
  if (!first.ok) return first;
  const second = await write(session, account.dn, changes, attempt);
  if (second.ok) return second;
  return err({
    kind: 'unknown_outcome',
    message:
      'The password was set once, but the second write that pushes the old one out failed; read back, then repeat.',
  });
}

async function disable(session: Session, account: Account): Promise<Done> {
  if ((account.userAccountControl & DISABLED) !== 0) return done(true);
  const changes = [replace('userAccountControl', String(account.userAccountControl | DISABLED))];
  return write(session, account.dn, changes, {
    right: RIGHTS.userAccountControl,
    protectedAccount: account.adminCount,
  });
}

/** Enables and unlocks, in one modify. Only 0 may be written to lockoutTime. */
async function enable(session: Session, account: Account): Promise<Done> {
  const disabled = (account.userAccountControl & DISABLED) !== 0;
  if (!disabled && !account.lockRecorded) return done(true);
  const changes = [
    ...(disabled ? [replace('userAccountControl', String(account.userAccountControl & ~DISABLED))] : []),
    ...(account.lockRecorded ? [replace('lockoutTime', '0')] : []),
  ];
  const rights = [
    ...(disabled ? [RIGHTS.userAccountControl] : []),
    ...(account.lockRecorded ? [RIGHTS.lockoutTime] : []),
  ];
  return write(session, account.dn, changes, { right: rights.join(' and '), protectedAccount: account.adminCount });
}

async function changeMembership(
  session: Session,
  account: Account,
  groupDn: string,
  operation: 'add' | 'delete',
): Promise<Done> {
  const change = new Change({ operation, modification: new Attribute({ type: 'member', values: [account.dn] }) });
  try {
    const nothingToDo =
      operation === 'add'
        ? await isInGroup(session, account, groupDn)
        : !(await isDirectMember(session, account, groupDn));
    if (nothingToDo) return done(true);
    await session.modify(groupDn, [change]);
    return done(false);
  } catch (error) {
    if (saysNothingToDo(error, operation)) return done(true);
    const failure = classify(error, { writeSent: session.writeSent, right: RIGHTS.member });
    if (failure.kind !== 'not_found') return err(failure);
    return err({
      kind: 'invalid_input',
      field: 'two_step_group_dn',
      message:
        'Active Directory has no group with the name in two_step_group_dn; set it to the DN of the prepared group.',
    });
  }
}

/** Only a direct member can leave; one through another group stays where it is. */
async function isDirectMember(session: Session, account: Account, groupDn: string): Promise<boolean> {
  const found = await session.search(groupDn, {
    scope: 'base',
    filter: `(member=${escapeFilterValue(account.dn)})`,
    attributes: ['objectGUID'],
  });
  return found.length > 0;
}

/** What a race leaves over: somebody else was faster. Adding a member twice is 68; removing a stranger is 53, on Windows with code 00000561. */
function saysNothingToDo(error: unknown, operation: 'add' | 'delete'): boolean {
  if (!(error instanceof ResultCodeError)) return false;
  if (operation === 'add') return error.code === 68 || error.message.startsWith('00000562');
  return error.code === 16 || (error.code === 53 && /already deleted|00000561/.test(error.message));
}

async function write(
  session: Session,
  dn: string,
  changes: readonly Change[],
  attempt: { readonly right: string; readonly protectedAccount: boolean },
): Promise<Done> {
  try {
    await session.modify(dn, changes);
    return done(false);
  } catch (error) {
    return err(classify(error, { ...attempt, writeSent: session.writeSent }));
  }
}

function replace(type: string, value: string | Buffer): Change {
  return new Change({ operation: 'replace', modification: new Attribute({ type, values: valuesOf(value) }) });
}

function valuesOf(value: string | Buffer): string[] | Buffer[] {
  return typeof value === 'string' ? [value] : [value];
}

/** `unicodePwd` takes the password in double quotes, in UTF-16 little-endian (MS-ADTS 3.1.1.3.1.5). */
function encodePassword(password: Secret): Buffer {
  return Buffer.from(`"${password.reveal()}"`, 'utf16le');
}

function unsupported(kind: Command['kind']): Done {
  return err({
    kind: 'unsupported',
    message: `Active Directory cannot do this over LDAP (${kind.replaceAll('_', ' ')}); do the named steps by hand.`,
  });
}

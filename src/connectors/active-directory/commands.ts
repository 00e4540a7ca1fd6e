import { err, ok, type Result } from '../../result.js';
import type { AccountRef, Command, ConnectorFailure, Receipt } from '../port.js';
import { type Account, DISABLED, readAccount } from './account.js';
import { RIGHTS } from './capabilities.js';
import type { Directory } from './directory.js';
import { changeMemberships } from './memberships.js';
import { resetPassword } from './password.js';
import { wantedBy } from './prepared-groups.js';
import type { Session } from './session.js';
import { replace, write } from './writing.js';

type Done = Result<Receipt, ConnectorFailure>;

const done = (alreadyDone: boolean): Done => ok({ alreadyDone, requestId: null });

/** What each command writes; `null` for those that LDAP cannot carry out here. */
function writerOf(
  { settings, runtime }: Directory,
  command: Command,
): ((session: Session, account: Account) => Promise<Done>) | null {
  switch (command.kind) {
    case 'reset_password':
      return (session, account) => resetPassword(session, account, command.password, runtime);
    case 'disable_account':
      return disable;
    case 'enable_account':
      return enable;
    default: {
      const wanted = wantedBy(settings, command);
      return wanted === null ? null : (session, account) => changeMemberships(session, account, wanted);
    }
  }
}

/** Reads the account, then writes what the command wants; nothing is written where it already holds. */
export async function perform(
  directory: Directory,
  session: Session,
  command: Command,
  ref: AccountRef,
): Promise<Done> {
  const writer = writerOf(directory, command);
  if (writer === null) return err(unsupported(command.kind));
  const reading = await readAccount(session, ref);
  return reading.ok ? writer(session, reading.value) : reading;
}

export async function disable(session: Session, account: Account): Promise<Done> {
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

/** Enables without unlocking: an undo puts back what was, and no more. */
export async function enableOnly(session: Session, account: Account): Promise<Done> {
  if ((account.userAccountControl & DISABLED) === 0) return done(true);
  const changes = [replace('userAccountControl', String(account.userAccountControl & ~DISABLED))];
  return write(session, account.dn, changes, {
    right: RIGHTS.userAccountControl,
    protectedAccount: account.adminCount,
  });
}

export const unsupported = (kind: Command['kind']): ConnectorFailure => ({
  kind: 'unsupported',
  message: `Active Directory cannot do this over LDAP (${kind.replaceAll('_', ' ')}), or no group was prepared for it; do the named steps by hand.`,
});

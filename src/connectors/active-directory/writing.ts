import { Attribute, Change } from 'ldapts';
import { err, ok } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import { changed, type Answer } from '../kit/action.js';
import type { Account } from './account.js';
import type { AccountChange } from './attributes.js';
import { classify } from './failures.js';
import type { Session } from './session.js';

/** The rights on people that actions need, in Windows' words. */
export const RIGHTS = {
  reset: 'Reset Password (control access right 00299570-246d-11d0-a768-00aa006e0529)',
  pwdLastSet: 'Write pwdLastSet',
  userAccountControl: 'Write userAccountControl',
  lockoutTime: 'Write lockoutTime',
} as const;

/** One modify of an account; a failure is reported with the right that it needs. */
export async function write(
  session: Session,
  account: Account,
  changes: readonly Change[],
  right: string,
): Answer<Receipt> {
  try {
    await session.modify(account.dn, changes);
    return ok(changed());
  } catch (error) {
    const { writeSent } = session;
    return err(classify(error, { right, protectedAccount: account.adminCount, writeSent }));
  }
}

export function replace<Name extends keyof AccountChange>(type: Name, value: AccountChange[Name]): Change {
  const values = Buffer.isBuffer(value) ? [value] : [String(value)];
  return new Change({ operation: 'replace', modification: new Attribute({ type, values }) });
}

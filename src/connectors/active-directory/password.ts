import type { Change } from 'ldapts';
import { err, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { Secret } from '../../secret.js';
import type { ConnectorFailure, Receipt } from '../port.js';
import type { Account } from './account.js';
import { RIGHTS } from './capabilities.js';
import type { Session } from './session.js';
import { replace, write } from './writing.js';

/** Strong enough for any policy: 256 random bits and one of each kind of character. Nobody ever learns it. */
const throwAway = (runtime: Runtime): Secret => new Secret(`Aa1-${runtime.randomBytes(32).toString('base64url')}`);

/** `unicodePwd` takes the password in double quotes, in UTF-16 little-endian (MS-ADTS 3.1.1.3.1.5). */
const encode = (password: Secret): Buffer => Buffer.from(`"${password.reveal()}"`, 'utf16le');

/** A new password and "must change at next logon", together in one modify. */
const setting = (password: Secret): readonly Change[] => [
  replace('unicodePwd', encode(password)),
  replace('pwdLastSet', '0'),
];

/**
 * Sets the given password, then one that nobody knows, then the given one again. Two different passwords stand behind
 * it afterwards, so that the stolen one is neither the present nor the one before, whose key Active Directory goes on
 * taking for up to an hour. The first write is the given one because the domain's policy may refuse it: then nothing
 * has changed. A failure after it is an unknown outcome: read back, and repeat with the same password.
 */
export async function resetPassword(
  session: Session,
  account: Account,
  password: Secret,
  runtime: Runtime,
): Promise<Result<Receipt, ConnectorFailure>> {
  const attempt = { right: `${RIGHTS.reset} and ${RIGHTS.pwdLastSet}`, protectedAccount: account.adminCount };
  const given = setting(password);
  const first = await write(session, account.dn, given, attempt);
  if (!first.ok) return first;
  for (const changes of [setting(throwAway(runtime)), given]) {
    const next = await write(session, account.dn, changes, attempt);
    if (!next.ok) return err(halfWay);
  }
  return first;
}

const halfWay: ConnectorFailure = {
  kind: 'unknown_outcome',
  message:
    'The password was changed, but not all of the writes that push the old one out were answered; read back, then repeat.',
};

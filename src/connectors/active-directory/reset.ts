import { err, ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { Secret } from '../../platform/secret.js';
import type { Receipt } from '../../ports/connector.js';
import { cannotTell, doesNotHold, holds, native, refuse, utc } from '../kit/action.js';
import type { Action, Answer, Verdict } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { Account } from './account.js';
import { onAccount, type Directory } from './directory.js';
import { bindRefusal, classify } from './failures.js';
import type { Reading } from './reading.js';
import { KEYS, REPLICATION, SIGN_IN_TICKET, SMART_CARD, TICKETS } from './residual-access.js';
import type { Session } from './session.js';
import { replace, RIGHTS, write } from './writing.js';

/** Strong enough for any policy: 256 random bits and one of each kind of character. Nobody ever learns it. */
const throwAway = (runtime: Runtime): Secret => new Secret(`Aa1-${runtime.randomBytes(32).toString('base64url')}`);

/** `unicodePwd` takes the password in double quotes, in UTF-16 little-endian (MS-ADTS 3.1.1.3.1.5). */
const encode = (password: Secret): Buffer => Buffer.from(`"${password.reveal()}"`, 'utf16le');

/** A new password and "must change at next logon", together in one modify. */
const setPassword = (session: Session, account: Account, password: Secret): Answer<Receipt> =>
  write(
    session,
    account,
    [replace('unicodePwd', encode(password)), replace('pwdLastSet', '0')],
    `${RIGHTS.reset} and ${RIGHTS.pwdLastSet}`,
  );

/**
 * Sets the given password, then one that nobody knows, then the given one again. Both the present and the previous
 * password are then new, so that the stolen one is neither: Active Directory keeps accepting the previous one's key for
 * up to an hour. The given one is written first because the domain's policy may refuse it: then nothing has changed. A
 * failure after it is an unknown outcome: read back, and repeat with the same password.
 */
async function reset(session: Session, account: Account, password: Secret, runtime: Runtime): Answer<Receipt> {
  const first = await setPassword(session, account, password);
  if (!first.ok) return first;
  for (const next of [throwAway(runtime), password]) {
    const set = await setPassword(session, account, next);
    if (!set.ok)
      return refuse(
        'unknown_outcome',
        'The password was changed, but not all of the writes that push the old one out were answered; read back, then repeat.',
      );
  }
  return first;
}

/** What a bind with the password shows: `ours` even when the account may not log on for another reason. */
type Proof = 'ours' | 'not_ours' | 'hidden';

/**
 * Sub-codes that Active Directory gives only after it has found the password right; 775 (locked) it gives for any.
 * Seen on Samba for 533, 773 and 775.
 */
const RIGHT_PASSWORD = new Set(['530', '531', '532', '533', '701', '773']);

/** Tries the password as the account. Adds one to badPwdCount when it is wrong. */
async function provePassword(bind: () => Promise<void>): Answer<Proof> {
  try {
    await bind();
    return ok('ours');
  } catch (error) {
    const refusal = bindRefusal(error);
    if (refusal === null) return err(classify(error, { writeSent: false }));
    if (RIGHT_PASSWORD.has(refusal)) return ok('ours');
    return ok(refusal === '775' ? 'hidden' : 'not_ours');
  }
}

/** The clocks of the bot and of the controller may differ by this much before Kerberos itself stops working. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

function judge(account: Account, proof: Proof, since: Date): Verdict {
  const at = account.passwordChangedAt;
  const when = at === null ? 'at an unknown time' : `at ${utc(at)}`;
  if (at !== null && at.getTime() < since.getTime() - CLOCKS_DIFFER_MS)
    return doesNotHold(`The password was last set ${when}, before this reset.`);
  if (proof === 'hidden')
    return cannotTell(
      `The password was last set ${when}; the account is locked, so Active Directory does not tell whose it is.`,
    );
  if (proof === 'not_ours') return doesNotHold(`The password is not the one of this reset; it was last set ${when}.`);
  const proven = `A sign-in proves the new password, set ${when}`;
  if (account.mustChangePassword) return holds(`${proven}; it must be changed at the next logon.`);
  if (account.passwordNeverExpires)
    return holds(`${proven}. The account is marked "password never expires", so Windows will not ask for another.`);
  return account.mustChangePassword === null
    ? cannotTell(`${proven}; whether it must be changed at the next logon, the directory does not show.`)
    : doesNotHold(`${proven}, but it need not be changed at the next logon.`);
}

export const resetPassword = (directory: Directory): Action<'reset_password', Reading> => ({
  can: native(RIGHTS.reset, RIGHTS.pwdLastSet),
  residual: ({ account }) => [account.smartCardRequired ? SMART_CARD : KEYS, ...TICKETS, SIGN_IN_TICKET, REPLICATION],
  perform: (task) =>
    onAccount(directory, task, (session, account) => reset(session, account, task.command.password, directory.runtime)),
  judge({ command, call }, { reading: { account }, since }) {
    const proof = provePassword(() => directory.bindAs(account.dn, command.password, call));
    return mapped(proof, (told) => judge(account, told, since));
  },
});

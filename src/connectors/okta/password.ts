import { err, ok } from '../../platform/result.js';
import { ALREADY, cannotTell, doesNotHold, holds, lasting, lastingUntil, SKEW_MS, utc } from '../kit/action.js';
import type { Action, Answer, Target, Verdict } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import type { Receipt } from '../../ports/connector.js';
import type { Secret } from '../../platform/secret.js';
import type { OktaApi } from './api.js';
import { API_TOKENS } from './grants.js';
import { LINKED } from './identity-providers.js';
import { eventsOf, partyName, rowsSince, type LogRow } from './log.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { isEnabled, readUser, userPath } from './user.js';

export const PASSWORD_SET = ['user.account.reset_password', 'user.account.update_password'] as const;

export const setPassword = (api: OktaApi, { account, call }: Target, password: Secret): Answer<Receipt> =>
  api.change({
    method: 'POST',
    path: userPath(account.accountId),
    json: { credentials: { password: { value: password.reveal() } } },
    call,
  });

export type Verb = 'suspend' | 'unsuspend' | 'unlock' | 'expire_password';
export const lifecycle = (api: OktaApi, { account, call }: Target, verb: Verb): Answer<Receipt> =>
  api.change({ method: 'POST', path: userPath(account.accountId, `/lifecycle/${verb}`), call });

/** Requires a new password. Okta may refuse because it is required already: then that is read. */
export async function expirePassword(api: OktaApi, on: Target): Answer<Receipt> {
  const expired = await lifecycle(api, on, 'expire_password');
  if (expired.ok || expired.error.kind !== 'conflict') return expired;
  return andThen(readUser(api, on), ({ status }) => (status === 'PASSWORD_EXPIRED' ? ok(ALREADY) : expired));
}

/** Why Okta refused because of the status, in helpful words; a locked account is unlocked and tried once more. */
async function setInAnyState(api: OktaApi, on: Target, password: Secret): Answer<Receipt> {
  const set = await setPassword(api, on, password);
  if (set.ok || set.error.kind !== 'conflict') return set;
  const user = await readUser(api, on);
  if (!user.ok) return user;
  if (user.value.status === 'LOCKED_OUT')
    return andThen(lifecycle(api, on, 'unlock'), () => setPassword(api, on, password));
  const message = `Okta sets no password while the status is ${user.value.status}; enable the account first, then reset, then disable it again.`;
  return err({ ...set.error, message });
}

async function reset(api: OktaApi, on: Target, password: Secret): Answer<Receipt> {
  const set = await setInAnyState(api, on, password);
  if (!set.ok && set.error.kind !== 'unknown_outcome') return set;
  // Also when that answer was lost: an expired password is safe whichever password is set, and the read-back tells
  // which.
  const expired = await expirePassword(api, on);
  if (!set.ok || !expired.ok) return set.ok ? expired : set;
  return ok({ alreadyDone: false, requestId: expired.value.requestId ?? set.value.requestId });
}

/**
 * Both halves must have been read: that the password was changed since, and that a new one is required. The log adds
 * whether others changed it as well; it comes late, so its silence proves nothing.
 */
function judgeReset({ user }: Reading, rows: readonly LogRow[], since: Date): Verdict {
  const changed = user.passwordChanged;
  if (changed === null) return cannotTell('Okta does not show when the password was changed.');
  const at = utc(changed);
  if (changed.getTime() < since.getTime() - SKEW_MS)
    return doesNotHold(`Okta shows no password change since ${utc(since)}.`);
  if (new Set(rows.map((row) => partyName(row.actor))).size > 1)
    return cannotTell(
      `Several people changed the password since ${utc(since)}, the last at ${at}: Okta does not tell whose holds.`,
    );
  if (isEnabled(user) === null)
    return cannotTell(
      `Okta changed the password at ${at}; the status is ${user.status}, which does not tell whether a new one is demanded.`,
    );
  switch (user.status) {
    case 'PASSWORD_EXPIRED':
      return holds(`Okta changed the password at ${at} and asks for a new one at the next sign-in.`);
    case 'SUSPENDED':
      return cannotTell(
        `Okta changed the password at ${at}; the account is suspended, and whether a new password is demanded shows only afterwards.`,
      );
    default:
      return doesNotHold(
        `Okta changed the password at ${at} but asks for no new one (status ${user.status}): the change was not finished, or somebody has set another password since.`,
      );
  }
}

export const resetPassword = ({ api }: Parts): Action<'reset_password', Reading> => ({
  can: scopes(SCOPE.manageUsers),
  perform: (task) => reset(api, task, task.command.password),
  judge(on, { reading, since }) {
    const rows = rowsSince(api, { filter: eventsOf(PASSWORD_SET, 'target', on), since }, on.call);
    return mapped(rows, (told) => judgeReset(reading, told ?? [], since));
  },
  residual: [
    lastingUntil('Open Okta sessions and refresh tokens, until they are revoked', 'revoke_sessions'),
    lasting('Sessions that applications keep for themselves, and access tokens, until each ends'),
    API_TOKENS,
    LINKED,
  ],
});

import { ok } from '../../platform/result.js';
import { Secret } from '../../platform/secret.js';
import { ALREADY, cannotTell, doesNotHold, holds, refuse, lasting, unsupported } from '../kit/action.js';
import type { Action, Answer, Target, Undo, Verdict } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import type { Facts, Receipt } from '../../ports/connector.js';
import { expirePassword, lifecycle, setPassword } from './password.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { isEnabled, readUser, UNREAD_STATUS, type OktaUser } from './user.js';

/**
 * Long and with every kind of character, for an account that nobody should open. In pairs, so that chance never forms a
 * part of the person's name, which Okta would refuse; at most 72 characters, which is Okta's limit.
 */
const unknowable = ({ runtime }: Parts): Secret =>
  new Secret(`aA1!${(runtime.randomBytes(20).toString('hex').match(/../g) ?? []).join('-')}`);

/** Okta suspends from ACTIVE only: other statuses are brought there in a way that lets nobody in. */
function makeActive(parts: Parts, on: Target, { status }: OktaUser): Answer<Receipt> {
  switch (status) {
    case 'LOCKED_OUT':
      return lifecycle(parts.api, on, 'unlock');
    case 'PASSWORD_EXPIRED':
    case 'RECOVERY':
      return setPassword(parts.api, on, unknowable(parts));
    default:
      return Promise.resolve(ok(ALREADY));
  }
}

/**
 * Suspends. "Cannot suspend a user that is not active" is not yet success: an expired or locked account can still be
 * signed in to, so the status decides what that answer means.
 */
async function suspend(parts: Parts, on: Target): Answer<Receipt> {
  const first = await lifecycle(parts.api, on, 'suspend');
  if (first.ok || first.error.kind !== 'conflict') return first;
  const user = await readUser(parts.api, on);
  if (!user.ok) return user;
  const enabled = isEnabled(user.value);
  if (enabled !== true) return enabled === false ? ok(ALREADY) : first;
  if (user.value.status === 'PROVISIONED')
    return refuse(
      'conflict',
      'This account was never activated, and Okta suspends active accounts only; deactivate it by hand.',
    );
  return andThen(makeActive(parts, on, user.value), () => lifecycle(parts.api, on, 'suspend'));
}

async function unsuspend({ api }: Parts, on: Target): Answer<Receipt> {
  const first = await lifecycle(api, on, 'unsuspend');
  if (first.ok || first.error.kind !== 'conflict') return first;
  return andThen(readUser(api, on), (user) => {
    if (user.status === 'LOCKED_OUT') return lifecycle(api, on, 'unlock');
    return isEnabled(user) === true ? ok(ALREADY) : first;
  });
}

/** From suspended back to the earlier status, and no further: an account that required a new password does so again. */
async function resume({ api }: Parts, on: Target, wanted: string, present: OktaUser): Answer<Receipt> {
  if (wanted !== 'ACTIVE' && wanted !== 'PASSWORD_EXPIRED' && wanted !== 'RECOVERY')
    return unsupported(
      `The account was ${wanted} before, and Okta cannot bring it back there; decide its status by hand in Okta.`,
    );
  const enabled = present.status === 'SUSPENDED' ? await lifecycle(api, on, 'unsuspend') : ok(ALREADY);
  return enabled.ok && wanted !== 'ACTIVE' ? expirePassword(api, on) : enabled;
}

const undoOf = (parts: Parts): Undo<'disable_account' | 'enable_account'> => ({
  capture: (on) => mapped(readUser(parts.api, on), ({ status }): Facts => (status === UNREAD_STATUS ? {} : { status })),
  restore: (on, { status: wanted }) =>
    andThen(readUser(parts.api, on), (user) => {
      if (wanted === user.status) return ok(ALREADY);
      return wanted === 'SUSPENDED' ? suspend(parts, on) : resume(parts, on, String(wanted), user);
    }),
});

/** `usable`: whether the action wants the account to be usable. */
function judge({ user }: Reading, usable: boolean): Verdict {
  const enabled = isEnabled(user);
  const said = `The Okta account has the status ${user.status}`;
  if (enabled === null) return cannotTell(`${said}, which Notme does not know; look at it in the Okta Admin Console.`);
  if (!usable) return enabled ? doesNotHold(`${said}: it can be used.`) : holds(`${said}: nobody can sign in to it.`);
  return enabled && user.status !== 'LOCKED_OUT' ? holds(`${said}.`) : doesNotHold(`${said}: it cannot be used.`);
}

export const disableAccount = (parts: Parts): Action<'disable_account', Reading> => ({
  can: scopes(SCOPE.manageUsers),
  perform: (on) => suspend(parts, on),
  judge: (_on, { reading }) => judge(reading, false),
  undo: undoOf(parts),
  residual: [
    lasting('Sessions that web and native applications keep for themselves, and access tokens'),
    lasting(
      'The password of a reset that came before: Okta suspends no account with an expired password, so it was replaced by one nobody knows; reset again after enabling',
    ),
  ],
});

export const enableAccount = (parts: Parts): Action<'enable_account', Reading> => ({
  can: scopes(SCOPE.manageUsers),
  perform: (on) => unsuspend(parts, on),
  judge: (_on, { reading }) => judge(reading, true),
  undo: undoOf(parts),
});

import { err, ok } from '../../result.js';
import type { Facts } from '../port.js';
import { Secret } from '../../secret.js';
import { doesNotHold, holds, unsupported, type Action, type On, type Outcome, type Undo } from './action.js';
import { expirePassword, lifecycle, setPassword } from './password.js';
import type { Parts } from './state.js';
import { isEnabled, readUser, type OktaUser } from './user.js';

const done = (requestId: string | null): Outcome => ok({ alreadyDone: false, requestId });
const already: Outcome = ok({ alreadyDone: true, requestId: null });

/** Long and of every kind of character, for an account that nobody is to open. */
const unknowable = ({ runtime }: Parts): Secret => new Secret(`aA1!${runtime.randomBytes(30).toString('base64url')}`);

/** Okta suspends from ACTIVE only: what is in between is brought there by a way that lets nobody in. */
async function makeActive(parts: Parts, on: On, { status }: OktaUser): Promise<Outcome | null> {
  switch (status) {
    case 'LOCKED_OUT': {
      const unlocked = await lifecycle(parts, on, 'unlock');
      return unlocked.ok ? null : unlocked;
    }
    case 'PASSWORD_EXPIRED':
    case 'RECOVERY': {
      const set = await setPassword(parts, on, unknowable(parts));
      return set.ok ? null : set;
    }
    default:
      return null;
  }
}

/**
 * Suspends. "Cannot suspend a user that is not active" is not yet success: an expired or locked account can still be
 * signed in to, so the status decides what that answer means.
 */
async function suspend(parts: Parts, on: On): Promise<Outcome> {
  const first = await lifecycle(parts, on, 'suspend');
  if (first.ok) return done(first.value.requestId);
  if (first.error.kind !== 'conflict') return first;
  const user = await readUser(parts.api, on.account, on.call);
  if (!user.ok) return user;
  const { status } = user.value;
  if (!isEnabled(user.value)) return already;
  if (status === 'PROVISIONED') {
    const message = 'This account was never activated, and Okta suspends active accounts only; deactivate it by hand.';
    return err({ kind: 'conflict', message });
  }
  const hindered = await makeActive(parts, on, user.value);
  if (hindered !== null) return hindered;
  const second = await lifecycle(parts, on, 'suspend');
  return second.ok ? done(second.value.requestId) : second;
}

async function unsuspend(parts: Parts, on: On): Promise<Outcome> {
  const first = await lifecycle(parts, on, 'unsuspend');
  if (first.ok) return done(first.value.requestId);
  if (first.error.kind !== 'conflict') return first;
  const user = await readUser(parts.api, on.account, on.call);
  if (!user.ok) return user;
  if (user.value.status === 'LOCKED_OUT') {
    const unlocked = await lifecycle(parts, on, 'unlock');
    return unlocked.ok ? done(unlocked.value.requestId) : unlocked;
  }
  return isEnabled(user.value) ? already : first;
}

/** From suspended back to what was before, and no further: what asked for a new password asks again. */
async function resume(parts: Parts, on: On, wanted: string, present: OktaUser): Promise<Outcome> {
  if (wanted !== 'ACTIVE' && wanted !== 'PASSWORD_EXPIRED' && wanted !== 'RECOVERY') {
    return unsupported(
      `The account was ${wanted} before, and Okta cannot bring it back there; decide its status by hand in Okta.`,
    );
  }
  const enabled = present.status === 'SUSPENDED' ? await lifecycle(parts, on, 'unsuspend') : null;
  if (enabled !== null && !enabled.ok) return enabled;
  return wanted === 'ACTIVE' ? done(enabled?.value.requestId ?? null) : expirePassword(parts, on);
}

const undo = (parts: Parts): Undo => ({
  async capture({ account, call }) {
    const user = await readUser(parts.api, account, call);
    return user.ok ? ok({ status: user.value.status }) : user;
  },
  async restore(on, before: Facts) {
    const user = await readUser(parts.api, on.account, on.call);
    if (!user.ok) return user;
    const wanted = before['status'];
    if (wanted === user.value.status) return already;
    if (wanted === 'SUSPENDED') return suspend(parts, on);
    return resume(parts, on, String(wanted), user.value);
  },
});

export const disableAccount = (parts: Parts): Action => ({
  perform: (on) => suspend(parts, on),
  judge(_on, { reading: { user } }) {
    const said = `The Okta account has the status ${user.status}`;
    return Promise.resolve(
      ok(isEnabled(user) ? doesNotHold(`${said}: it can be used.`) : holds(`${said}: nobody can sign in to it.`)),
    );
  },
  undo: undo(parts),
  survives: [
    { what: 'Sessions that web and native applications keep for themselves, and access tokens', forSeconds: null },
    {
      what: 'The password of a reset that came before: Okta suspends no account with an expired password, so it was replaced by one nobody knows; reset again after enabling',
      forSeconds: null,
    },
  ],
});

export const enableAccount = (parts: Parts): Action => ({
  perform: (on) => unsuspend(parts, on),
  judge(_on, { reading: { user } }) {
    const said = `The Okta account has the status ${user.status}`;
    const usable = isEnabled(user) && user.status !== 'LOCKED_OUT';
    return Promise.resolve(ok(usable ? holds(`${said}.`) : doesNotHold(`${said}: it cannot be used.`)));
  },
  undo: undo(parts),
  survives: [],
});

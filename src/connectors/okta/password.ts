import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure, Survivor } from '../port.js';
import type { Secret } from '../../secret.js';
import {
  cannotTell,
  doesNotHold,
  holds,
  SKEW_MS,
  utc,
  type Action,
  type On,
  type Outcome,
  type Verdict,
} from './action.js';
import { eventIs, newestRows, partyName, type LogRow } from './log.js';
import { tell, type Parts, type Reading } from './state.js';
import { readUser, userPath } from './user.js';

export const PASSWORD_SET = ['user.account.reset_password', 'user.account.update_password'] as const;

const SURVIVES: readonly Survivor[] = [
  { what: 'Open Okta sessions and refresh tokens, until they are revoked', forSeconds: null },
  { what: 'Sessions that applications keep for themselves, and access tokens, until each ends', forSeconds: null },
];

export const setPassword = (
  parts: Parts,
  { account, call }: On,
  password: Secret,
): ReturnType<Parts['api']['change']> =>
  parts.api.change({
    method: 'POST',
    path: userPath(account.accountId),
    json: { credentials: { password: { value: password.reveal() } } },
    call,
  });

export const lifecycle = (parts: Parts, { account, call }: On, verb: string): ReturnType<Parts['api']['change']> =>
  parts.api.change({ method: 'POST', path: `${userPath(account.accountId)}/lifecycle/${verb}`, call });

/** Demands a new password. Okta may refuse because it is demanded already: then that is read. */
export async function expirePassword(parts: Parts, on: On): Promise<Outcome> {
  const expired = await lifecycle(parts, on, 'expire_password');
  if (expired.ok) return ok({ alreadyDone: false, requestId: expired.value.requestId });
  if (expired.error.kind !== 'conflict') return expired;
  const user = await readUser(parts.api, on.account, on.call);
  if (!user.ok) return user;
  return user.value.status === 'PASSWORD_EXPIRED' ? ok({ alreadyDone: true, requestId: null }) : expired;
}

/** Why Okta refused because of the status, in words that help; a locked account is unlocked and tried once more. */
async function setInAnyState(parts: Parts, on: On, password: Secret): ReturnType<typeof setPassword> {
  const set = await setPassword(parts, on, password);
  if (set.ok || set.error.kind !== 'conflict') return set;
  const user = await readUser(parts.api, on.account, on.call);
  if (!user.ok) return user;
  if (user.value.status === 'LOCKED_OUT') {
    const unlocked = await lifecycle(parts, on, 'unlock');
    return unlocked.ok ? setPassword(parts, on, password) : unlocked;
  }
  const message = `Okta sets no password while the status is ${user.value.status}; enable the account first, then reset, then disable it again.`;
  return err({ ...set.error, message });
}

async function reset(parts: Parts, on: On, password: Secret): Promise<Outcome> {
  const set = await setInAnyState(parts, on, password);
  if (!set.ok && set.error.kind !== 'unknown_outcome') return set;
  // Also when that answer was lost: an expired password is safe whichever password holds, and the read-back tells which.
  const expired = await expirePassword(parts, on);
  if (!set.ok || !expired.ok) return set.ok ? expired : set;
  return ok({ alreadyDone: false, requestId: expired.value.requestId ?? set.value.requestId });
}

/** The rows that tell of a set password since then; `null` when the log may not be read. */
async function changes(
  parts: Parts,
  { account, call }: On,
  since: Date,
): Promise<Result<readonly LogRow[] | null, ConnectorFailure>> {
  const filter = `(${eventIs(PASSWORD_SET)}) and target.id eq "${account.accountId}"`;
  const from = new Date(since.getTime() - SKEW_MS);
  const rows = tell(await newestRows(parts.api, { filter, since: from, limit: 20 }, call));
  return rows.ok ? ok(rows.value?.rows ?? null) : rows;
}

/**
 * Both halves must have been read: that the password was changed since, and that a new one is demanded. The log adds
 * whether others changed it as well; it comes late, so its silence proves nothing.
 */
export function judgeReset({ user }: Reading, rows: readonly LogRow[] | null, since: Date): Verdict {
  const changed = user.passwordChanged;
  if (changed === null) return cannotTell('Okta does not show when the password was changed.');
  const at = utc(changed);
  if (changed.getTime() < since.getTime() - SKEW_MS) {
    return doesNotHold(`Okta shows no password change since ${utc(since)}.`);
  }
  const actors = new Set((rows ?? []).map((row) => partyName(row.actor)));
  if (actors.size > 1) {
    return cannotTell(
      `Several people changed the password since ${utc(since)}, the last at ${at}: Okta does not tell whose holds.`,
    );
  }
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

export const resetPassword = (parts: Parts, password: Secret): Action => ({
  perform: (on) => reset(parts, on, password),
  async judge(on, { reading, since }) {
    const rows = await changes(parts, on, since);
    return rows.ok ? ok(judgeReset(reading, rows.value, since)) : rows;
  },
  undo: null,
  survives: SURVIVES,
});

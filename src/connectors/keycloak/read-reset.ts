import { ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, ReadBack } from '../port.js';
import { readAdminEvents, readUserEvents, type AdminEvent, type UserEvent } from './log.js';
import { tell, type Reader, type Reading } from './state.js';

/** Keycloak's clock and ours may differ a little. */
export const SKEW_MS = 2000;
const MOST_ROWS = 50;
const OWN_CHANGES = ['UPDATE_PASSWORD', 'UPDATE_CREDENTIAL'];
const MAIL_RESETS = ['RESET_PASSWORD', 'SEND_RESET_PASSWORD'];

export type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;

export const utc = (at: Date): string => `${at.toISOString().slice(11, 19)} UTC`;
export const holds = (observed: string): Verdict => ({ verdict: 'holds', observed });
export const doesNotHold = (observed: string): Verdict => ({ verdict: 'does_not_hold', observed });
export const cannotTell = (observed: string): Verdict => ({ verdict: 'cannot_tell', observed });

/** What the logs tell about this account's password since the command was sent. */
export interface ResetTrace {
  /** Our own reset, as the admin log has it. */
  readonly ours: AdminEvent | undefined;
  /** Resets by other administrators. */
  readonly others: readonly AdminEvent[];
  /** The person chose a password by himself. */
  readonly own: UserEvent | undefined;
  /** "Forgot password" was used. */
  readonly byMail: UserEvent | undefined;
}

const isPasswordChange = ({ type, error, details }: UserEvent): boolean =>
  error == null &&
  (type === 'UPDATE_PASSWORD' || (type === 'UPDATE_CREDENTIAL' && details?.['credential_type'] === 'password'));

/** `null` when the logs may not be read. */
export async function readResetTrace(
  { api }: Reader,
  account: AccountRef,
  { since, call }: { readonly since: Date; readonly call: CallContext },
): Promise<Result<ResetTrace | null, ConnectorFailure>> {
  const id = account.accountId;
  const from = new Date(since.getTime() - SKEW_MS);
  const [identity, admin, user] = await Promise.all([
    api.identity(call),
    readAdminEvents(
      api,
      { max: MOST_ROWS, from, resourcePath: `users/${id}/reset-password`, operation: 'ACTION' },
      call,
    ),
    readUserEvents(api, { max: MOST_ROWS, from, userId: id, types: [...OWN_CHANGES, ...MAIL_RESETS] }, call),
  ]);
  if (!identity.ok) return identity;
  const [admins, users] = [tell(admin), tell(user)];
  if (!admins.ok) return admins;
  if (!users.ok) return users;
  if (admins.value === null || users.value === null) return ok(null);
  const resets = admins.value.filter((row) => row.time >= from.getTime() && row.error == null);
  const rows = users.value.filter((row) => row.time >= from.getTime());
  const isOurs = ({ authDetails }: AdminEvent): boolean =>
    identity.value.userId !== null && authDetails?.userId === identity.value.userId;
  return ok({
    ours: resets.find(isOurs),
    others: resets.filter((row) => !isOurs(row)),
    own: rows.find(isPasswordChange),
    byMail: rows.find(({ type, error }) => MAIL_RESETS.includes(type) && error == null),
  });
}

function afterwards(trace: ResetTrace | null, at: string): Verdict {
  if (trace?.byMail !== undefined)
    return doesNotHold(
      `The password was reset, but then set anew at ${at} through "Forgot password": whoever reads that mailbox has it.`,
    );
  if (trace?.ours !== undefined && trace.own !== undefined && trace.own.time > trace.ours.time)
    return holds(
      `The password was reset, and at ${at} a new one was chosen by somebody who signed in with the temporary one.`,
    );
  return doesNotHold(`The password was set at ${at}, but no new one is demanded: somebody has set another one since.`);
}

/** An account of a user federation stores no password here: only the log tells of the reset. */
function judgeElsewhere(trace: ResetTrace | null, mustChange: boolean | null): Verdict {
  if (trace?.ours === undefined)
    return cannotTell('Keycloak stores no password of this account, and its admin log does not tell of the reset.');
  const at = utc(new Date(trace.ours.time));
  return mustChange === true
    ? holds(`Keycloak's admin log has the reset at ${at}, and a new password is demanded at the next sign-in.`)
    : doesNotHold(`Keycloak's admin log has the reset at ${at}, but no new password is demanded.`);
}

/** Whether the password that was set is the one that holds: when it was set, whether a new one is demanded, and by whom. */
export function judgeReset({ state }: Reading, trace: ResetTrace | null, since: Date): Verdict {
  if (state.authority?.where === 'federated')
    return doesNotHold(
      `The account has no password in Keycloak: its person signs in through ${state.authority.from ?? 'another system'}.`,
    );
  const changed = state.passwordChangedAt;
  if (changed === null) return judgeElsewhere(trace, state.mustChangePassword);
  const at = utc(changed);
  if (changed.getTime() < since.getTime() - SKEW_MS)
    return doesNotHold(`The password was last set at ${changed.toISOString().slice(0, 10)} ${at}, before this reset.`);
  if (trace !== null && trace.others.length > 0)
    return cannotTell(
      `Another administrator reset the password as well since ${utc(since)}: Keycloak does not tell whose holds.`,
    );
  if (state.mustChangePassword !== true) return afterwards(trace, at);
  return holds(`The password was set at ${at}, and a new one is demanded at the next sign-in.`);
}

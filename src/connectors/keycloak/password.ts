import type { Bodies } from './bodies.js';
import { ok } from '../../platform/result.js';
import { cannotTell, doesNotHold, holds, lasting, lastingUntil, SKEW_MS, unsupported, utc } from '../kit/action.js';
import type { Action, Answer, Target, Verdict } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { ifShown } from '../kit/partial.js';
import { isPasswordChange, readAdminEvents, readUserEvents, type AdminEvent, type UserEvent } from './log.js';
import { managing, ROLE, roleTitle } from './permissions.js';
import type { Parts, Reading } from './state.js';
import { userPath } from './user.js';

const MOST_ROWS = 50;
const OWN_CHANGES = ['UPDATE_PASSWORD', 'UPDATE_CREDENTIAL'];
const MAIL_RESETS = ['RESET_PASSWORD', 'SEND_RESET_PASSWORD'];

/** What the logs show about this account's password since the command was sent. */
interface Trace {
  /** Our own reset, as the admin log has it. */
  readonly ours: AdminEvent | undefined;
  /** Resets by other administrators. */
  readonly others: readonly AdminEvent[];
  /** The person chose a new password. */
  readonly own: UserEvent | undefined;
  /** "Forgot password" was used. */
  readonly byMail: UserEvent | undefined;
}

/** `null` when the logs may not be read. */
async function readTrace({ api }: Parts, { account: { accountId }, call }: Target, since: Date): Answer<Trace | null> {
  const query = { max: MOST_ROWS, from: new Date(since.getTime() - SKEW_MS) };
  const resourcePath = `users/${accountId}/reset-password`;
  const logs = await allOf([
    api.identity(call),
    readAdminEvents(api, { ...query, resourcePath, operation: 'ACTION' }, call).then(ifShown),
    readUserEvents(api, { ...query, userId: accountId, types: [...OWN_CHANGES, ...MAIL_RESETS] }, call).then(ifShown),
  ]);
  if (!logs.ok) return logs;
  const [{ userId }, admin, user] = logs.value;
  if (admin === null || user === null) return ok(null);
  const isDone = ({ time, error }: AdminEvent | UserEvent): boolean =>
    time !== null && time >= query.from && error === null;
  const isOurs = ({ authDetails }: AdminEvent): boolean => userId !== null && authDetails?.userId === userId;
  if (!admin.complete || !user.complete) return ok(null);
  const resets = admin.items.filter(isDone);
  const rows = user.items.filter(isDone);
  return ok({
    ours: resets.find(isOurs),
    others: resets.filter((row) => !isOurs(row)),
    own: rows.find((row) => isPasswordChange(row) !== false),
    byMail: rows.find(({ type }) => MAIL_RESETS.includes(type)),
  });
}

const isAfter = (own: UserEvent | undefined, { time }: AdminEvent): boolean =>
  own?.time != null && time !== null && own.time > time;

function afterwards(trace: Trace | null, at: string): Verdict {
  if (trace?.byMail !== undefined)
    return doesNotHold(
      `The password was reset, but then set anew at ${at} through "Forgot password": whoever reads that mailbox has it.`,
    );
  if (trace?.ours !== undefined && isAfter(trace.own, trace.ours))
    return holds(
      `The password was reset, and at ${at} a new one was chosen by somebody who signed in with the temporary one.`,
    );
  return doesNotHold(`The password was set at ${at}, but no new one is demanded: somebody has set another one since.`);
}

/** An account of a user federation stores no password here: only the log shows the reset. */
function judgeElsewhere(trace: Trace | null, mustChange: boolean | null): Verdict {
  if (trace?.ours === undefined)
    return cannotTell(
      'Keycloak does not tell of a password of this account, and its admin log does not tell of the reset.',
    );
  const at = utc(trace.ours.time ?? new Date(0));
  if (mustChange === null)
    return cannotTell(
      `Keycloak's admin log has the reset at ${at}; whether a new password is demanded cannot be read.`,
    );
  return mustChange
    ? holds(`Keycloak's admin log has the reset at ${at}, and a new password is demanded at the next sign-in.`)
    : doesNotHold(`Keycloak's admin log has the reset at ${at}, but no new password is demanded.`);
}

/**
 * Whether the password that was set is the current one: when it was set, whether a new one is required, and by whom.
 */
function judgeReset({ state }: Reading, trace: Trace | null, since: Date): Verdict {
  if (state.authority?.where === 'federated')
    return doesNotHold(
      `The account has no password in Keycloak: its person signs in through ${state.authority.from ?? 'another system'}.`,
    );
  const changed = state.passwordChangedAt;
  if (changed === null) return judgeElsewhere(trace, state.mustChangePassword);
  const at = utc(changed);
  if (changed.getTime() < since.getTime() - SKEW_MS)
    return doesNotHold(`The password was last set at ${at}, before this reset.`);
  if (trace !== null && trace.others.length > 0)
    return cannotTell(
      `Another administrator reset the password as well since ${utc(since)}: Keycloak does not tell whose holds.`,
    );
  if (state.mustChangePassword === null)
    return cannotTell(`The password was set at ${at}; whether a new one is demanded cannot be read.`);
  if (!state.mustChangePassword) return afterwards(trace, at);
  return holds(`The password was set at ${at}, and a new one is demanded at the next sign-in.`);
}

export const resetPassword = (parts: Parts): Action<'reset_password', Reading> => ({
  can: managing(roleTitle(ROLE.viewEvents)),
  residual: [
    lastingUntil('Sessions and offline tokens from before, until sessions are revoked', 'revoke_sessions'),
    lastingUntil(
      'Sign-in through a linked identity provider: only the password was changed',
      'unlink_identity_providers',
    ),
    lasting('Sign-in with a passkey: only the password was changed'),
  ],
  perform: (task) =>
    parts.permitted(task, ({ state: { authority } }) => {
      if (authority?.where === 'federated') {
        const from = authority.from ?? 'another system';
        const why = `The account has no password in Keycloak, its person signs in through ${from}`;
        return Promise.resolve(unsupported(`${why}; reset it there.`));
      }
      const json: Bodies['password'] = { type: 'password', value: task.command.password.reveal(), temporary: true };
      return parts.api.write({ method: 'PUT', path: userPath(task, '/reset-password'), json, call: task.call });
    }),
  judge: (task, { reading, since }) =>
    mapped(readTrace(parts, task, since), (trace) => judgeReset(reading, trace, since)),
});

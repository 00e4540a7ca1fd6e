import type { AccountState } from '../../ports/connector.js';
import { byReset, cannotTell, doesNotHold, holds, lasting, native, SKEW_MS } from '../kit/action.js';
import type { Action, Verdict } from '../kit/action.js';
import { changeUser } from './account.js';
import type { MimecastApi } from './api.js';
import type { AuditRows } from './audit.js';
import { resetInConsole, revokeApplications } from './clicks.js';
import { PERMISSION } from './permissions.js';
import type { Reading } from './reading.js';

const REGISTERED_APPLICATIONS = lasting(
  'Tokens of registered applications (Outlook add-in, mobile apps): the API does not say that the reset ends them, so an administrator revokes them in the console',
);
/** The vendor's page "Directories - Cloud Password Reset Notification" says so of each reset. */
const NOTIFIES =
  'Mimecast tells the person of the reset by SMS or e-mail: whoever reads the mailbox, or has put in another mobile number, learns of it';
const NOTIFIED = lasting(
  'What Mimecast has told by SMS or e-mail: whoever reads the mailbox, or has put in another mobile number, knows of the reset',
);
const OTHER_SIGN_IN = lasting(
  'Sign-in with a domain password or through SAML: only the Mimecast cloud password was changed',
);

/** The audit log has whole seconds. */
const time = (at: Date): string => `${at.toISOString().slice(11, 19)} UTC`;

/** How late a row of the audit log may appear; after that its absence counts. */
const LOG_DELAY_MS = 5 * 60_000;

/** When the command was sent and the account read, by Mimecast's clock. */
interface When {
  readonly since: Date;
  readonly readAt: Date;
}

/** The rows since the command, with an allowance for clocks; a row with an unreadable time may be one of them. */
function sinceThen({ events, unreadable }: AuditRows, since: Date): Pick<AuditRows, 'events' | 'unreadable'> {
  const from = Math.floor((since.getTime() - SKEW_MS) / 1000) * 1000;
  return {
    events: events.filter(({ occurredAt }) => occurredAt.getTime() >= from),
    unreadable: unreadable.filter(({ at }) => at === null || at.getTime() >= from),
  };
}

function withoutChange(
  { mustChangePassword }: AccountState,
  { unreadable }: Pick<AuditRows, 'unreadable'>,
  { since, readAt }: When,
): Verdict {
  if (unreadable.length > 0)
    return cannotTell(
      `Mimecast logged something about this password since ${time(since)} that cannot be read; look at its audit log.`,
    );
  // The reset sets this flag; it may also be older, and the row that would show that may not have appeared yet.
  if (mustChangePassword === true && readAt.getTime() - since.getTime() < LOG_DELAY_MS)
    return cannotTell(
      `Mimecast asks for a new password, but has logged no password change since ${time(since)} yet; its log is written a while later.`,
    );
  return doesNotHold(`Mimecast logged no password change since ${time(since)}.`);
}

/**
 * Whether the password that was set is the current one. The must-change flag alone is no proof: an attacker's reset may
 * set it as well. Nor is the audit row alone: the flag disappears once somebody has chosen a new password.
 */
function judgeReset(state: AccountState, log: AuditRows, when: When): Verdict {
  const { mustChangePassword } = state;
  const { since } = when;
  const trace = sinceThen(log, since);
  const newest = trace.events.at(-1);
  if (newest === undefined) return withoutChange(state, trace, when);
  const at = time(newest.occurredAt);
  if (mustChangePassword === false)
    return doesNotHold(
      `Mimecast logged a password change at ${at} but asks for no new password: somebody has set another one since.`,
    );
  // Our own change may have the second in which it was sent, and so may an earlier one: if there is also a later one,
  // either may be ours. The actor does not help: in the one public sample `user` is the person whose password it is,
  // whoever changed it.
  const sentIn = Math.floor(since.getTime() / 1000) * 1000;
  const later = trace.events.filter(({ occurredAt }) => occurredAt.getTime() >= sentIn);
  if (later.length > 1 && newest.occurredAt.getTime() > sentIn)
    return cannotTell(
      `The password was changed ${later.length} times since ${time(since)}, the last at ${at}: Mimecast does not tell whose holds.`,
    );
  if (mustChangePassword === null)
    return cannotTell(
      `Mimecast logged a password change at ${at} but does not show whether a new password is demanded.`,
    );
  return holds(`Mimecast logged the password change at ${at} and asks for a new password at the next sign-in.`);
}

export const resetPassword = (api: MimecastApi): Action<'reset_password', Reading> => ({
  can: { ...native(PERMISSION.readUsers, PERMISSION.editUsers, PERMISSION.readAudit), besides: NOTIFIES },
  residual: [REGISTERED_APPLICATIONS, OTHER_SIGN_IN, NOTIFIED],
  perform: (task) => changeUser(api, task, { password: task.command.password.reveal(), forcePasswordChange: true }),
  judge(_task, { reading: { state, passwordChanges }, since }) {
    if (passwordChanges.ok)
      return judgeReset(state, passwordChanges.value, { since, readAt: api.vendorTime(state.readAt) });
    if (passwordChanges.error.kind !== 'permission') return Promise.resolve(passwordChanges);
    return cannotTell(
      `The audit log may not be read, so the reset is not proven; give the application's role "${PERMISSION.readAudit}".`,
    );
  },
  clicks: (_command, { login }) => revokeApplications(login),
});

export const revokeSessions: Action<'revoke_sessions', Reading> = byReset({
  why: "Mimecast's API cannot end sessions by itself; resetting the password does, and registered applications are revoked in the console.",
  observed: '',
  judge(_task, { reading: { state }, since }) {
    const at = state.passwordChangedAt;
    return cannotTell(
      at !== null && at.getTime() >= since.getTime() - SKEW_MS
        ? `Mimecast shows no sessions; it says of a password change in its console, not of one by API, that it ends them (the last was at ${time(at)}).`
        : 'Mimecast shows no sessions, and the password was not changed since; reset it to end them.',
    );
  },
  residual: [REGISTERED_APPLICATIONS],
  clicks: (_command, { login }) => [...resetInConsole(login), ...revokeApplications(login)],
});

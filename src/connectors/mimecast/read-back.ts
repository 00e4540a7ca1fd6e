import { err, ok, type Result } from '../../result.js';
import type {
  AccountRef,
  AccountState,
  CallContext,
  Command,
  ConnectorFailure,
  ReadBack,
  SystemEvent,
} from '../port.js';
import { passwordChanges } from './audit.js';
import { groupForRanges } from './commands.js';
import { rangeSetKey } from './ranges.js';
import { readAccount, type Reader, type Reading } from './state.js';
import { survivors } from './survivors.js';

/** Mimecast's clock and ours may differ a little, and its audit log knows whole seconds only. */
const SKEW_MS = 2000;

type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;

const utc = (at: Date): string => `${at.toISOString().slice(11, 19)} UTC`;

/**
 * Whether the password that was set is the one that holds. The must-change flag alone is no proof: an attacker's reset
 * sets it as well. The audit row alone is none either: the flag goes once somebody has chosen a new password.
 */
function judgeReset(state: AccountState, changes: readonly SystemEvent[], since: Date): Verdict {
  const newest = changes.at(-1);
  if (state.mustChangePassword === false && newest !== undefined) {
    return {
      verdict: 'does_not_hold',
      observed: `Mimecast logged a password change at ${utc(newest.occurredAt)}, but asks for no new password: somebody has chosen one since, or the reset was not complete.`,
    };
  }
  if (state.mustChangePassword === false) {
    return {
      verdict: 'does_not_hold',
      observed: `Mimecast asks for no new password and logged no password change since ${utc(since)}.`,
    };
  }
  if (newest === undefined) {
    return { verdict: 'does_not_hold', observed: `Mimecast logged no password change since ${utc(since)}.` };
  }
  const later = changes.filter((event) => event.occurredAt > since);
  const actors = new Set(later.map((event) => event.actor));
  if (actors.size > 1) {
    return {
      verdict: 'cannot_tell',
      observed: `Several people changed the password since ${utc(since)}, the last at ${utc(newest.occurredAt)}: Mimecast does not tell whose password holds.`,
    };
  }
  if (state.mustChangePassword === null) {
    return {
      verdict: 'cannot_tell',
      observed: `Mimecast logged a password change at ${utc(newest.occurredAt)} but does not show whether a new password is demanded.`,
    };
  }
  return {
    verdict: 'holds',
    observed: `Mimecast logged the password change at ${utc(newest.occurredAt)} and asks for a new password at the next sign-in.`,
  };
}

async function readReset(
  reader: Reader,
  account: AccountRef,
  state: AccountState,
  { since, call }: { since: Date; call: CallContext },
): Promise<Result<Verdict, ConnectorFailure>> {
  const from = new Date(Math.floor((since.getTime() - SKEW_MS) / 1000) * 1000);
  // Mimecast's clock may be ahead, so the window ends a little after now.
  const to = new Date(reader.runtime.now().getTime() + SKEW_MS);
  const changes = await passwordChanges(reader.api, account.accountId, from, { to, call });
  if (changes.ok)
    return ok(
      judgeReset(
        state,
        changes.value.events.filter((event) => event.occurredAt >= from),
        since,
      ),
    );
  if (changes.error.kind !== 'permission') return changes;
  return ok({
    verdict: 'cannot_tell',
    observed:
      'The audit log could not be read, so the password change is not proven; give the application\'s role "Account | Logs | Read".',
  });
}

function judgeDisabled({ state, user }: Reading): Verdict {
  if (state.enabled === null)
    return { verdict: 'cannot_tell', observed: 'Mimecast does not show whether the account is disabled.' };
  if (state.enabled) return { verdict: 'does_not_hold', observed: 'The Mimecast account is enabled.' };
  if (user.allowPop === true || user.allowSmtp === true) {
    return {
      verdict: 'does_not_hold',
      observed: 'The Mimecast account is disabled, but POP or SMTP is still permitted.',
    };
  }
  return { verdict: 'holds', observed: 'The Mimecast account is disabled; POP and SMTP are not permitted.' };
}

function judgeEnabled({ state, user }: Reading): Verdict {
  if (state.enabled === null)
    return { verdict: 'cannot_tell', observed: 'Mimecast does not show whether the account is enabled.' };
  if (!state.enabled) return { verdict: 'does_not_hold', observed: 'The Mimecast account is disabled.' };
  const without = user.allowPop === false || user.allowSmtp === false;
  const rest = without ? '; POP or SMTP is still not permitted, permit it in the console if the person uses it' : '';
  return { verdict: 'holds', observed: `The Mimecast account is enabled${rest}.` };
}

function judgeTwoStep({ settings }: Reader, { state }: Reading): Verdict {
  const name = settings.two_step_group ?? '';
  if (state.twoStepRequired === null)
    return { verdict: 'cannot_tell', observed: "Mimecast's API does not show whether 2-step is required." };
  if (state.twoStepRequired)
    return {
      verdict: 'holds',
      observed: `The account is in the group "${name}", whose profile requires 2-step; Mimecast applies it within 15 minutes.`,
    };
  return { verdict: 'does_not_hold', observed: `The account is not in the group "${name}".` };
}

function judgeRanges({ settings }: Reader, { state }: Reading, wanted: readonly string[]): Verdict {
  const group = groupForRanges(settings, wanted);
  if (group === null || state.loginRanges === null) {
    return { verdict: 'cannot_tell', observed: "Mimecast's API does not show which login ranges are in force." };
  }
  if (rangeSetKey(state.loginRanges) === rangeSetKey(wanted)) {
    return {
      verdict: 'holds',
      observed: `The account is in the group "${group}", whose profile permits sign-in from ${state.loginRanges.join(', ')} only; Mimecast applies it within 15 minutes.`,
    };
  }
  const present =
    state.loginRanges.length === 0
      ? 'in none of the prepared range groups'
      : `limited to ${state.loginRanges.join(', ')}`;
  return { verdict: 'does_not_hold', observed: `The account is ${present}.` };
}

function judgeSessions(state: AccountState, since: Date): Verdict {
  const changed = state.passwordChangedAt;
  const observed =
    changed !== null && changed.getTime() >= since.getTime() - SKEW_MS
      ? `Mimecast shows no sessions; by its guidance the password change at ${utc(changed)} has ended them.`
      : 'Mimecast shows no sessions, and the password was not changed since; reset it to end them.';
  return { verdict: 'cannot_tell', observed };
}

async function judge(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { reading, since, call }: { reading: Reading; since: Date; call: CallContext },
): Promise<Result<Verdict, ConnectorFailure>> {
  switch (command.kind) {
    case 'reset_password':
      return readReset(reader, account, reading.state, { since, call });
    case 'disable_account':
      return ok(judgeDisabled(reading));
    case 'enable_account':
      return ok(judgeEnabled(reading));
    case 'require_two_step':
      return ok(judgeTwoStep(reader, reading));
    case 'limit_login_ips':
      return ok(judgeRanges(reader, reading, command.ranges));
    case 'revoke_sessions':
      return ok(judgeSessions(reading.state, since));
  }
}

/** Reads what is true now and compares it with what the command wanted; also after an answer that was lost. */
export async function readBack(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { since, call }: { since: Date; call: CallContext },
): Promise<Result<ReadBack, ConnectorFailure>> {
  const reading = await readAccount(reader, account, call);
  if (!reading.ok) return reading;
  const verdict = await judge(reader, command, account, { reading: reading.value, since, call });
  if (!verdict.ok) return err(verdict.error);
  return ok({ ...verdict.value, state: reading.value.state, survives: survivors(command) });
}

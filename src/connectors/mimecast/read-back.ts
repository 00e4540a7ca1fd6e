import { ok, type Result } from '../../result.js';
import type { AccountRef, AccountState, CallContext, Chosen, Command, ConnectorFailure, ReadBack } from '../port.js';
import { chosenOf } from './commands.js';
import { readDelegates } from './delegates.js';
import { groupForRanges } from './prepared-groups.js';
import { rangeSetKey } from '../ranges.js';
import { judgeReset, readResetTrace, SKEW_MS, utc, type Verdict } from './read-reset.js';
import type { Reader } from './reader.js';
import { type ChangedAt, passwordChangedAt, readAccount, type Reading } from './state.js';
import { survivors } from './survivors.js';

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

function judgeProtocols({ user }: Reading): Verdict {
  if (user.allowPop === null || user.allowSmtp === null)
    return { verdict: 'cannot_tell', observed: 'Mimecast does not show whether POP and SMTP are permitted.' };
  const open = [...(user.allowPop ? ['POP'] : []), ...(user.allowSmtp ? ['SMTP'] : [])];
  if (open.length === 0) return { verdict: 'holds', observed: 'POP and SMTP are not permitted for the account.' };
  return {
    verdict: 'does_not_hold',
    observed: `${open.join(' and ')} ${open.length > 1 ? 'are' : 'is'} still permitted.`,
  };
}

async function judgeQuarantine(
  { groups, settings }: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Verdict, ConnectorFailure>> {
  const name = settings.quarantine_group;
  if (name === null) return ok({ verdict: 'cannot_tell', observed: 'No quarantine group is configured for Mimecast.' });
  const inside = await groups.hasMember(name, account, call);
  if (!inside.ok) return inside;
  return ok(
    inside.value
      ? {
          verdict: 'holds',
          observed: `The account is in the group "${name}"; Mimecast applies its rules within 15 minutes.`,
        }
      : { verdict: 'does_not_hold', observed: `The account is not in the group "${name}".` },
  );
}

async function judgeDelegates(
  { api }: Reader,
  items: Chosen,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Verdict, ConnectorFailure>> {
  const found = await readDelegates(api, account, call);
  if (!found.ok) return found;
  const left = chosenOf(found.value.delegates, items);
  if (left.length > 0)
    return ok({
      verdict: 'does_not_hold',
      observed: `The account may still open ${left.length} of these mailboxes, e.g. ${left[0]?.address ?? ''}.`,
    });
  if (!found.value.complete)
    return ok({ verdict: 'cannot_tell', observed: 'Mimecast shows more delegate rights than can be read.' });
  const what = items === 'all' ? 'no delegate rights' : 'none of the chosen delegate rights';
  return ok({ verdict: 'holds', observed: `Mimecast shows ${what} of the account any more.` });
}

async function judge(
  reader: Reader,
  command: Exclude<Command, { kind: 'reset_password' }>,
  reading: Reading,
  { account, since, call }: Asked,
): Promise<Result<Verdict, ConnectorFailure>> {
  switch (command.kind) {
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
    case 'block_mail_protocols':
      return ok(judgeProtocols(reading));
    case 'quarantine':
      return judgeQuarantine(reader, account, call);
    case 'disable_mail_rules':
      return judgeDelegates(reader, command.items, account, call);
    default:
      return ok({ verdict: 'cannot_tell', observed: "Mimecast's API shows nothing of this." });
  }
}

interface Asked {
  readonly account: AccountRef;
  readonly since: Date;
  readonly call: CallContext;
}

/** Reads what is true now and compares it with what the command wanted; also after an answer that was lost. */
export async function readBack(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { since, call }: { since: Date; call: CallContext },
): Promise<Result<ReadBack, ConnectorFailure>> {
  if (command.kind === 'reset_password') return readBackReset(reader, command, account, { since, call });
  const reading = await readAccount(reader, account, call);
  if (!reading.ok) return reading;
  const verdict = await judge(reader, command, reading.value, { account, since, call });
  return verdict.ok ? ok({ ...verdict.value, state: reading.value.state, survives: survivors(command) }) : verdict;
}

/** The rows since the command hold the newest change; only when there are none is the audit log read further back. */
async function readBackReset(
  reader: Reader,
  command: Extract<Command, { kind: 'reset_password' }>,
  account: AccountRef,
  { since, call }: { since: Date; call: CallContext },
): Promise<Result<ReadBack, ConnectorFailure>> {
  const tracing = readResetTrace(reader, account, { since, call });
  const changed = async (): Promise<ChangedAt> => {
    const trace = await tracing;
    const newest = trace.ok && trace.value?.complete === true ? trace.value.events.at(-1) : undefined;
    return newest ? ok(newest.occurredAt) : passwordChangedAt(reader, account, call);
  };
  const [reading, trace] = await Promise.all([readAccount(reader, account, call, changed()), tracing]);
  if (!reading.ok) return reading;
  if (!trace.ok) return trace;
  const { state } = reading.value;
  return ok({ ...judgeReset(state, trace.value, since), state, survives: survivors(command) });
}

import { ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, ReadBack } from '../port.js';
import { readAudit } from './audit.js';
import { teamOf, type Reader } from './reader.js';
import { readSessions } from './sessions.js';
import { readAccount, type Reading } from './state.js';
import { survivors } from './survivors.js';

type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;

/** Slack's clock and ours may differ by this much. */
const SKEW_MS = 30_000;

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

interface Occasion {
  readonly since: Date;
  readonly call: CallContext;
}

/** Slack tells no time of a session; the audit logs tell which of them began after the reset. */
async function judgeRemaining(
  { api }: Reader,
  account: AccountRef,
  remaining: readonly string[],
  { since, call }: Occasion,
): Promise<Verdict> {
  const from = new Date(since.getTime() - SKEW_MS);
  const actions = ['user_session_reset_by_admin', 'user_login'];
  const rows = await readAudit(api, { actions, entity: account.accountId, from }, 2, call);
  const listed = `Slack lists ${plural(remaining.length, 'active session')}`;
  if (!rows.ok)
    return {
      verdict: 'cannot_tell',
      observed: `${listed}; whether they began before the reset, the audit logs would tell, and they could not be read (${rows.error.kind}).`,
    };
  const { entries } = rows.value;
  const reset = entries.find(({ action }) => action === 'user_session_reset_by_admin');
  if (reset === undefined)
    return { verdict: 'does_not_hold', observed: `${listed}, and its audit logs show no reset since then.` };
  const begun = new Set(
    entries
      .filter(({ action, at }) => action === 'user_login' && at.getTime() >= reset.at.getTime())
      .map(({ sessionId }) => sessionId),
  );
  const old = remaining.filter((id) => !begun.has(id));
  if (old.length > 0)
    return {
      verdict: 'does_not_hold',
      observed: `Slack recorded the reset, but still lists ${plural(old.length, 'session')} from before it.`,
    };
  return {
    verdict: 'holds',
    observed: `All sessions from before the reset are gone; ${plural(remaining.length, 'new one')} began after it, so somebody has signed in again.`,
  };
}

async function judgeSessions(
  reader: Reader,
  account: AccountRef,
  { user }: Reading,
  occasion: Occasion,
): Promise<Verdict> {
  if (reader.settings.plan !== 'enterprise')
    return { verdict: 'cannot_tell', observed: "Below Enterprise, Slack's API does not show a person's sessions." };
  const identity = await reader.identity.get(occasion.call);
  if (!identity.ok)
    return { verdict: 'cannot_tell', observed: `The sessions could not be read (${identity.error.kind}).` };
  const teamId = teamOf(reader, identity.value, user);
  const read = await readSessions(reader.api, { userId: user.id, teamId }, occasion.call);
  if (!read.ok)
    return {
      verdict: 'cannot_tell',
      observed: `The sessions could not be read (${read.error.kind}); admin.users:read is needed for it.`,
    };
  const remaining = read.value.sessions.map(({ id }) => id);
  if (remaining.length === 0) return { verdict: 'holds', observed: 'Slack lists no active session of this person.' };
  return judgeRemaining(reader, account, remaining, occasion);
}

function judgeRoles({ settings }: Reader, { state, user }: Reading): Verdict {
  if (user.deleted)
    return { verdict: 'cannot_tell', observed: 'Slack does not tell the roles of a deactivated person.' };
  const { adminRoles } = state;
  if (adminRoles === null) return { verdict: 'cannot_tell', observed: "Slack did not tell the person's roles." };
  // Below Enterprise a person takes the roles away by hand, and says so: a state that was so before proves nothing.
  const verdict = settings.plan === 'enterprise' ? 'holds' : 'cannot_tell';
  if (adminRoles.length === 0) return { verdict, observed: 'The person holds no administrator role in Slack.' };
  return { verdict: 'does_not_hold', observed: `The person is still ${adminRoles.join(', ')}.` };
}

async function judge(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { reading, ...occasion }: Occasion & { readonly reading: Reading },
): Promise<Verdict> {
  const { deleted } = reading.user;
  const observed = deleted ? 'The Slack account is deactivated.' : 'The Slack account is active.';
  switch (command.kind) {
    case 'disable_account':
      return { verdict: deleted ? 'holds' : 'does_not_hold', observed };
    case 'enable_account':
      return { verdict: deleted ? 'does_not_hold' : 'holds', observed };
    case 'revoke_sessions':
      return judgeSessions(reader, account, reading, occasion);
    case 'remove_admin_roles':
      return judgeRoles(reader, reading);
    default:
      return { verdict: 'cannot_tell', observed: "Slack's API does not show this." };
  }
}

/** Reads what is true now and compares it with what the command wanted; also after an answer that was lost. */
export async function readBack(
  reader: Reader,
  command: Command,
  account: AccountRef,
  occasion: Occasion,
): Promise<Result<ReadBack, ConnectorFailure>> {
  const reading = await readAccount(reader, account, occasion.call);
  if (!reading.ok) return reading;
  const verdict = await judge(reader, command, account, { ...occasion, reading: reading.value });
  return ok({ ...verdict, state: reading.value.state, survives: survivors(command) });
}

import { ok, type Result } from '../../result.js';
import type { AccountRef, AccountState, CallContext, ConnectorFailure, ReadBack } from '../port.js';
import { passwordChanges, type AuditRows } from './audit.js';
import { PERMISSION } from './permissions.js';
import type { Reader } from './reader.js';

/** Mimecast's clock and ours may differ a little, and its audit log knows whole seconds only. */
export const SKEW_MS = 2000;

export type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;

export const utc = (at: Date): string => `${at.toISOString().slice(11, 19)} UTC`;

const holds = (observed: string): Verdict => ({ verdict: 'holds', observed });
const doesNotHold = (observed: string): Verdict => ({ verdict: 'does_not_hold', observed });
const cannotTell = (observed: string): Verdict => ({ verdict: 'cannot_tell', observed });

/** The password changes of this account since the command was sent; `null` when the audit log may not be read. */
export async function readResetTrace(
  reader: Reader,
  account: AccountRef,
  { since, call }: { since: Date; call: CallContext },
): Promise<Result<AuditRows | null, ConnectorFailure>> {
  const from = new Date(Math.floor((since.getTime() - SKEW_MS) / 1000) * 1000);
  // Mimecast's clock may be ahead, so the window ends a little after now.
  const to = new Date(reader.runtime.now().getTime() + SKEW_MS);
  const changes = await passwordChanges(reader.api, account.accountId, from, { to, call });
  if (!changes.ok) return changes.error.kind === 'permission' ? ok(null) : changes;
  return ok({ ...changes.value, events: changes.value.events.filter((event) => event.occurredAt >= from) });
}

/** How late a row of the audit log may come; after that its absence counts. */
const LOG_DELAY_MS = 5 * 60_000;

function withoutChange({ mustChangePassword, readAt }: AccountState, trace: AuditRows, since: Date): Verdict {
  if (trace.unreadable.length > 0) {
    return cannotTell(
      `Mimecast logged something about this password since ${utc(since)} that cannot be read; look at its audit log.`,
    );
  }
  // The demand is what the reset sets; it may be older, and the row that would tell may still be on its way.
  if (mustChangePassword === true && readAt.getTime() - since.getTime() < LOG_DELAY_MS) {
    return cannotTell(
      `Mimecast asks for a new password, but has logged no password change since ${utc(since)} yet; its log is written a while later.`,
    );
  }
  return doesNotHold(`Mimecast logged no password change since ${utc(since)}.`);
}

/**
 * Whether the password that was set is the one that holds. The must-change flag alone is no proof: an attacker's reset
 * may set it as well. The audit row alone is none either: the flag goes once somebody has chosen a new password.
 */
export function judgeReset(state: AccountState, trace: AuditRows | null, since: Date): Verdict {
  const { mustChangePassword } = state;
  if (trace === null) {
    return cannotTell(
      `The audit log may not be read, so the reset is not proven; give the application's role "${PERMISSION.readAudit}".`,
    );
  }
  const newest = trace.events.at(-1);
  if (newest === undefined) return withoutChange(state, trace, since);
  const at = utc(newest.occurredAt);
  if (mustChangePassword === false) {
    return doesNotHold(
      `Mimecast logged a password change at ${at} but asks for no new password: somebody has set another one since.`,
    );
  }
  // Our own change may carry the second in which the command was sent; another actor after it makes two.
  const actors = new Set(trace.events.filter((event) => event.occurredAt > since).map((event) => event.actor));
  if (actors.size > 1) {
    return cannotTell(
      `Several people changed the password since ${utc(since)}, the last at ${at}: Mimecast does not tell whose holds.`,
    );
  }
  if (mustChangePassword === null) {
    return cannotTell(
      `Mimecast logged a password change at ${at} but does not show whether a new password is demanded.`,
    );
  }
  return holds(`Mimecast logged the password change at ${at} and asks for a new password at the next sign-in.`);
}

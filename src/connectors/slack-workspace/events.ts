import { ok, type Result } from '../../result.js';
import { decodeUntil, encodeUntil } from '../poll-cursor.js';
import type { CallContext, ConnectorFailure, EventSource, SystemEvent } from '../port.js';
import { readAudit, type AuditEntry } from './audit.js';
import type { Reader } from './reader.js';

/**
 * The audit actions that a person is told about. Slack logs the request for a new password, which anybody may make, but
 * not the person's own choice of it; and it logs nothing of a person's second factor.
 */
const KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  user_login: 'sign_in',
  user_password_reset_slack_security: 'password_reset',
};

/** A long outage is caught up in slices; each poll reads a bounded number of them and the next one goes on. */
const SLICE_MS = 6 * 60 * 60 * 1000;
const SMALLEST_SLICE_MS = 60 * 1000;
const SLICES_PER_POLL = 24;
const PAGES_PER_SLICE = 4;
/** No further back than this, whatever the cursor says. */
const LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1000;

/** Told when rows that should have been events could not be read, so that none is lost in silence. */
export interface UnreadableRows {
  readonly system: 'slack';
  readonly count: number;
  readonly correlationId: string;
}

interface Beginning {
  readonly from: Date;
  /** What earlier polls have read to: the cursor never goes back behind it. */
  readonly read: Date;
}

function beginning(cursor: string | null, overlapMs: number, now: Date): Result<Beginning, ConnectorFailure> {
  const earliest = now.getTime() - LOOK_BACK_MS;
  const until = cursor === null ? ok(now) : decodeUntil(cursor, 'Slack');
  if (!until.ok) return until;
  // A cursor ahead of the clock (a clock set back) must not stop the polling.
  const read = new Date(Math.max(Math.min(until.value.getTime(), now.getTime()), earliest));
  const from = new Date(Math.max(read.getTime() - overlapMs, earliest));
  return ok({ from, read: cursor === null ? from : read });
}

/** `null`: a row that names no person. */
function eventOf(entry: AuditEntry): SystemEvent | null {
  const kind = Object.hasOwn(KINDS, entry.action) ? KINDS[entry.action] : undefined;
  const login = entry.entity?.email.trim().toLowerCase() ?? '';
  if (kind === undefined || login === '') return null;
  const actor = entry.actor?.email.trim() ?? '';
  const name = entry.actor?.name.trim() ?? '';
  return {
    eventId: entry.id,
    kind,
    login,
    actor: actor === '' ? (name === '' ? null : name) : actor,
    occurredAt: entry.at,
    ip: entry.ip,
  };
}

/** Polls the audit logs, which Enterprise alone has. What the overlap returns again, the reader drops by id. */
export function createEventSource(
  { api, settings, runtime }: Reader,
  onUnreadable: (report: UnreadableRows) => void,
): EventSource | null {
  if (settings.plan !== 'enterprise') return null;
  const poll = async (cursor: string | null, call: CallContext): ReturnType<EventSource['poll']> => {
    const now = runtime.now();
    const start = beginning(cursor, settings.poll_overlap_s * 1000, now);
    if (!start.ok) return start;
    const { from, read } = start.value;
    const events = new Map<string, SystemEvent>();
    let unreadable = 0;
    let reached = from;
    let slice = SLICE_MS;
    for (let done = 0; done < SLICES_PER_POLL && reached < now; done += 1) {
      const to = new Date(Math.min(reached.getTime() + slice, now.getTime()));
      const rows = await readAudit(api, { actions: Object.keys(KINDS), from: reached, to }, PAGES_PER_SLICE, call);
      // What was read before the failure is kept; the next poll meets the failure again if it lasts.
      if (!rows.ok && reached > read) break;
      if (!rows.ok) return rows;
      if (!rows.value.complete && slice > SMALLEST_SLICE_MS) {
        slice = Math.max(SMALLEST_SLICE_MS, Math.floor(slice / 4));
        continue;
      }
      if (!rows.value.complete) unreadable += 1;
      unreadable += rows.value.unreadable;
      for (const entry of rows.value.entries) {
        const event = eventOf(entry);
        if (event === null) unreadable += 1;
        else events.set(event.eventId, event);
      }
      reached = to;
    }
    if (unreadable > 0) onUnreadable({ system: 'slack', count: unreadable, correlationId: call.correlationId });
    const inOrder = [...events.values()].sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
    const until = reached > read ? reached : read;
    return ok({ events: inOrder, cursor: encodeUntil(until) });
  };
  return { poll };
}

import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { decodeUntil, encodeUntil } from '../poll-cursor.js';
import type { CallContext, ConnectorFailure, EventSource, SystemEvent } from '../port.js';
import type { MimecastApi } from './api.js';
import { LOOK_BACK_MS, readAudit } from './audit.js';
import type { MimecastSettings } from './settings.js';

/** A long outage is caught up in slices; each poll reads a bounded number of them and the next one goes on. */
const SLICE_MS = 6 * 60 * 60 * 1000;
const SMALLEST_SLICE_MS = 60 * 1000;
const SLICES_PER_POLL = 24;

/** Told when audit rows that should have been events could not be read, so that none is lost in silence. */
export interface UnreadableRows {
  readonly system: 'mimecast';
  readonly count: number;
  /** Distinct reasons, without the rows' contents. */
  readonly reasons: readonly string[];
  readonly correlationId: string;
}

interface Beginning {
  /** Where this poll reads from. */
  readonly from: Date;
  /** What earlier polls have read to: the cursor never goes back behind it. */
  readonly read: Date;
}

/** The last end less the overlap, or the overlap before now at the very first. */
function beginning(cursor: string | null, overlapMs: number, now: Date): Result<Beginning, ConnectorFailure> {
  const earliest = now.getTime() - LOOK_BACK_MS;
  if (cursor === null) {
    const from = new Date(Math.max(now.getTime() - overlapMs, earliest));
    return ok({ from, read: from });
  }
  const until = decodeUntil(cursor, 'Mimecast');
  if (!until.ok) return until;
  // A cursor ahead of the clock (a clock set back) must not stop the polling.
  const read = new Date(Math.max(Math.min(until.value.getTime(), now.getTime()), earliest));
  return ok({ from: new Date(Math.max(read.getTime() - overlapMs, earliest)), read });
}

/** Mimecast has no webhook for audit events: they are polled. What the overlap returns again, the reader drops by id. */
export function createEventSource(
  api: MimecastApi,
  settings: MimecastSettings,
  runtime: Runtime,
  onUnreadable: (report: UnreadableRows) => void,
): EventSource {
  const poll = async (cursor: string | null, call: CallContext): ReturnType<EventSource['poll']> => {
    const now = runtime.now();
    const start = beginning(cursor, settings.poll_overlap_s * 1000, now);
    if (!start.ok) return start;
    const { from, read } = start.value;

    const events = new Map<string, SystemEvent>();
    const unreadable: string[] = [];
    let reached = from;
    let slice = SLICE_MS;
    for (let done = 0; done < SLICES_PER_POLL && reached < now; done += 1) {
      const to = new Date(Math.min(reached.getTime() + slice, now.getTime()));
      const rows = await readAudit(api, { from: reached, to, categories: settings.audit_categories }, call);
      // What was read before the failure is kept; the next poll meets the failure again if it lasts.
      if (!rows.ok && reached > read) break;
      if (!rows.ok) return rows;
      if (!rows.value.complete && slice > SMALLEST_SLICE_MS) {
        slice = Math.max(SMALLEST_SLICE_MS, Math.floor(slice / 4));
        continue;
      }
      if (!rows.value.complete) unreadable.push('one minute held more rows than are read at once');
      for (const event of rows.value.events) events.set(event.eventId, event);
      unreadable.push(...rows.value.unreadable);
      reached = to;
    }

    if (unreadable.length > 0) {
      const reasons = [...new Set(unreadable)];
      onUnreadable({ system: 'mimecast', count: unreadable.length, reasons, correlationId: call.correlationId });
    }
    const inOrder = [...events.values()].sort((left, right) => left.occurredAt.getTime() - right.occurredAt.getTime());
    return ok({ events: inOrder, cursor: encodeUntil(reached > read ? reached : read) });
  };
  return { poll };
}

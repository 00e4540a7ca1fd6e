import { err, ok, type Result } from '../../result.js';
import { decodeUntil, encodeUntil } from '../poll-cursor.js';
import type { CallContext, ConnectorFailure, EventSource, SystemEvent } from '../port.js';
import { ACTIVITIES, eventOf, type Told } from './audit-row.js';
import { plain } from './failures.js';
import { SYSTEM } from './find.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { signInEventOf } from './sign-in-row.js';

/** A long outage is caught up in slices; each poll reads a bounded number of them and the next one goes on. */
const SLICE_MS = 6 * 60 * 60 * 1000;
const SMALLEST_SLICE_MS = 60 * 1000;
const SLICES_PER_POLL = 24;
const MOST_ROWS = 2_000;
/** Free tenants keep audit rows for seven days. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60 * 1000;
/** One reset is several rows of several services within seconds. */
const SAME_CHANGE_MS = 10_000;

/** Told when rows that should have been notices could not be read, so that none is lost in silence. */
export interface UnreadableRows {
  readonly system: string;
  readonly count: number;
  /** One minute held more rows than are read at once. */
  readonly cut: boolean;
  readonly correlationId: string;
}

interface Window {
  readonly from: Date;
  readonly to: Date;
}

interface Found {
  readonly told: readonly Told[];
  /** Rows that should have been notices and could not be read. */
  readonly unreadable: number;
  readonly complete: boolean;
}

async function readRows(
  { api }: Reader,
  {
    path,
    filter,
    read,
    call,
  }: { path: string; filter: string; read: (row: unknown) => Told | 'unreadable' | null; call: CallContext },
): Promise<Result<Found, ConnectorFailure>> {
  const found = await api.list(
    `${path}?$filter=${encodeURIComponent(filter)}&$top=100`,
    [PERMISSION.audit],
    call,
    MOST_ROWS,
  );
  if (!found.ok) return err(found.error);
  const readings = found.value.rows.map(read);
  const told = readings.filter((reading) => reading !== null && reading !== 'unreadable');
  const unreadable = readings.filter((reading) => reading === 'unreadable').length;
  return ok({ told, unreadable, complete: found.value.complete });
}

async function readWindow(
  reader: Reader,
  { from, to }: Window,
  call: CallContext,
): Promise<Result<Found, ConnectorFailure>> {
  const names = Object.keys(ACTIVITIES)
    .map((name) => `activityDisplayName eq ${quoted(name)}`)
    .join(' or ');
  const between = (field: string): string => `${field} ge ${from.toISOString()} and ${field} le ${to.toISOString()}`;
  const audits = await readRows(reader, {
    path: '/v1.0/auditLogs/directoryAudits',
    filter: `${between('activityDateTime')} and (${names})`,
    read: (row) => eventOf(row, reader.settings.client_id),
    call,
  });
  if (!audits.ok || !reader.settings.sign_in_notices) return audits;
  const signIns = await readRows(reader, {
    path: '/v1.0/auditLogs/signIns',
    filter: between('createdDateTime'),
    read: signInEventOf,
    call,
  });
  if (!signIns.ok) return signIns;
  return ok({
    told: [...audits.value.told, ...signIns.value.told],
    unreadable: audits.value.unreadable + signIns.value.unreadable,
    complete: audits.value.complete && signIns.value.complete,
  });
}

const byTime = (left: Told, right: Told): number =>
  left.event.occurredAt.getTime() - right.event.occurredAt.getTime() ||
  left.event.eventId.localeCompare(right.event.eventId);

/**
 * Leaves the first of the rows that tell one change: other activities of the same kind, about the same account, by the
 * same actor, within seconds. The same activity once more is another change.
 */
function withoutEchoes(told: readonly Told[]): readonly SystemEvent[] {
  const open = new Map<string, { readonly from: number; readonly activities: Set<string> }>();
  const kept: SystemEvent[] = [];
  for (const { event, activity } of [...told].sort(byTime)) {
    const key = JSON.stringify([event.kind, event.login.toLowerCase(), event.actor]);
    const at = event.occurredAt.getTime();
    const group = open.get(key);
    const echo = group !== undefined && at - group.from < SAME_CHANGE_MS && !group.activities.has(activity);
    if (echo) group.activities.add(activity);
    else {
      kept.push(event);
      open.set(key, { from: at, activities: new Set([activity]) });
    }
  }
  return kept;
}

/** Entra ID has no subscription for its logs: they are polled. What the overlap returns again, the reader drops by id. */
export function createEventSource(reader: Reader, onUnreadable: (report: UnreadableRows) => void): EventSource {
  const { runtime, settings } = reader;
  const poll: EventSource['poll'] = async (cursor, call) => {
    const now = runtime.now();
    const earliest = now.getTime() - LOOK_BACK_MS;
    const until = cursor === null ? ok(now) : decodeUntil(cursor, 'Entra ID');
    if (!until.ok) return until;
    // A cursor ahead of the clock (a clock set back) must not stop the polling.
    const read = Math.max(Math.min(until.value.getTime(), now.getTime()), earliest);
    const start = Math.max(read - settings.poll_overlap_s * 1000, earliest);

    const told = new Map<string, Told>();
    let unreadable = 0;
    let cut = false;
    // Begins a little earlier, so that the first row of a change whose rows straddle the start is known as such.
    let reached = start - SAME_CHANGE_MS;
    let slice = SLICE_MS;
    for (let done = 0; done < SLICES_PER_POLL && reached < now.getTime(); done += 1) {
      const window = { from: new Date(reached), to: new Date(Math.min(reached + slice, now.getTime())) };
      const rows = await readWindow(reader, window, call);
      // What was read before the failure is kept; the next poll meets the failure again if it lasts.
      if (!rows.ok && reached > read) break;
      if (!rows.ok) return rows;
      if (!rows.value.complete && slice > SMALLEST_SLICE_MS) {
        slice = Math.max(SMALLEST_SLICE_MS, Math.floor(slice / 4));
        continue;
      }
      unreadable += rows.value.unreadable;
      cut ||= !rows.value.complete;
      for (const row of rows.value.told) told.set(row.event.eventId, row);
      reached = window.to.getTime();
    }
    if (unreadable > 0 || cut)
      onUnreadable({ system: SYSTEM, count: unreadable, cut, correlationId: call.correlationId });
    const news = withoutEchoes([...told.values()]).filter(({ occurredAt }) => occurredAt.getTime() >= start);
    return ok({ events: news, cursor: encodeUntil(new Date(Math.max(reached, read))) });
  };
  return { poll: async (cursor, call) => plain(await poll(cursor, call)) };
}

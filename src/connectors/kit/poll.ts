import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { CallContext, EventSource, SystemEvent } from '../../ports/connector.js';
import type { Answer, Outcome } from './action.js';
import { onOurClock, type Clock } from './clock.js';
import { tellUnreadable, type ConnectorLog } from './log.js';
import { decodeUntil, encodeUntil } from './poll-cursor.js';

/** A long outage is caught up in slices; each poll reads a bounded number of them and the next one continues. */
const SLICE_MS = 6 * 60 * 60 * 1000;
const SMALLEST_SLICE_MS = 60 * 1000;
const SLICES_PER_POLL = 24;

export interface Slice<Row> {
  readonly rows: readonly Row[];
  /** Why rows that may have been events could not be read, one entry for each row; without the rows' contents. */
  readonly unreadable: readonly string[];
  /** False when the slice contained more rows than are read at once. */
  readonly complete: boolean;
}

export interface SlicedLog<Row> {
  readonly system: string;
  readonly title: string;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: ConnectorLog;
  /** How far each poll looks back, because rows are stored late. The reader drops repeated rows by id. */
  readonly overlapMs: number;
  /** The furthest look back, whatever the cursor says: as long as the system keeps its rows. */
  readonly lookBackMs: number;
  /**
   * This much before the overlap, for rows that make sense only beside earlier ones; events from then are not reported
   * again.
   */
  readonly leadMs?: number;
  /** `last`: the slice ends now. */
  read(
    window: { readonly from: Date; readonly to: Date; readonly last: boolean },
    call: CallContext,
  ): Answer<Slice<Row>>;
  events(rows: readonly Row[]): readonly SystemEvent[];
}

interface Beginning {
  readonly from: Date;
  /** How far earlier polls have read: the cursor never falls behind it. */
  readonly read: Date;
}

function beginning<Row>(log: SlicedLog<Row>, cursor: string | null, now: Date): Outcome<Beginning> {
  const until = cursor === null ? ok(now) : decodeUntil(cursor, log.title);
  if (!until.ok) return until;
  const earliest = now.getTime() - log.lookBackMs;
  // A cursor ahead of the clock (a clock set back) must not stop the polling.
  const read = Math.max(Math.min(until.value.getTime(), now.getTime()), earliest);
  const from = Math.max(read - log.overlapMs, earliest) - (log.leadMs ?? 0);
  return ok({ from: new Date(from), read: new Date(cursor === null ? from : read) });
}

interface Read<Row> {
  readonly rows: readonly Row[];
  readonly unreadable: readonly string[];
  readonly reached: Date;
}

async function readSlices<Row>(
  log: SlicedLog<Row>,
  { from, read }: Beginning,
  now: Date,
  call: CallContext,
): Answer<Read<Row>> {
  const rows: Row[] = [];
  const unreadable: string[] = [];
  let reached = from;
  let slice = SLICE_MS;
  for (let done = 0; done < SLICES_PER_POLL && reached < now; done += 1) {
    const to = new Date(Math.min(reached.getTime() + slice, now.getTime()));
    const found = await log.read({ from: reached, to, last: to >= now }, call);
    // What was read before the failure is kept; the next poll meets the failure again if it persists.
    if (!found.ok && reached > read) break;
    if (!found.ok) return found;
    if (!found.value.complete && slice > SMALLEST_SLICE_MS) {
      slice = Math.max(SMALLEST_SLICE_MS, Math.floor(slice / 4));
      continue;
    }
    if (!found.value.complete) unreadable.push('one minute held more rows than are read at once');
    rows.push(...found.value.rows);
    unreadable.push(...found.value.unreadable);
    reached = to;
  }
  return ok({ rows, unreadable, reached });
}

const byTime = (one: SystemEvent, other: SystemEvent): number => one.occurredAt.getTime() - other.occurredAt.getTime();

/** Polls a log that is queried by time, slice after slice; a slice that is too full is read in smaller ones. */
export function pollSliced<Row>(log: SlicedLog<Row>): EventSource['poll'] {
  return async (cursor, call) => {
    const now = log.clock.vendorTime(log.runtime.now());
    const start = beginning(log, cursor, now);
    if (!start.ok) return start;
    const found = await readSlices(log, start.value, now, call);
    if (!found.ok) return found;
    const { rows, unreadable, reached } = found.value;
    tellUnreadable(log.log, { system: log.system, unreadable }, call);
    const events = new Map(log.events(rows).map((event) => [event.eventId, event]));
    const until = reached > start.value.read ? reached : start.value.read;
    const toldBefore = ({ occurredAt }: SystemEvent): boolean =>
      log.leadMs !== undefined && occurredAt.getTime() < start.value.from.getTime() + log.leadMs;
    const told = [...events.values()].filter((event) => !toldBefore(event)).sort(byTime);
    return ok({ events: onOurClock(log.clock, told), cursor: encodeUntil(until) });
  };
}

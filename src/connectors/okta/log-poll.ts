import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Answer } from '../kit/action.js';
import { onOurClock } from '../kit/clock.js';
import { tellUnreadable, type ConnectorLog } from '../kit/log.js';
import { readCursor } from '../kit/poll-cursor.js';
import type { CallContext, EventSource, SystemEvent } from '../../ports/connector.js';
import type { OktaApi } from './api.js';
import type { Parts } from './state.js';
import { time } from './user.js';

/** A hundred rows stay well under the client's 1 MiB. */
const PAGE_SIZE = 100;
const PAGES_PER_POLL = 20;

/**
 * `after` is Okta's position in the log, which belongs to the `since` it was begun with: a later one would hide rows
 * that are stored late. `again` is where to restart when the position is lost.
 */
const place = z.object({ after: z.string().min(1).nullable(), since: z.iso.datetime(), again: z.iso.datetime() });
type Place = z.output<typeof place>;

interface Read {
  readonly rows: readonly unknown[];
  readonly after: string | null;
  /** Whether there was nothing more. */
  readonly ended: boolean;
}

async function readFrom(
  { api, filter }: { readonly api: OktaApi; readonly filter: string },
  { after, since }: Pick<Place, 'after' | 'since'>,
  call: CallContext,
): Answer<Read> {
  const query = new URLSearchParams({
    filter,
    since,
    sortOrder: 'ASCENDING',
    limit: String(PAGE_SIZE),
  });
  const rows: unknown[] = [];
  let at = after;
  for (let page = 0; page < PAGES_PER_POLL; page += 1) {
    const path = `/api/v1/logs?${query.toString()}${at === null ? '' : `&after=${encodeURIComponent(at)}`}`;
    const answer: Awaited<ReturnType<typeof api.page>> = await api.page(path, z.unknown(), call);
    // What was read before the failure is kept; the next poll meets the failure again if it persists.
    if (!answer.ok) return rows.length > 0 ? ok({ rows, after: at, ended: false }) : answer;
    const { items, asked, next } = answer.value;
    rows.push(...items);
    at = next ?? at;
    if (items.length < (asked ?? PAGE_SIZE) || next === null) return ok({ rows, after: at, ended: true });
  }
  return ok({ rows, after: at, ended: false });
}

const published = z.object({ published: time });

/**
 * Where to restart when the position is lost: `overlap` before now, and in the middle of a backlog as much before the last
 * row that was read, but not before the former place.
 */
function restartFrom(
  { rows, ended }: Read,
  overlap: { readonly from: Date; readonly ms: number },
  former: string,
): string {
  if (ended) return overlap.from.toISOString();
  const last = published.safeParse(rows.at(-1)).data?.published?.getTime() ?? -Infinity;
  const restart = Math.max(last - overlap.ms, Date.parse(former));
  return new Date(Math.min(restart, overlap.from.getTime())).toISOString();
}

/** What rows mean, and why some could not be read. */
export interface Told {
  readonly events: readonly SystemEvent[];
  readonly unreadable: readonly string[];
}

interface LogReader {
  /** An expression in Okta's filter language, which chooses the rows. */
  readonly filter: string;
  readonly tell: (rows: readonly unknown[], call: CallContext) => Told | Promise<Told>;
}

/**
 * Okta's system log, polled: without `until`, its `next` link is a position in the order of storing, so rows that are
 * stored late are read later and none is skipped.
 */
export function pollLog(
  { api, settings, runtime }: Parts,
  log: ConnectorLog,
  { filter, tell }: LogReader,
): EventSource['poll'] {
  const asked = { api, filter };
  return async (cursor, call) => {
    const now = api.vendorTime(runtime.now());
    const ms = settings.poll_overlap_s * 1000;
    const overlap = { ms, from: new Date(now.getTime() - ms) };
    const first = overlap.from.toISOString();
    const begin = cursor === null ? ok({ after: null, since: first, again: first }) : readCursor(place, cursor, 'Okta');
    if (!begin.ok) return begin;
    let { since } = begin.value;
    let read = await readFrom(asked, begin.value, call);
    if (!read.ok && read.error.kind === 'invalid_input' && begin.value.after !== null) {
      since = begin.value.again;
      read = await readFrom(asked, { after: null, since }, call);
    }
    if (!read.ok) return read;
    const { rows, after } = read.value;
    const { events, unreadable } = await tell(rows, call);
    tellUnreadable(log, { system: 'okta', unreadable }, call);
    // Without a position (an empty log) the next poll begins where this one did: the reader drops what it has seen.
    const next: Place = { after, since, again: restartFrom(read.value, overlap, begin.value.again) };
    return ok({ events: onOurClock(api, events), cursor: JSON.stringify(next) });
  };
}

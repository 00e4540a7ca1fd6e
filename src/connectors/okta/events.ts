import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Answer } from '../kit/action.js';
import { onOurClock } from '../kit/clock.js';
import { tellUnreadable, type ConnectorLog } from '../kit/log.js';
import { readCursor } from '../kit/poll-cursor.js';
import type { CallContext, EventSource } from '../../ports/connector.js';
import type { OktaApi } from './api.js';
import { EVENT_TYPES, joinDeeds, readEventRow } from './event-row.js';
import { eventIs } from './log.js';
import type { Parts } from './state.js';

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
}

async function readFrom(
  api: OktaApi,
  { after, since }: Pick<Place, 'after' | 'since'>,
  call: CallContext,
): Answer<Read> {
  const query = new URLSearchParams({
    filter: eventIs(EVENT_TYPES),
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
    if (!answer.ok) return rows.length > 0 ? ok({ rows, after: at }) : answer;
    const { items, asked, next } = answer.value;
    rows.push(...items);
    at = next ?? at;
    if (items.length < (asked ?? PAGE_SIZE) || next === null) break;
  }
  return ok({ rows, after: at });
}

/**
 * Okta's system log, polled: without `until`, its `next` link is a position in the order of storing, so rows that are
 * stored late are read later and none is skipped.
 */
export function createEventSource({ api, self, settings, runtime }: Parts, log: ConnectorLog): EventSource {
  return {
    ownDeeds: {
      // An account with an expired password is suspended by setting a new password (suspension.ts); others are not.
      password_reset: { always: ['reset_password'], sometimes: ['disable_account'] },
      two_step_changed: { always: ['remove_factors'] },
    },
    async poll(cursor, call) {
      const now = api.vendorTime(runtime.now());
      const overlap = new Date(now.getTime() - settings.poll_overlap_s * 1000).toISOString();
      const begin =
        cursor === null ? ok({ after: null, since: overlap, again: overlap }) : readCursor(place, cursor, 'Okta');
      if (!begin.ok) return begin;
      let { since } = begin.value;
      let read = await readFrom(api, begin.value, call);
      if (!read.ok && read.error.kind === 'invalid_input' && begin.value.after !== null) {
        since = begin.value.again;
        read = await readFrom(api, { after: null, since }, call);
      }
      if (!read.ok) return read;
      const { rows, after } = read.value;
      const own = rows.length === 0 ? null : await self.id(call);
      const readings = rows.map((row) => readEventRow(row, own));
      const unreadable = readings.flatMap((reading) => (reading.outcome === 'unreadable' ? [reading.why] : []));
      tellUnreadable(log, { system: 'okta', unreadable }, call);
      // Without a position (an empty log) the next poll begins where this one did: the reader drops what it has seen.
      const next: Place = { after, since, again: overlap };
      return ok({ events: onOurClock(api, joinDeeds(readings)), cursor: JSON.stringify(next) });
    },
  };
}

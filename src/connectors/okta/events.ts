import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure, EventSource } from '../port.js';
import type { Page } from './api.js';
import { EVENT_TYPES, joinDeeds, readEventRow } from './event-row.js';
import { anyRow, eventIs } from './log.js';
import type { OktaFailure } from './failures.js';
import type { Parts } from './state.js';

/** A hundred rows stay well under the client's 1 MiB. */
const PAGE_SIZE = 100;
const PAGES_PER_POLL = 20;

/**
 * `after` is Okta's place in the log, which belongs to the `since` it was begun with: a later one would hide rows that
 * are stored late. `again` is where to begin anew when the place is lost.
 */
const place = z.object({ after: z.string().min(1).nullable(), since: z.iso.datetime(), again: z.iso.datetime() });
type Place = z.output<typeof place>;

/** Told when rows that should have been events could not be read, so that none is lost in silence. */
export interface UnreadableRows {
  readonly system: 'okta';
  readonly count: number;
  /** Distinct reasons, without the rows' contents. */
  readonly reasons: readonly string[];
  readonly correlationId: string;
}

function decode(cursor: string): Result<Place, ConnectorFailure> {
  try {
    const parsed = place.safeParse(JSON.parse(cursor));
    if (parsed.success) return ok(parsed.data);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return err({
    kind: 'invalid_input',
    message: 'The stored cursor of Okta cannot be read; delete it, and polling begins anew.',
    field: 'cursor',
  });
}

interface Read {
  readonly rows: readonly unknown[];
  readonly after: string | null;
}

/**
 * Okta's system log, polled: without `until`, its `next` link is a place in the order of storing, so rows that are
 * stored late are met later and none is passed over.
 */
export function createEventSource(
  { api, self, settings, runtime }: Parts,
  onUnreadable: (report: UnreadableRows) => void,
): EventSource {
  const overlap = (now: Date): string => new Date(now.getTime() - settings.poll_overlap_s * 1000).toISOString();

  const ownId = async (call: CallContext): Promise<string | null> => {
    if (settings.client_id !== null) return settings.client_id;
    const identity = await self.identity(call);
    return identity.ok ? identity.value.userId : null;
  };

  const readFrom = async ({ after, since }: Place, call: CallContext): Promise<Result<Read, OktaFailure>> => {
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
      const answer: Result<Page<unknown>, OktaFailure> = await api.page(path, anyRow, call);
      // What was read before the failure is kept; the next poll meets the failure again if it lasts.
      if (!answer.ok) return rows.length > 0 ? ok({ rows, after: at }) : answer;
      rows.push(...answer.value.rows);
      at = answer.value.after ?? at;
      if (answer.value.rows.length < PAGE_SIZE || answer.value.after === null) break;
    }
    return ok({ rows, after: at });
  };

  return {
    async poll(cursor, call) {
      const now = runtime.now();
      const begin: Result<Place, ConnectorFailure> =
        cursor === null ? ok({ after: null, since: overlap(now), again: overlap(now) }) : decode(cursor);
      if (!begin.ok) return begin;
      let { since } = begin.value;
      let read = await readFrom(begin.value, call);
      if (!read.ok && read.error.kind === 'invalid_input' && begin.value.after !== null) {
        since = begin.value.again;
        read = await readFrom({ ...begin.value, after: null, since }, call);
      }
      if (!read.ok) return read;
      const own = read.value.rows.length === 0 ? null : await ownId(call);
      const readings = read.value.rows.map((row) => readEventRow(row, own));
      const unreadable = readings.flatMap((reading) => (reading.outcome === 'unreadable' ? [reading.why] : []));
      if (unreadable.length > 0) {
        const reasons = [...new Set(unreadable)];
        onUnreadable({ system: 'okta', count: unreadable.length, reasons, correlationId: call.correlationId });
      }
      // Without a place (an empty log) the next poll begins where this one did: the reader drops what it has seen.
      const next: Place = { after: read.value.after, since, again: overlap(now) };
      return ok({ events: joinDeeds(readings), cursor: JSON.stringify(next) });
    },
  };
}

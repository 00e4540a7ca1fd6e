import type { Connector, ConnectorFailure, EventSource } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { requestWhatIsDue } from '../../src/notices/unanswered.js';
import { backoffMs } from '../backoff.js';

/** How a poll went: how many notices and looks at reports it requested, or after which time to retry. */
export type Polled = { readonly notices: number } | { readonly failed: string; readonly againInMs: number };

/** One log that is read by itself: its cursor is kept under `key`. */
export interface Polling {
  readonly system: string;
  readonly key: string;
  readonly source: EventSource;
  /** Reports that are made there: without the right or the licence for them, all else is read on. */
  readonly optional: boolean;
  /** It is not read more often than this. */
  readonly pauseMs: number;
}

/** Everything that is read of a system. */
export const pollingsOf = ({ system, events, reports }: Connector): readonly Polling[] => [
  ...(events === null ? [] : [{ system, key: system, source: events, optional: false, pauseMs: 0 }]),
  ...reports.map((source) => ({
    system,
    key: `${system}/${source.name}`,
    source,
    optional: true,
    pauseMs: source.pauseMs ?? 0,
  })),
];

/** How often a log that may not be read is tried again: a right that is granted shows by itself. */
const NOT_GRANTED_MS = 15 * 60_000;

const isNotGranted = ({ kind }: ConnectorFailure): boolean =>
  kind === 'permission' || kind === 'licence' || kind === 'unsupported';

function pauseAfter(core: Core, { optional }: Polling, error: ConnectorFailure, failures: number): number {
  if (optional && isNotGranted(error)) return NOT_GRANTED_MS;
  const told = error.kind === 'throttled' || error.kind === 'transient' ? error.retryAfterMs : null;
  return told ?? backoffMs(failures + 1, core.runtime);
}

/**
 * Reads a system's events since the stored cursor. Events and the new cursor commit together: after a crash the same
 * stretch is read again and known events are dropped; after an outage, reading resumes at the cursor.
 */
export async function pollEvents(core: Core, polling: Polling, signal: AbortSignal, failures: number): Promise<Polled> {
  const { system, key, source } = polling;
  const correlationId = core.runtime.newId('poll');
  const { rows } = await core.db.query<{ cursor: string }>(
    'select cursor from event_cursors where workspace_id = $1 and system = $2',
    [core.workspaceId, key],
  );
  const before = rows[0]?.cursor ?? null;
  const polled = await source.poll(before, { signal, correlationId });
  if (!polled.ok) {
    const { error } = polled;
    return { failed: error.message, againInMs: pauseAfter(core, polling, error, failures) };
  }
  const { events, cursor } = polled.value;
  const notices = await core.db.transaction(async (tx) => {
    // The row lock makes two pollers take turns; the slower one finds its events already stored.
    await tx.query(
      `insert into event_cursors (workspace_id, system, cursor, polled_at) values ($1, $2, $3, $4)
       on conflict (workspace_id, system) do update set cursor = excluded.cursor, polled_at = excluded.polled_at`,
      [core.workspaceId, key, cursor, core.runtime.now()],
    );
    const requested = await ingestEvents({ core, tx }, system, events, correlationId);
    // The queue measures a delay by its own clock; whatever went wrong there, nothing due waits longer than one poll
    // interval.
    const due = await requestWhatIsDue({ core, tx }, correlationId);
    return { requested, due };
  });
  if (notices.requested > 0 || notices.due) core.dispatch();
  return { notices: notices.requested };
}

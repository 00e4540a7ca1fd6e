import type { Connector } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { requestWhatIsDue } from '../../src/notices/unanswered.js';
import { backoffMs } from '../backoff.js';

/** How a poll went: how many notices it requested, or after which time to retry. */
export type Polled = { readonly notices: number } | { readonly failed: string; readonly againInMs: number };

/**
 * Reads a system's events since the stored cursor. Events and the new cursor commit together: after a crash the same
 * stretch is read again and known events are dropped; after an outage, reading resumes at the cursor.
 */
export async function pollEvents(
  core: Core,
  connector: Connector,
  signal: AbortSignal,
  failures: number,
): Promise<Polled> {
  if (!connector.events) return { notices: 0 };
  const correlationId = core.runtime.newId('poll');
  const { rows } = await core.db.query<{ cursor: string }>(
    'select cursor from event_cursors where workspace_id = $1 and system = $2',
    [core.workspaceId, connector.system],
  );
  const before = rows[0]?.cursor ?? null;
  const polled = await connector.events.poll(before, { signal, correlationId });
  if (!polled.ok) {
    const { error } = polled;
    const told = error.kind === 'throttled' || error.kind === 'transient' ? error.retryAfterMs : null;
    return { failed: error.message, againInMs: told ?? backoffMs(failures + 1, core.runtime) };
  }
  const { events, cursor } = polled.value;
  const notices = await core.db.transaction(async (tx) => {
    // The row lock makes two pollers take turns; the slower one finds its events already stored.
    await tx.query(
      `insert into event_cursors (workspace_id, system, cursor, polled_at) values ($1, $2, $3, $4)
       on conflict (workspace_id, system) do update set cursor = excluded.cursor, polled_at = excluded.polled_at`,
      [core.workspaceId, connector.system, cursor, core.runtime.now()],
    );
    const requested = await ingestEvents({ core, tx }, connector.system, events, correlationId);
    // The queue measures a delay by its own clock; whatever went wrong there, nothing due waits longer than one poll
    // interval.
    const due = await requestWhatIsDue({ core, tx }, correlationId);
    return { requested, due };
  });
  if (notices.requested > 0 || notices.due) core.dispatch();
  return { notices: notices.requested };
}

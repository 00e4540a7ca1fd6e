import type { Connector } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import { takeIn } from '../../src/notices/take-in.js';
import { backoffMs } from '../backoff.js';

/** How a poll went: how many notices it requested, or after which time to try again. */
export type Polled = { readonly notices: number } | { readonly failed: string; readonly againInMs: number };

/**
 * Reads what a system has to tell since the stored cursor. Events and the new cursor commit together: a crash reads the
 * same stretch again and drops what it knows; an outage is caught up from where the cursor stands.
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
    const told = polled.error.kind === 'throttled' ? polled.error.retryAfterMs : null;
    return { failed: polled.error.message, againInMs: told ?? backoffMs(failures + 1, core.runtime) };
  }
  const { events, cursor } = polled.value;
  const notices = await core.db.transaction(async (tx) => {
    // The row lock makes two pollers take turns; the slower one finds its events known.
    await tx.query(
      `insert into event_cursors (workspace_id, system, cursor, polled_at) values ($1, $2, $3, $4)
       on conflict (workspace_id, system) do update set cursor = excluded.cursor, polled_at = excluded.polled_at`,
      [core.workspaceId, connector.system, cursor, core.runtime.now()],
    );
    return takeIn({ core, tx }, connector.system, events, correlationId);
  });
  if (notices > 0) core.dispatch();
  return { notices };
}

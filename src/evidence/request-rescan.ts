import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';

const MINUTE_MS = 60_000;

/**
 * After a lockdown, a look follows automatically, at the watch's first interval: the intruder may have left a way back
 * meanwhile.
 */
export async function rescanAfterLockdown(
  core: Core,
  tx: Queryable,
  incidentId: string,
  correlationId: string,
): Promise<void> {
  const [first] = core.policy.watchMinutes;
  if (first !== undefined) await requestRescan(core, tx, { incidentId, correlationId, delayMs: first * MINUTE_MS });
}

/** Two requests before the look make one look. */
export const requestRescan = (
  core: Core,
  tx: Queryable,
  { incidentId, correlationId, delayMs }: { incidentId: string; correlationId: string; delayMs: number },
): Promise<void> =>
  requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'rescan',
    ref: incidentId,
    correlationId,
    now: core.runtime.now(),
    delayMs,
  });

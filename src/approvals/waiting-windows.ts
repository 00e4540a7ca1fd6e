import { accountsOfIncident } from '../incidents/accounts.js';
import { lockOpenIncident } from '../incidents/incident.js';
import { isWaiting, requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import type { Clicked } from './refusals.js';

/** Nobody looks at a window that said "one moment" for as long. */
const KEPT_MS = 60 * 60_000;

/** A window that waits for the accounts of a person to be looked up, and then shows their lockdown. */
export interface WaitingWindow extends Clicked {
  readonly viewId: string;
  readonly reason: string;
}

/** Without a linked system nothing is looked up, and nothing has to be waited for. */
async function areBeingRead(core: Core, tx: Queryable, incidentId: string): Promise<boolean> {
  const { workspaceId } = core;
  if (core.connectors.size === 0) return false;
  if ((await accountsOfIncident(tx, workspaceId, incidentId)).length > 0) return false;
  return isWaiting(tx, { workspaceId, name: 'read_accounts', ref: incidentId });
}

/**
 * Has the window wait, unless there is nothing to wait for. The incident is locked, as by the job that looks the
 * accounts up: it either finds the window, or has stored the accounts before. @returns whether the window waits
 */
export async function waitForAccounts(core: Core, window: WaitingWindow): Promise<boolean> {
  const { viewId, incidentId, actor, reason, origin } = window;
  const now = core.runtime.now();
  return core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, incidentId);
    if (!locked.ok || !(await areBeingRead(core, tx, incidentId))) return false;
    await tx.query('delete from waiting_windows where workspace_id = $1 and opened_at < $2', [
      core.workspaceId,
      new Date(now.getTime() - KEPT_MS),
    ]);
    await tx.query(
      `insert into waiting_windows
         (workspace_id, view_id, incident_id, actor, reason, surface, channel, correlation_id, opened_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        core.workspaceId,
        viewId,
        incidentId,
        actor,
        reason,
        origin.surface,
        origin.channel ?? null,
        origin.correlationId,
        now,
      ],
    );
    return true;
  });
}

/** Requests for each window that waits for this incident's accounts that it be filled. */
export async function fillWaitingWindows(core: Core, tx: Queryable, incidentId: string): Promise<void> {
  const { rows } = await tx.query<Row<'waiting_windows', 'view_id' | 'correlation_id'>>(
    'select view_id, correlation_id from waiting_windows where workspace_id = $1 and incident_id = $2',
    [core.workspaceId, incidentId],
  );
  for (const { view_id: ref, correlation_id: correlationId } of rows)
    await requestWork(tx, {
      workspaceId: core.workspaceId,
      name: 'show_lockdown',
      ref,
      correlationId,
      now: core.runtime.now(),
    });
}

/** `null` when it was filled already. */
export async function waitingWindow(
  core: Core,
  tx: Queryable,
  viewId: string,
): Promise<(WaitingWindow & { readonly openedAt: Date }) | null> {
  const { rows } = await tx.query<
    Row<'waiting_windows', 'incident_id' | 'actor' | 'reason' | 'surface' | 'channel' | 'correlation_id' | 'opened_at'>
  >(
    `select incident_id, actor, reason, surface, channel, correlation_id, opened_at from waiting_windows
     where workspace_id = $1 and view_id = $2`,
    [core.workspaceId, viewId],
  );
  const [row] = rows;
  if (!row) return null;
  const { incident_id: incidentId, actor, reason, surface, channel, correlation_id: correlationId } = row;
  const origin = { surface, correlationId, ...(channel === null ? {} : { channel }) };
  return { viewId, incidentId, actor, reason, origin, openedAt: row.opened_at };
}

export async function endWaiting(core: Core, tx: Queryable, viewId: string): Promise<void> {
  await tx.query('delete from waiting_windows where workspace_id = $1 and view_id = $2', [core.workspaceId, viewId]);
}

import { appendEntry, holdChain } from '../audit/append.js';
import type { Core } from '../ports/core.js';
import type { Transaction } from '../ports/database.js';
import type { AuditEvent } from './audit-event.js';

/** The chain of what concerns no incident: who was enrolled, locked, removed. No incident's id has this form. */
export const WORKSPACE_CHAIN = 'workspace';

/** Holds it until the transaction ends: of two who saw the same, one writes it. */
export const holdWorkspaceChain = ({ workspaceId }: Pick<Core, 'workspaceId'>, tx: Transaction): Promise<void> =>
  holdChain(tx, { workspaceId, incidentId: WORKSPACE_CHAIN });

/** Writes into the workspace's own chain, in the transaction of the change itself. */
export async function appendWorkspaceEvent(
  core: Pick<Core, 'workspaceId' | 'runtime'>,
  tx: Transaction,
  event: AuditEvent,
): Promise<void> {
  await appendEntry(tx, core.runtime, {
    workspaceId: core.workspaceId,
    incidentId: WORKSPACE_CHAIN,
    actor: event.actor,
    action: event.action,
    why: event.why ?? null,
    from: { surface: event.origin.surface, channel: event.origin.channel ?? null, ip: event.origin.ip ?? null },
    correlationId: event.origin.correlationId,
    detail: event.detail ?? {},
  });
}

import type { Core, Origin } from '../ports/core.js';
import { openIncidentOf } from '../incidents/incident.js';
import { type Actor, appendAuditEvent } from '../incidents/audit-event.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import type { Transaction } from '../ports/database.js';

/** Records that notices no longer wait: in the person's open incident, or in the workspace's own chain without one. */
export async function recordAnswer(
  { core, tx }: { readonly core: Core; readonly tx: Transaction },
  personId: string,
  event: {
    readonly actor: Actor;
    readonly action: 'notice.settled' | 'notice.claimed';
    readonly origin: Origin;
    readonly ids: readonly string[];
  },
): Promise<void> {
  const incident = await openIncidentOf(tx, core.workspaceId, personId);
  const { actor, action, origin, ids } = event;
  const entry = { actor, action, origin, detail: { notices: [...ids] } };
  if (incident) await appendAuditEvent(core, tx, incident.id, entry);
  else await appendWorkspaceEvent(core, tx, entry);
}

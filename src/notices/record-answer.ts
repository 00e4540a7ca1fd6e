import type { Core, Origin } from '../ports/core.js';
import { openIncidentOf } from '../incidents/incident.js';
import { type Actor, appendAuditEvent } from '../incidents/audit-event.js';
import type { Transaction } from '../ports/database.js';

/** Records in the person's open incident, if there is one, that notices no longer wait. */
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
  if (!incident) return;
  const { actor, action, origin, ids } = event;
  await appendAuditEvent(core, tx, incident.id, { actor, action, origin, detail: { notices: [...ids] } });
}

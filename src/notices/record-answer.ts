import type { Core, Origin } from '../ports/core.js';
import { openIncidentOf } from '../incidents/incident.js';
import { type Actor, appendAuditEvent } from '../incidents/audit-event.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import type { Proof } from '../incidents/proof.js';
import type { Transaction } from '../ports/database.js';

/**
 * Records what was said of notices: in the person's open incident, or in the workspace's own chain without one.
 * @returns the incident
 */
export async function recordAnswer(
  { core, tx }: { readonly core: Core; readonly tx: Transaction },
  personId: string,
  event: {
    readonly actor: Actor;
    readonly action: 'notice.settled' | 'notice.claimed' | 'notice.claim_proven';
    readonly origin: Origin;
    readonly ids: readonly string[];
    /** Of a claim: whether more than a Slack account stands behind it. */
    readonly proven?: boolean;
    /** With what. */
    readonly proof?: Proof;
  },
): Promise<string | null> {
  const incident = await openIncidentOf(tx, core.workspaceId, personId);
  const { actor, action, origin, ids, proven, proof } = event;
  const entry = {
    actor,
    action,
    origin,
    detail: {
      notices: [...ids],
      ...(proven === undefined ? {} : { proven }),
      ...(proof === undefined ? {} : { proof }),
    },
  };
  if (incident) await appendAuditEvent(core, tx, incident.id, entry);
  else await appendWorkspaceEvent(core, tx, entry);
  return incident?.id ?? null;
}

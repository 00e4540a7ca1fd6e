import type { DecisionKind } from '../ports/decision-kinds.js';
import type { Queryable, Row } from '../ports/database.js';

/** A decision that one approver signed and that needs a second one. What it decides is sealed; this is for drawing. */
export type WaitingDecision = Row<
  'waiting_decisions',
  'id' | 'incident_id' | 'subject' | 'signed_by' | 'signed_at' | 'expires_at' | 'request_key' | 'status' | 'sealed'
>;

/** What it decides. */
export function waitingKind({ subject }: Pick<WaitingDecision, 'subject'>): DecisionKind | 'undo' | 'links' {
  if (subject.startsWith('undo/')) return 'undo';
  return subject.startsWith('links/') ? 'links' : (subject as DecisionKind);
}

const COLUMNS = 'id, incident_id, subject, signed_by, signed_at, expires_at, request_key, status, sealed';

export async function waitingDecisionById(
  tx: Queryable,
  workspaceId: string,
  id: string,
): Promise<WaitingDecision | null> {
  const { rows } = await tx.query<WaitingDecision>(
    `select ${COLUMNS} from waiting_decisions where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** All of an incident, the earliest first; also those that no longer wait. */
export async function waitingDecisionsOf(
  tx: Queryable,
  workspaceId: string,
  incidentId: string,
): Promise<readonly WaitingDecision[]> {
  const { rows } = await tx.query<WaitingDecision>(
    `select ${COLUMNS} from waiting_decisions where workspace_id = $1 and incident_id = $2 order by signed_at, id`,
    [workspaceId, incidentId],
  );
  return rows;
}

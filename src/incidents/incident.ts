import { phrase } from '../../blocks/texts/phrase.js';
import type { Core } from '../core.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable } from '../store/database.js';

export const OUTCOMES = ['compromised', 'harmless', 'it_was_it', 'wrong_person'] as const;
export type IncidentOutcome = (typeof OUTCOMES)[number];

export interface Incident {
  readonly id: string;
  /** Short and spoken: `N-12`. */
  readonly reference: string;
  readonly person_id: string;
  readonly status: 'open' | 'closed';
  readonly outcome: IncidentOutcome | null;
  /** The Slack id of who took it. */
  readonly owner: string | null;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly channel: string;
  readonly card_ts: string | null;
}

export const INCIDENT_COLUMNS =
  'id, reference, person_id, status, outcome, owner, opened_at, closed_at, channel, card_ts';

export async function incidentById(tx: Queryable, workspaceId: string, id: string): Promise<Incident | null> {
  const { rows } = await tx.query<Incident>(
    `select ${INCIDENT_COLUMNS} from incidents where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** Locks the incident until the transaction ends, so that its writers wait for each other. Refuses unknown and closed ones. */
export async function lockOpenIncident(core: Core, tx: Queryable, id: string): Promise<Result<Incident, Problem>> {
  const { rows } = await tx.query<Incident>(
    `select ${INCIDENT_COLUMNS} from incidents where workspace_id = $1 and id = $2 for update`,
    [core.workspaceId, id],
  );
  const [incident] = rows;
  if (!incident) return refuse(phrase('problem.unknown_incident'));
  if (incident.status === 'closed') return refuse(phrase('problem.closed'));
  return ok(incident);
}

/** The person's open incident, if there is one. */
export async function openIncidentOf(tx: Queryable, workspaceId: string, personId: string): Promise<Incident | null> {
  const { rows } = await tx.query<Incident>(
    `select ${INCIDENT_COLUMNS} from incidents where workspace_id = $1 and person_id = $2 and status = 'open'`,
    [workspaceId, personId],
  );
  return rows[0] ?? null;
}

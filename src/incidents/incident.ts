import { phrase } from '../texts/phrase.js';
import type { Core } from '../ports/core.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Queryable, Row } from '../ports/database.js';
import type { DB } from '../ports/schema.js';

export const OUTCOMES = [
  'compromised',
  'benign',
  'authorized_change',
  'wrong_person',
] as const satisfies readonly DB['incidents']['outcome'][];
export type IncidentOutcome = (typeof OUTCOMES)[number];

/** `reference` is short and easy to say: `N-12`; `owner` is the Slack id of who took it. */
export type Incident = Row<
  'incidents',
  'id' | 'reference' | 'person_id' | 'status' | 'outcome' | 'owner' | 'opened_at' | 'closed_at' | 'channel' | 'card_ts'
>;

export const INCIDENT_COLUMNS =
  'id, reference, person_id, status, outcome, owner, opened_at, closed_at, channel, card_ts';

export async function incidentById(tx: Queryable, workspaceId: string, id: string): Promise<Incident | null> {
  const { rows } = await tx.query<Incident>(
    `select ${INCIDENT_COLUMNS} from incidents where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** Locks the incident until the transaction ends, so that its writers wait for each other. Refuses unknown ones. */
export async function lockIncident(core: Core, tx: Queryable, id: string): Promise<Result<Incident, Problem>> {
  const { rows } = await tx.query<Incident>(
    `select ${INCIDENT_COLUMNS} from incidents where workspace_id = $1 and id = $2 for update`,
    [core.workspaceId, id],
  );
  return rows[0] ? ok(rows[0]) : refuse('unknown_incident', phrase('problem.unknown_incident'));
}

/** The same, and refuses closed ones. */
export async function lockOpenIncident(core: Core, tx: Queryable, id: string): Promise<Result<Incident, Problem>> {
  const locked = await lockIncident(core, tx, id);
  return locked.ok && locked.value.status === 'closed' ? refuse('incident_closed', phrase('problem.closed')) : locked;
}

/** The person's open incident, if there is one. */
export async function openIncidentOf(tx: Queryable, workspaceId: string, personId: string): Promise<Incident | null> {
  const { rows } = await tx.query<Incident>(
    `select ${INCIDENT_COLUMNS} from incidents where workspace_id = $1 and person_id = $2 and status = 'open'`,
    [workspaceId, personId],
  );
  return rows[0] ?? null;
}

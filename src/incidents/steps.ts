import type { AccountState, ActionKind, Chosen, Survivor } from '../connectors/port.js';
import type { Queryable } from '../store/database.js';

export const STEP_STATES = [
  'waiting',
  'queued',
  'running',
  'retrying',
  'accepted',
  'verified',
  'console',
  'console_done',
  'needs_human',
] as const;
export type StepStatus = (typeof STEP_STATES)[number];

/** How a step ended, as stored: times as ISO text. */
export interface StepResult {
  readonly observed?: string;
  readonly problem?: string;
  readonly acceptedAt?: string;
  readonly effectiveBy?: string;
  readonly survives?: readonly Survivor[];
  readonly requestId?: string | null;
  readonly state?: AccountState;
}

export interface Step {
  readonly id: string;
  readonly decision_id: string;
  readonly incident_id: string;
  readonly account_row: string;
  readonly system: string;
  readonly action: ActionKind;
  readonly ranges: readonly string[];
  /** `null` for actions that are not about items. */
  readonly items: Chosen | null;
  readonly sealed_password: string | null;
  readonly position: number;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly reads: number;
  /** How often somebody pressed Retry. */
  readonly round: number;
  readonly first_sent_at: Date | null;
  readonly accepted_at: Date | null;
  readonly result: StepResult | null;
  readonly finished_at: Date | null;
  /** Sealed facts (see `facts.ts`): what the action changes, before it and after it was proven. */
  readonly before_facts: string | null;
  readonly after_facts: string | null;
  /** The step whose change this one takes back. */
  readonly undo_of: string | null;
  /** How often a proven change was read again by the watch. */
  readonly watched: number;
  readonly watch_verdict: 'holds' | 'does_not_hold' | 'cannot_tell' | null;
}

const COLUMNS = `id, decision_id, incident_id, account_row, system, action, ranges, items, sealed_password, position, status, attempts, reads,
  round, first_sent_at, accepted_at, result, finished_at, before_facts, after_facts, undo_of, watched, watch_verdict`;

export async function stepById(tx: Queryable, workspaceId: string, id: string): Promise<Step | null> {
  const { rows } = await tx.query<Step>(`select ${COLUMNS} from steps where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

export async function lockStep(tx: Queryable, workspaceId: string, id: string): Promise<Step | null> {
  const { rows } = await tx.query<Step>(`select ${COLUMNS} from steps where workspace_id = $1 and id = $2 for update`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** All steps of an incident in the order in which they were decided. */
export async function stepsOf(tx: Queryable, workspaceId: string, incidentId: string): Promise<Step[]> {
  const { rows } = await tx.query<Step>(
    `select ${COLUMNS} from steps where workspace_id = $1 and incident_id = $2 order by created_at, decision_id, position`,
    [workspaceId, incidentId],
  );
  return rows;
}

export interface Decision {
  readonly id: string;
  readonly incident_id: string;
  readonly action: string;
  readonly reason: string;
  readonly decided_by: string;
  readonly decided_at: Date;
}

export async function decisionById(tx: Queryable, workspaceId: string, id: string): Promise<Decision | null> {
  const { rows } = await tx.query<Decision>(
    'select id, incident_id, action, reason, decided_by, decided_at from decisions where workspace_id = $1 and id = $2',
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

export async function allDecisionsOf(tx: Queryable, workspaceId: string, incidentId: string): Promise<Decision[]> {
  const { rows } = await tx.query<Decision>(
    'select id, incident_id, action, reason, decided_by, decided_at from decisions where workspace_id = $1 and incident_id = $2',
    [workspaceId, incidentId],
  );
  return rows;
}

/** The newest decision of a kind in an incident, and how many there are. */
export async function decisionsOf(
  tx: Queryable,
  workspaceId: string,
  incidentId: string,
  action: string,
): Promise<{ count: number; newest: Decision | null }> {
  const { rows } = await tx.query<Decision>(
    `select id, incident_id, action, reason, decided_by, decided_at from decisions
     where workspace_id = $1 and incident_id = $2 and action = $3 order by decided_at desc`,
    [workspaceId, incidentId, action],
  );
  return { count: rows.length, newest: rows[0] ?? null };
}

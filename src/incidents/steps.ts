import * as z from 'zod';
import { type Proof, type Second, storedProof, storedSecond } from './proof.js';
import { ACTION_KINDS, type ActionKind, type Chosen, type ReadBack } from '../ports/connector.js';
import type { Queryable, Row } from '../ports/database.js';
import type { DB } from '../ports/schema.js';

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
] as const satisfies readonly DB['steps']['status'][];
export type StepStatus = (typeof STEP_STATES)[number];

/** How a step ended, as stored: times as ISO text. */
const stepResult = z.object({
  observed: z.string().exactOptional(),
  problem: z.string().exactOptional(),
  acceptedAt: z.string().exactOptional(),
  effectiveBy: z.string().exactOptional(),
  survives: z
    .array(
      z.object({
        what: z.string(),
        forSeconds: z.number().nullable(),
        /** None in results of earlier versions; what this version does not know ends nothing. */
        endedBy: z.array(z.enum(ACTION_KINDS)).readonly().catch([]),
      }),
    )
    .readonly()
    .exactOptional(),
  requestId: z.string().nullable().exactOptional(),
});
export type StepResult = z.output<typeof stepResult>;

type Steps = DB['steps'];

interface StepRow extends Row<
  'steps',
  | 'id'
  | 'decision_id'
  | 'incident_id'
  | 'account_row'
  | 'system'
  | 'ranges'
  | 'items'
  | 'sealed_password'
  | 'position'
  | 'status'
  | 'attempts'
  | 'reads'
  | 'first_sent_at'
  | 'accepted_at'
  | 'result'
  | 'finished_at'
> {
  readonly action: ActionKind;
  /** How often somebody pressed Retry. */
  readonly round: Steps['round'];
  /** Sealed facts (see `facts.ts`): what the action changes, before it and after it was proven. */
  readonly before_facts: Steps['before_facts'];
  readonly after_facts: Steps['after_facts'];
  /** The step whose change this one takes back. */
  readonly undo_of: Steps['undo_of'];
  /** How often a proven change was read again by the watch. */
  readonly watched: Steps['watched'];
  readonly watch_verdict: ReadBack['verdict'] | null;
  /** Proves that it belongs to a decision that was taken in Slack; `null` in rows older than the proof. */
  readonly authentication: Steps['authentication'];
  /** When it was decided, or last approved again. */
  readonly authenticated_at: Steps['authenticated_at'];
}

export interface Step extends Omit<StepRow, 'ranges' | 'items' | 'result'> {
  readonly ranges: readonly string[];
  /** `null` for actions without items. */
  readonly items: Chosen | null;
  readonly result: StepResult | null;
}

/**
 * A row's JSON. An unreadable value makes that one step meaningless and no other: without its ranges or items its tag
 * does not fit, so that it ends with a person.
 */
const stepJson = z.object({
  ranges: z.array(z.string()).catch([]),
  items: z
    .union([z.literal('all'), z.array(z.string())])
    .nullable()
    .catch(null),
  result: stepResult.nullable().catch(null),
});

const toStep = (row: StepRow): Step => ({ ...row, ...stepJson.parse(row) });

const COLUMNS = `id, decision_id, incident_id, account_row, system, action, ranges, items, sealed_password, position, status, attempts, reads,
  round, first_sent_at, accepted_at, result, finished_at, before_facts, after_facts, undo_of, watched, watch_verdict, authentication,
  authenticated_at`;

export async function stepById(tx: Queryable, workspaceId: string, id: string): Promise<Step | null> {
  const { rows } = await tx.query<StepRow>(`select ${COLUMNS} from steps where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ? toStep(rows[0]) : null;
}

export async function lockStep(tx: Queryable, workspaceId: string, id: string): Promise<Step | null> {
  const { rows } = await tx.query<StepRow>(
    `select ${COLUMNS} from steps where workspace_id = $1 and id = $2 for update`,
    [workspaceId, id],
  );
  return rows[0] ? toStep(rows[0]) : null;
}

/** All steps of an incident in the order in which they were decided. */
export async function stepsOf(tx: Queryable, workspaceId: string, incidentId: string): Promise<Step[]> {
  const { rows } = await tx.query<StepRow>(
    `select ${COLUMNS} from steps where workspace_id = $1 and incident_id = $2 order by created_at, decision_id, position`,
    [workspaceId, incidentId],
  );
  return rows.map(toStep);
}

interface DecisionRow extends Row<
  'decisions',
  | 'id'
  | 'incident_id'
  | 'action'
  | 'reason'
  | 'decided_by'
  | 'decided_at'
  | 'proof'
  | 'second'
  | 'break_glass'
  | 'review'
> {
  /** The binding of what was decided; `null` in rows older than the binding. */
  readonly plan_digest: DB['decisions']['plan_digest'];
}

export interface Decision extends Omit<DecisionRow, 'proof' | 'second'> {
  /** `null` when none was required. */
  readonly proof: Proof | null;
  /** `null` when one approver sufficed, or broke the glass (`break_glass`: why). */
  readonly second: Second | null;
}

const DECISION_COLUMNS =
  'id, incident_id, action, reason, decided_by, decided_at, plan_digest, proof, second, break_glass, review';

const toDecision = (row: DecisionRow): Decision => ({
  ...row,
  proof: storedProof.parse(row.proof),
  second: storedSecond.parse(row.second),
});

export async function decisionById(tx: Queryable, workspaceId: string, id: string): Promise<Decision | null> {
  const { rows } = await tx.query<DecisionRow>(
    `select ${DECISION_COLUMNS} from decisions where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return rows[0] ? toDecision(rows[0]) : null;
}

export async function allDecisionsOf(tx: Queryable, workspaceId: string, incidentId: string): Promise<Decision[]> {
  const { rows } = await tx.query<DecisionRow>(
    `select ${DECISION_COLUMNS} from decisions where workspace_id = $1 and incident_id = $2`,
    [workspaceId, incidentId],
  );
  return rows.map(toDecision);
}

/** The newest decision of a kind in an incident, and how many there are. */
export async function decisionsOf(
  tx: Queryable,
  workspaceId: string,
  incidentId: string,
  action: string,
): Promise<{ count: number; newest: Decision | null }> {
  const { rows } = await tx.query<DecisionRow>(
    `select ${DECISION_COLUMNS} from decisions
     where workspace_id = $1 and incident_id = $2 and action = $3 order by decided_at desc`,
    [workspaceId, incidentId, action],
  );
  return { count: rows.length, newest: rows[0] ? toDecision(rows[0]) : null };
}

import { needOf } from '../ports/command.js';
import { sealedPasswordFor } from '../containment/command.js';
import type { PlannedStep } from '../containment/plan.js';
import { requestWork } from '../outbox/outbox.js';
import type { Core, Origin } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import type { Step } from '../incidents/steps.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import { authenticate, type Proven } from './authentication.js';

/** A decision as it was taken, with everything that follows from it. */
export interface Taken {
  readonly decision: Proven['decision'];
  readonly request: { readonly reason: string; readonly requestKey: string; readonly origin: Origin };
  readonly ranges: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** The step whose change an undo takes back. */
  readonly undoOf: string | null;
  /** As they are while the incident is locked. */
  readonly accounts: readonly LinkedAccount[];
}

/**
 * The steps of a plan except those already running for their account; no step waits for one that is left out. With the
 * incident locked none of the others can begin meanwhile: whoever begins a step locks it first.
 */
export async function withoutRunning(
  core: Core,
  tx: Queryable,
  incidentId: string,
  steps: readonly PlannedStep[],
): Promise<readonly PlannedStep[]> {
  const { rows } = await tx.query<Pick<Step, 'account_row' | 'action'>>(
    `select account_row, action from steps where workspace_id = $1 and incident_id = $2
       and status in ('waiting', 'queued', 'running', 'retrying')`,
    [core.workspaceId, incidentId],
  );
  const running = new Set(rows.map(({ account_row, action }) => `${account_row}/${action}`));
  const kept = [...steps.entries()].filter(([, { accountRow, action }]) => !running.has(`${accountRow}/${action}`));
  const places = kept.map(([place]) => place);
  const moved = (before: readonly number[]): number[] =>
    before.map((place) => places.indexOf(place)).filter((place) => place >= 0);
  return kept.map(([, step]) => ({ ...step, after: moved(step.after), afterTry: moved(step.afterTry) }));
}

/**
 * The only writer of decisions and of new steps: stores both with the proof that they belong together, and requests the
 * jobs of the steps that may start. The statements are sent together. @returns the ids of the steps, in the plan's
 * order
 */
export async function storeDecision(core: Core, tx: Queryable, taken: Taken): Promise<readonly string[]> {
  const ids = taken.steps.map(() => core.runtime.newId('stp'));
  const idsOf = (places: readonly number[]): string[] => places.flatMap((place) => ids[place] ?? []);
  await Promise.all([
    insertDecision(core, tx, taken),
    ...orderedSteps(taken.steps).flatMap(([position, step]) => {
      const id = ids[position];
      const [after, afterTry] = [idsOf(step.after), idsOf(step.afterTry)];
      return id === undefined ? [] : [insertStep(core, tx, taken, { id, step, position, after, afterTry })];
    }),
  ]);
  return ids;
}

async function insertDecision(core: Core, tx: Queryable, { decision, request, ranges }: Taken): Promise<void> {
  await tx.query(
    `insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id,
       plan_digest, proof, second, break_glass)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      core.workspaceId,
      decision.id,
      decision.incident_id,
      decision.action,
      request.reason.trim(),
      JSON.stringify(ranges),
      decision.decided_by,
      decision.decided_at,
      request.requestKey,
      request.origin.correlationId,
      decision.plan_digest,
      decision.proof === null ? null : JSON.stringify(decision.proof),
      decision.second === null ? null : JSON.stringify(decision.second),
      decision.break_glass,
    ],
  );
}

/**
 * Each step after those that it waits for, with its place in the plan. @throws when the ordering rules contradict each
 * other
 */
function orderedSteps(steps: readonly PlannedStep[]): [number, PlannedStep][] {
  const done = new Set<number>();
  const ordered: [number, PlannedStep][] = [];
  while (ordered.length < steps.length) {
    const ready = [...steps.entries()].filter(
      ([index, step]) => !done.has(index) && [...step.after, ...step.afterTry].every((other) => done.has(other)),
    );
    if (ready.length === 0) throw new Error('the order of the plan goes round in a circle');
    for (const entry of ready) {
      done.add(entry[0]);
      ordered.push(entry);
    }
  }
  return ordered;
}

interface StoredStep {
  readonly id: string;
  readonly step: PlannedStep;
  readonly position: number;
  readonly after: readonly string[];
  readonly afterTry: readonly string[];
}

/** A new password is made here, once, and stored sealed until the step has ended: every try sets the same one. */
async function insertStep(core: Core, tx: Queryable, taken: Taken, stored: StoredStep): Promise<void> {
  const { decision, undoOf } = taken;
  const { id, step, position, after, afterTry } = stored;
  const { system, action, items } = step;
  const account = taken.accounts.find((one) => one.id === step.accountRow);
  if (!account) throw new Error('a step was planned for an account that is not linked');
  const ranges = needOf(action) === 'ranges' ? taken.ranges : [];
  const row = {
    id,
    decision_id: decision.id,
    incident_id: decision.incident_id,
    account_row: step.accountRow,
    round: 0,
    authenticated_at: decision.decided_at,
  };
  const proven = { decision, account, step: { ...row, system, action, items, ranges, undo_of: undoOf } };
  const free = after.length + afterTry.length === 0;
  const now = core.runtime.now();
  const inserted = tx.query(
    `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, ranges, items, sealed_password,
       position, after_steps, after_tries, status, created_at, undo_of, authentication, authenticated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [
      core.workspaceId,
      id,
      decision.id,
      decision.incident_id,
      step.accountRow,
      system,
      action,
      JSON.stringify(ranges),
      items === null ? null : JSON.stringify(items),
      undoOf === null ? sealedPasswordFor(core, action, id) : null,
      position,
      JSON.stringify(after),
      JSON.stringify(afterTry),
      free ? 'queued' : 'waiting',
      now,
      undoOf,
      authenticate(core, proven),
      decision.decided_at,
    ],
  );
  const { correlationId } = taken.request.origin;
  const work = { workspaceId: core.workspaceId, name: 'run_step', ref: id, correlationId, now } as const;
  await Promise.all([inserted, free ? requestWork(tx, work) : null]);
}

import { catalogue } from '../../jobs/containment/catalogue.js';
import { newPassword, passwordContext } from '../../jobs/containment/password.js';
import type { PlannedStep } from '../../jobs/containment/plan.js';
import { requestWork } from '../../jobs/outbox.js';
import type { Core } from '../core.js';
import type { Queryable } from '../store/database.js';
import type { DecisionRequest } from './request.js';

interface Plan {
  readonly decisionId: string;
  readonly request: DecisionRequest;
  readonly steps: readonly PlannedStep[];
}

/**
 * The steps of a plan without those that run already for their account; a step that is left out is waited for by nobody.
 * With the incident locked none of the others can begin meanwhile: whoever begins a step locks it first.
 */
export async function withoutRunning(
  core: Core,
  tx: Queryable,
  incidentId: string,
  steps: readonly PlannedStep[],
): Promise<readonly PlannedStep[]> {
  const { rows } = await tx.query<{ account_row: string; action: string }>(
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
 * Stores a plan's steps and requests the work of those that may start. A new password is made here, once, and stored
 * sealed: every retry sets the same one. The statements are asked together.
 */
export async function insertSteps(core: Core, tx: Queryable, plan: Plan): Promise<void> {
  const ids = plan.steps.map(() => core.runtime.newId('stp'));
  const idsOf = (places: readonly number[]): string[] => places.flatMap((place) => ids[place] ?? []);
  await Promise.all(
    orderedSteps(plan.steps).flatMap(([position, step]) => {
      const id = ids[position];
      const [after, afterTry] = [idsOf(step.after), idsOf(step.afterTry)];
      return id === undefined ? [] : [insertStep(core, tx, plan, { id, step, position, after, afterTry })];
    }),
  );
}

/** Each step after those that it waits for, with its place in the plan. @throws when the rules of the order contradict each other */
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

async function insertStep(
  core: Core,
  tx: Queryable,
  plan: Plan,
  { id, step, position, after, afterTry }: StoredStep,
): Promise<void> {
  const now = core.runtime.now();
  const sealed =
    catalogue[step.action].needs === 'password'
      ? core.sealer.seal(newPassword(core.runtime), passwordContext(core.workspaceId, id))
      : null;
  const ranges = catalogue[step.action].needs === 'ranges' ? plan.request.ranges : [];
  const free = after.length + afterTry.length === 0;
  const inserted = tx.query(
    `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, ranges, items, sealed_password,
       position, after_steps, after_tries, status, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      core.workspaceId,
      id,
      plan.decisionId,
      plan.request.incidentId,
      step.accountRow,
      step.system,
      step.action,
      JSON.stringify(ranges),
      step.items === null ? null : JSON.stringify(step.items),
      sealed,
      position,
      JSON.stringify(after),
      JSON.stringify(afterTry),
      free ? 'queued' : 'waiting',
      now,
    ],
  );
  const { correlationId } = plan.request.origin;
  const work = { workspaceId: core.workspaceId, name: 'run_step', ref: id, correlationId, now } as const;
  await Promise.all([inserted, free ? requestWork(tx, work) : null]);
}

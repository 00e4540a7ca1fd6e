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
 * Stores a plan's steps and requests the work of those that may start. A step that is already running for the account
 * is left out. A new password is made here, once, and stored sealed: every retry sets the same one.
 * @returns how many steps were stored
 */
export async function insertSteps(core: Core, tx: Queryable, plan: Plan): Promise<number> {
  const stored: (string | null)[] = plan.steps.map(() => null);
  for (const [position, step] of orderedSteps(plan.steps)) {
    stored[position] = await insertStep(core, tx, plan, {
      step,
      position,
      after: storedOf(stored, step.after),
      afterTry: storedOf(stored, step.afterTry),
    });
  }
  return stored.filter((id) => id !== null).length;
}

/** A step that is left out, because the same one runs already, is waited for by nobody. */
const storedOf = (stored: readonly (string | null)[], indexes: readonly number[]): string[] =>
  indexes.flatMap((index) => stored[index] ?? []);

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

async function insertStep(
  core: Core,
  tx: Queryable,
  plan: Plan,
  { step, position, after, afterTry }: { step: PlannedStep; position: number; after: string[]; afterTry: string[] },
): Promise<string | null> {
  const id = core.runtime.newId('stp');
  const now = core.runtime.now();
  const sealed =
    catalogue[step.action].needs === 'password'
      ? core.sealer.seal(newPassword(core.runtime), passwordContext(core.workspaceId, id))
      : null;
  const ranges = catalogue[step.action].needs === 'ranges' ? plan.request.ranges : [];
  const free = after.length + afterTry.length === 0;
  const { rowCount } = await tx.query(
    `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, ranges, items, sealed_password,
       position, after_steps, after_tries, status, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (workspace_id, incident_id, account_row, action) where status in ('waiting', 'queued', 'running', 'retrying') do nothing`,
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
  if (rowCount === 0) return null;
  if (free) {
    const { correlationId } = plan.request.origin;
    await requestWork(tx, { workspaceId: core.workspaceId, name: 'run_step', ref: id, correlationId, now });
  }
  return id;
}

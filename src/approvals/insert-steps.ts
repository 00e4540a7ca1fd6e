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
  const stored: (string | null)[] = [];
  for (const [position, step] of plan.steps.entries()) {
    const after = nearestStored(plan.steps, stored, step.after);
    stored.push(await insertStep(core, tx, plan, { step, position, after }));
  }
  return stored.filter((id) => id !== null).length;
}

/** The step to wait for: the one planned before, or the one before that when it was left out. */
function nearestStored(
  steps: readonly PlannedStep[],
  stored: readonly (string | null)[],
  after: number | null,
): string | null {
  let index = after;
  while (index !== null) {
    const id = stored[index];
    if (id) return id;
    index = steps[index]?.after ?? null;
  }
  return null;
}

async function insertStep(
  core: Core,
  tx: Queryable,
  plan: Plan,
  { step, position, after }: { step: PlannedStep; position: number; after: string | null },
): Promise<string | null> {
  const id = core.runtime.newId('stp');
  const now = core.runtime.now();
  const sealed = catalogue[step.action].needsPassword
    ? core.sealer.seal(newPassword(core.runtime), passwordContext(core.workspaceId, id))
    : null;
  const ranges = catalogue[step.action].needsRanges ? plan.request.ranges : [];
  const { rowCount } = await tx.query(
    `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, ranges, sealed_password, position,
       after_step, status, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
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
      sealed,
      position,
      after,
      after === null ? 'queued' : 'waiting',
      now,
    ],
  );
  if (rowCount === 0) return null;
  if (after === null) {
    const { correlationId } = plan.request.origin;
    await requestWork(tx, { workspaceId: core.workspaceId, name: 'run_step', ref: id, correlationId, now });
  }
  return id;
}

import { list, type Phrase, phrase, text, user } from '../texts/phrase.js';
import type { Core } from '../ports/core.js';
import type { JsonObject } from '../platform/canonical.js';
import type { PlannedStep } from '../containment/plan.js';
import type { TaskKey } from '../incidents/task-keys.js';
import type { Step } from '../incidents/steps.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Transaction } from '../ports/database.js';
import type { Changed } from './in-incident.js';
import type { Managed } from './managed-by.js';
import { checkReturn, tellEarlyReturn } from './recovery.js';
import { openReview } from './reviews.js';
import { addProgress, type Signed, signaturesOf } from './signed.js';
import { storeDecision, withoutRunning } from './store-decision.js';
import type { StoredRequest } from './stored-request.js';
import { leftOpenFor, undoBy, type UndoPreview } from './undo-preview.js';

/** An undo without what was given to prove it. */
export type RequestedUndo = Omit<Extract<StoredRequest, { command: 'undo' }>, 'command'>;

/** Everything about an undo but its proof, and who may sign it. */
export async function checkUndo(
  core: Core,
  request: RequestedUndo,
  step: Step,
  managed: Managed,
): Promise<Result<UndoPreview, Problem>> {
  const preview = await undoBy(core, request.actor, step, managed);
  if (!preview.ok) return preview;
  if (preview.value.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));
  if (request.reason.trim().length < 3) return refuse('invalid_input', phrase('problem.reason'), 'reason');
  const returning = checkReturn(preview.value.leftOpen, request.override);
  return returning.ok ? preview : returning;
}

/** What the code covers: the digest contains all of it. */
export const boundTo = ({ shown, requestKey, breakGlass }: RequestedUndo): JsonObject => ({
  request: requestKey,
  action: 'undo',
  shown,
  ...(breakGlass === '' ? {} : { break_glass: breakGlass }),
});

/** What is to be undone, with the incident locked. */
export interface FittingUndo {
  readonly steps: readonly PlannedStep[];
  readonly left: readonly TaskKey[];
}

/** With the incident locked: what was checked may have changed since. */
export async function undoStillFits(
  core: Core,
  tx: Transaction,
  request: RequestedUndo,
  { step, account }: Pick<UndoPreview, 'step' | 'account'>,
): Promise<Result<FittingUndo, Problem>> {
  const known = await tx.query(
    `select 1 as known from steps where workspace_id = $1 and undo_of = $2 and status <> 'needs_human'`,
    [core.workspaceId, step.id],
  );
  const planned = { accountRow: account.id, system: step.system, action: step.action, items: step.items };
  const steps = await withoutRunning(core, tx, step.incident_id, [{ ...planned, after: [], afterTry: [] }]);
  if (known.rows.length > 0 || steps.length === 0) return refuse('already_running', phrase('problem.running'));
  const left = await leftOpenFor(core, tx, step);
  const returning = checkReturn(left, request.override);
  return returning.ok ? ok({ steps, left }) : returning;
}

/** Takes it: the decision, its step and its job, and what the thread says of it. */
export async function takeUndo(
  core: Core,
  tx: Transaction,
  request: RequestedUndo,
  { step, account, steps, left, signed }: UndoPreview & FittingUndo & { readonly signed: Signed },
): Promise<Changed<string>> {
  const { id: undoOf, ranges, incident_id: incidentId, system, action } = step;
  const decision = { ...signed, incident_id: incidentId, action: 'undo' };
  const ids = await storeDecision(core, tx, { decision, request, ranges, steps, accounts: [account], undoOf });
  await addProgress({ core, tx }, incidentId, sayUndo(request, step), signed);
  await tellEarlyReturn(core, tx, { ...request, incidentId, decisionId: decision.id }, left);
  if (signed.break_glass !== null) await openReview(core, tx, decision, request.origin.correlationId);
  const about = { decision: decision.id, step: ids[0] ?? null, undo_of: undoOf, system, action };
  const detail = { ...about, ...signaturesOf(signed) };
  return {
    value: decision.id,
    trace: { record: { action: 'undo.decided', why: request.reason.trim(), detail } },
  };
}

/** The thread's line about the undo. */
export const sayUndo = ({ actor, reason }: RequestedUndo, step: Step): Phrase =>
  phrase('timeline.decided', {
    who: user(actor),
    action: list([phrase('action.undo_of', { action: text(`action.${step.action}`) })]),
    reason: reason.trim(),
  });

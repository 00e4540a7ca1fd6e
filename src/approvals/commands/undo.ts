import { phrase, list, text, user } from '../../texts/phrase.js';
import type { Core, Origin } from '../../ports/core.js';
import type { JsonObject } from '../../platform/canonical.js';
import type { Proof } from '../../incidents/proof.js';
import { addPost } from '../../incidents/posts.js';
import { type Step, stepById } from '../../incidents/steps.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { ok, type Result } from '../../platform/result.js';
import type { Transaction } from '../../ports/database.js';
import { checkProof, type Given } from '../check-proof.js';
import { type Changed, inIncident } from '../in-incident.js';
import type { Managed } from '../managed-by.js';
import { planBinding } from '../step-up.js';
import { storeDecision, withoutRunning } from '../store-decision.js';
import { checkReturn, tellEarlyReturn } from '../recovery.js';
import { decisionTakenFor } from '../request.js';
import { leftOpenFor, undoBy, type UndoPreview } from '../undo-preview.js';

export interface UndoRequest {
  readonly stepId: string;
  /** The digest of what the modal showed. */
  readonly shown: string;
  readonly actor: string;
  readonly reason: string;
  readonly given: Given;
  /** Why somebody is let in again before the checklist is done. */
  readonly override: string;
  /** The same click delivered twice has the same key (the modal's id). */
  readonly requestKey: string;
  readonly origin: Origin;
}

/** Decides an undo: the decision, its step and its job commit in one transaction. Refusals are recorded. */
export async function decideUndo(core: Core, request: UndoRequest): Promise<Result<null, Problem>> {
  const undone = await stepById(core.db, core.workspaceId, request.stepId);
  if (!undone) return refuse('outdated', phrase('problem.old_card'));
  const { actor, origin } = request;
  const attempt = { incidentId: undone.incident_id, action: 'undo', actor, origin };
  const decided = await inIncident(core, 'undo', attempt, {
    done: () => decisionTakenFor(core, request),
    before: (managed) => check(core, request, undone, managed),
    change: (tx, _incident, checked) => commit(core, tx, request, checked),
  });
  return decided.ok ? ok(null) : decided;
}

interface Checked extends UndoPreview {
  /** `null` when none is required. */
  readonly proof: Proof | null;
}

async function check(
  core: Core,
  request: UndoRequest,
  step: Step,
  managed: Managed,
): Promise<Result<Checked, Problem>> {
  const preview = await undoBy(core, request.actor, step, managed);
  if (!preview.ok) return preview;
  if (preview.value.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));
  if (request.reason.trim().length < 3) return refuse('invalid_input', phrase('problem.reason'), 'reason');
  const returning = checkReturn(preview.value.leftOpen, request.override);
  if (!returning.ok) return returning;
  if (!preview.value.needsCode) return ok({ ...preview.value, proof: null });
  const attempt = { incidentId: step.incident_id, action: 'undo', actor: request.actor, origin: request.origin };
  const proof = await checkProof(core, attempt, request.given, boundTo(request));
  return proof.ok ? ok({ ...preview.value, proof: proof.value }) : proof;
}

/** What the code covers: the digest contains all of it. */
const boundTo = ({ shown, requestKey }: UndoRequest): JsonObject => ({ request: requestKey, action: 'undo', shown });

async function commit(
  core: Core,
  tx: Transaction,
  request: UndoRequest,
  { step, account, proof }: Checked,
): Promise<Result<Changed<string>, Problem>> {
  const known = await tx.query(
    `select 1 as known from steps where workspace_id = $1 and undo_of = $2 and status <> 'needs_human'`,
    [core.workspaceId, step.id],
  );
  const planned = { accountRow: account.id, system: step.system, action: step.action, items: step.items };
  const steps = await withoutRunning(core, tx, step.incident_id, [{ ...planned, after: [], afterTry: [] }]);
  if (known.rows.length > 0 || steps.length === 0) return refuse('already_running', phrase('problem.running'));
  const left = await leftOpenFor(core, tx, step);
  const returning = checkReturn(left, request.override);
  if (!returning.ok) return returning;
  const decision = {
    id: core.runtime.newId('dec'),
    incident_id: step.incident_id,
    action: 'undo',
    decided_by: request.actor,
    decided_at: core.runtime.now(),
    plan_digest: planBinding(boundTo(request)),
    proof,
  };
  const { id: undoOf, ranges } = step;
  const ids = await storeDecision(core, tx, { decision, request, ranges, steps, accounts: [account], undoOf });
  await addProgress(core, tx, request, { step, decision: decision.id });
  await tellEarlyReturn(core, tx, { ...request, incidentId: step.incident_id, decisionId: decision.id }, left);
  const { id, system, action } = step;
  const detail = {
    decision: decision.id,
    step: ids[0] ?? null,
    undo_of: id,
    system,
    action,
    proof: proof?.kind ?? null,
  };
  return ok({
    value: decision.id,
    trace: { record: { action: 'undo.decided', why: request.reason.trim(), detail } },
  });
}

/** The thread's line about the undo, with its progress below. */
async function addProgress(
  core: Core,
  tx: Transaction,
  request: UndoRequest,
  { step, decision }: { step: Step; decision: string },
): Promise<void> {
  const line = phrase('timeline.decided', {
    who: user(request.actor),
    action: list([phrase('action.undo_of', { action: text(`action.${step.action}`) })]),
    reason: request.reason.trim(),
  });
  await addPost({ core, tx }, step.incident_id, `progress_${decision}`, { kind: 'progress', decision, phrase: line });
}

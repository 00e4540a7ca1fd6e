import { phrase } from '../../texts/phrase.js';
import type { Core } from '../../ports/core.js';
import type { Proof } from '../../incidents/proof.js';
import { accountsOfIncident } from '../../incidents/accounts.js';
import { type Step, stepById } from '../../incidents/steps.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { ok, type Result } from '../../platform/result.js';
import type { Transaction } from '../../ports/database.js';
import { checkProof, type Given } from '../check-proof.js';
import { type Changed, inIncident } from '../in-incident.js';
import type { Managed } from '../managed-by.js';
import { checkQuorum, type Quorum } from '../quorum.js';
import { decisionTakenFor } from '../request.js';
import { signedAlone } from '../signed.js';
import { planBinding } from '../step-up.js';
import { boundTo, checkUndo, type RequestedUndo, sayUndo, takeUndo, undoStillFits } from '../take-undo.js';
import type { UndoPreview } from '../undo-preview.js';
import { newestEvidenceOf } from '../../evidence/rescan.js';
import { itemsIn } from '../drawn-plan.js';
import { boundLines, keepWaiting } from '../waiting-decisions.js';

export interface UndoRequest extends RequestedUndo {
  readonly given: Given;
}

/**
 * Decides an undo: the decision, its step and its job commit in one transaction, or it waits for its second approver.
 * Refusals are recorded.
 */
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
  readonly quorum: Quorum;
  /** `null` when none is required. */
  readonly proof: Proof | null;
}

async function check(
  core: Core,
  request: UndoRequest,
  step: Step,
  managed: Managed,
): Promise<Result<Checked, Problem>> {
  const preview = await checkUndo(core, request, step, managed);
  if (!preview.ok) return preview;
  const { incident_id: incidentId, action: undo } = step;
  const accounts = await accountsOfIncident(core.db, core.workspaceId, incidentId);
  const subject = { incidentId, decision: { undo }, target: managed.person, accounts };
  const quorum = await checkQuorum(core, subject, request);
  if (!quorum.ok) return quorum;
  const checked = { ...preview.value, quorum: quorum.value };
  if (!preview.value.needsCode && quorum.value.why.length === 0) return ok({ ...checked, proof: null });
  const attempt = { incidentId, action: 'undo', actor: request.actor, origin: request.origin };
  const proof = await checkProof(core, attempt, request.given, boundTo(request));
  return proof.ok ? ok({ ...checked, proof: proof.value }) : proof;
}

async function commit(
  core: Core,
  tx: Transaction,
  request: UndoRequest,
  checked: Checked,
): Promise<Result<Changed<string>, Problem>> {
  const fitting = await undoStillFits(core, tx, request, checked);
  if (!fitting.ok) return fitting;
  const { quorum, proof, step, account } = checked;
  const plan = planBinding(boundTo(request));
  const { stepId, shown, actor, reason, override, breakGlass, requestKey, origin } = request;
  const stored = { stepId, shown, actor, reason, override, breakGlass, requestKey, origin };
  if (quorum.why.length > 0 && quorum.breakGlass === null)
    return keepWaiting(core, tx, step.incident_id, {
      request: { command: 'undo', ...stored },
      said: sayUndo(request, step),
      subject: `undo/${step.id}`,
      lines: boundLines(
        core,
        [account],
        fitting.value.steps,
        itemsIn(await newestEvidenceOf(core, tx, step.incident_id)),
      ),
      proof,
      plan,
      quorum,
    });
  const signed = signedAlone(core, { actor: request.actor, plan, proof, breakGlass: quorum.breakGlass });
  return ok(await takeUndo(core, tx, request, { ...checked, ...fitting.value, signed }));
}

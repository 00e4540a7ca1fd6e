import type { Core } from '../../ports/core.js';
import type { Proof } from '../../incidents/proof.js';
import type { Problem } from '../../texts/problem.js';
import { ok, type Result } from '../../platform/result.js';
import type { Transaction } from '../../ports/database.js';
import { checkProof } from '../check-proof.js';
import { type Changed, inIncident } from '../in-incident.js';
import type { Managed } from '../managed-by.js';
import { needsCode } from '../policy.js';
import { checkQuorum, type Quorum } from '../quorum.js';
import { decisionTakenFor, type DecisionRequest } from '../request.js';
import { signedAlone } from '../signed.js';
import { planBinding } from '../step-up.js';
import {
  boundPlan,
  type CheckedPlan,
  checkPlan,
  sayDecision,
  stillFits,
  takeDecision,
  takeFor,
} from '../take-decision.js';
import { boundLines, keepWaiting } from '../waiting-decisions.js';

export interface Decided {
  /** Of the decision, or of what waits for its second approver. */
  readonly decisionId: string;
  /** `true`: the same click came before; nothing was done again. */
  readonly repeated: boolean;
}

interface Checked extends CheckedPlan {
  readonly quorum: Quorum;
  /** `null` when none is required. */
  readonly proof: Proof | null;
}

/**
 * Takes a decision: checks who may, about whom, with which code; then the decision, its steps and their jobs commit in
 * one transaction. Where it needs two approvers it waits for the second one, and nothing runs. The first decision wins.
 * Refusals are recorded.
 */
export async function decide(core: Core, request: DecisionRequest): Promise<Result<Decided, Problem>> {
  const decided = await inIncident(core, 'decide', request, {
    done: async () => {
      const decisionId = await decisionTakenFor(core, request);
      return decisionId === null ? null : { decisionId, repeated: true };
    },
    before: (managed) => checkRequest(core, request, managed),
    change: (tx, incident, checked) => commit(core, tx, request, { ...checked, incident }),
  });
  if (decided.ok && !decided.value.repeated) core.runtime.observe('decision.committed', decided.value.decisionId);
  return decided;
}

async function checkRequest(core: Core, request: DecisionRequest, managed: Managed): Promise<Result<Checked, Problem>> {
  const planned = await checkPlan(core, request, managed);
  if (!planned.ok) return planned;
  const { accounts, person: target } = planned.value;
  const subject = { incidentId: request.incidentId, decision: request.action, target, accounts };
  const quorum = await checkQuorum(core, subject, request);
  if (!quorum.ok) return quorum;
  const checked = { ...planned.value, quorum: quorum.value };
  // What needs two approvers needs a proof of each of them, whatever is left without a code.
  if (!needsCode(core, request.action) && quorum.value.why.length === 0) return ok({ ...checked, proof: null });
  const proof = await checkProof(core, request, request.given, boundPlan(request, planned.value));
  return proof.ok ? ok({ ...checked, proof: proof.value }) : proof;
}

/** With the incident locked: what was checked may have changed since. */
async function commit(
  core: Core,
  tx: Transaction,
  request: DecisionRequest,
  checked: Checked & CheckedPlan,
): Promise<Result<Changed<Decided>, Problem>> {
  const known = await decisionTakenFor(core, request, tx);
  if (known !== null) return ok({ value: { decisionId: known, repeated: true }, trace: null });
  const fitting = await stillFits(core, tx, request, checked);
  if (!fitting.ok) return fitting;
  const { quorum, proof } = checked;
  const plan = planBinding(boundPlan(request, checked));
  if (quorum.why.length > 0 && quorum.breakGlass === null) {
    const waiting = await keepWaiting(core, tx, request.incidentId, {
      request: { command: 'decide', ...storedForm(request) },
      said: sayDecision(request),
      subject: request.action,
      lines: boundLines(core, fitting.value.accounts, checked.steps, checked.itemOf),
      proof,
      plan,
      quorum,
    });
    if (waiting.ok && checked.incident.owner === null) await takeFor(core, tx, request);
    if (!waiting.ok) return waiting;
    return ok({ ...waiting.value, value: { decisionId: waiting.value.value, repeated: false } });
  }
  const signed = signedAlone(core, { actor: request.actor, plan, proof, breakGlass: quorum.breakGlass });
  const taken = await takeDecision(core, tx, request, { ...checked, ...fitting.value, signed });
  return ok({ ...taken, value: { decisionId: taken.value, repeated: false } });
}

/** What was submitted, as it is kept: without what was given to prove it. */
const storedForm = (request: DecisionRequest) => {
  const { incidentId, action, actor, reason, outsideAccepted, override, breakGlass, seen, shown, requestKey, origin } =
    request;
  const typed = { reason, outsideAccepted, override, breakGlass };
  const ranges = [...request.ranges];
  const chosen = [...request.chosen].map(([row, keys]): [string, string[]] => [row, [...keys]]);
  return { incidentId, action, actor, ...typed, ranges, chosen, seen, shown, requestKey, origin };
};

import { decisionById } from '../../incidents/steps.js';
import type { JsonObject } from '../../platform/canonical.js';
import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import { phrase, user } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { checkProof, type Given } from '../check-proof.js';
import { inIncident } from '../in-incident.js';
import { reviewOf, sayReviewed, stillToReview, storeReview } from '../reviews.js';

export interface Reviewing {
  readonly decisionId: string;
  readonly actor: string;
  readonly given: Given;
  /** The same click delivered twice has the same key (the modal's id). */
  readonly requestKey: string;
  readonly origin: Origin;
}

const ACTION = 'signReview';

const boundTo = ({ decisionId, requestKey }: Reviewing): JsonObject => ({
  request: requestKey,
  action: ACTION,
  decision: decisionId,
});

/** Somebody else looked over what was run by breaking the glass, and signs it with a proof; also after the closing. */
export async function signReview(core: Core, request: Reviewing): Promise<Result<null, Problem>> {
  const decision = await decisionById(core.db, core.workspaceId, request.decisionId);
  if (!decision || decision.break_glass === null) return refuse('outdated', phrase('problem.old_card'));
  const { actor, origin } = request;
  const attempt = { incidentId: decision.incident_id, action: ACTION, actor, origin };
  return inIncident(core, 'signReview', attempt, {
    evenClosed: true,
    before: async () => {
      const open = await stillToReview(core, decision, actor);
      return open.ok ? checkProof(core, attempt, request.given, boundTo(request)) : open;
    },
    change: async (tx, _incident, proof) => {
      const now = await decisionById(tx, core.workspaceId, decision.id);
      const known = now && reviewOf(core, now);
      if (known) return sayReviewed(known);
      await storeReview(core, tx, decision, { by: actor, proof });
      const detail = { decision: decision.id, decided_by: decision.decided_by, proof: proof.kind };
      const line = phrase('timeline.reviewed', { who: user(actor), whom: user(decision.decided_by) });
      const record = { action: 'review.signed', detail };
      return ok({ value: null, trace: { record, lines: [{ key: `reviewed_${decision.id}`, phrase: line }] } });
    },
  });
}

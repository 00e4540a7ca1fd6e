import { ok, type Result } from '../../platform/result.js';
import type { Core } from '../../ports/core.js';
import type { Problem } from '../../texts/problem.js';
import { checkProof, type Given } from '../check-proof.js';
import { type ApprovalClick, approvable, approvalAttempt, labelOf, sendLink } from '../enrolment-requests.js';
import { inWorkspace } from '../in-workspace.js';

export interface EnrolmentApproval extends ApprovalClick {
  readonly given: Given;
  /** The same click delivered twice has the same key (the window's id). */
  readonly requestKey: string;
}

/**
 * Another administrator, with a code of their own, says that it is really this person who wants an authenticator app.
 * Only then does the person get the link to the page.
 */
export async function approveEnrolment(core: Core, approval: EnrolmentApproval): Promise<Result<null, Problem>> {
  const { enrolled, given, requestKey } = approval;
  const attempt = approvalAttempt(approval);
  return inWorkspace(core, attempt, {
    before: async () => {
      const asked = await approvable(core, approval);
      if (!asked.ok) return asked;
      const label = await labelOf(core, enrolled);
      if (!label.ok) return label;
      const plan = { action: attempt.action, user: enrolled, ask: asked.value.id, request: requestKey };
      const proof = await checkProof(core, { ...attempt, incidentId: null }, given, plan);
      return proof.ok ? ok({ ...label.value, proof: proof.value }) : proof;
    },
    change: async (tx, { label, email, proof }) => {
      const sent = await sendLink(core, tx, approval, { label, email });
      if (!sent.ok) return sent;
      return ok({
        value: null,
        record: { action: 'enrolment.approved', detail: { user: enrolled, proof: proof.kind } },
      });
    },
  });
}

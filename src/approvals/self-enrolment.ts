import { ok, type Result } from '../platform/result.js';
import type { Core, Origin } from '../ports/core.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { redrawAnnouncement } from './announce.js';
import { enrol, isEnrolled } from './enrolment.js';
import { isEnrolledBy, recordSelfEnrolment } from './enrolment-requests.js';
import { type Enrolled, tellEnrolled } from './enrolments.js';
import { type PageState, usePageRequest } from './page-requests.js';
import { checkRight } from './policy.js';
import { issueRecoveryCodes } from './recovery-codes.js';

type Link = PageState & { readonly state: 'open' };

/**
 * Somebody opened the link that another administrator approved, and asked for the secret: it is made now, shown once,
 * and the link is spent. Refused for whoever lost the role meanwhile, or has an open incident about themselves.
 */
export async function enrolSelf(
  core: Core,
  { hash, userId, request }: Link,
  origin: Origin,
): Promise<Result<Enrolled, Problem>> {
  if (request.kind !== 'enrol') return refuse('code_refused', phrase('problem.passkey.unknown'));
  const allowed = await checkRight(core, userId, 'askEnrolment');
  if (!allowed.ok) return allowed;
  // Whoever approved it has to be one who may, until it is made.
  const approved = await checkRight(core, request.approvedBy, 'approveEnrolment');
  if (!approved.ok) return approved;
  const made = await core.db.transaction(async (tx): Promise<Result<Enrolled, Problem>> => {
    if (!(await usePageRequest(core, tx, hash))) return refuse('code_refused', phrase('problem.passkey.used'));
    if (await isEnrolledBy(core, tx, hash)) return refuse('code_refused', phrase('problem.passkey.used'));
    const { workspaceId, runtime, sealer } = core;
    const again = await isEnrolled(tx, workspaceId, userId);
    const holder = { tx, runtime, sealer, workspaceId, userId };
    const enrolment = await enrol({ ...holder, label: request.label, email: request.email });
    const recoveryCodes = await issueRecoveryCodes(holder);
    await recordSelfEnrolment(core, tx, { userId, again, approvedBy: request.approvedBy, link: hash }, origin);
    await tellEnrolled(core, tx, again ? 'self_enrolled_again' : 'self_enrolled', { userId, origin });
    await redrawAnnouncement(core, tx, request.told, origin.correlationId);
    return ok({ ...enrolment, recoveryCodes });
  });
  core.dispatch();
  return made;
}

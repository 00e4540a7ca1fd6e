import { checkProof } from '../approvals/check-proof.js';
import type { ClaimClick, ClaimedEvent, Claims, Proving } from '../approvals/claims.js';
import { isEnrolled } from '../approvals/enrolment.js';
import { hasPasskeys } from '../approvals/passkeys.js';
import { recordRefusal } from '../approvals/refusals.js';
import { openIncidentOf } from '../incidents/incident.js';
import { slackPerson } from '../incidents/audit-event.js';
import type { Person } from '../incidents/people.js';
import { addLine, touchIncident } from '../incidents/posts.js';
import type { Proof } from '../incidents/proof.js';
import { requestWork } from '../outbox/outbox.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Transaction } from '../ports/database.js';
import { reporterOf } from '../reports/report.js';
import { at, phrase, text, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { tellForeign } from './foreign-answer.js';
import { lockNotice, type Notice, noticeById } from './notice.js';
import { provenWith, shownOf, tagOf } from './proven.js';
import { recordAnswer } from './record-answer.js';
import { requestRedraw } from './unanswered.js';

interface Claim {
  readonly person: Person;
  readonly notice: Notice;
}

/** Whether somebody has anything to prove it with: nobody else is offered to. */
export async function canProve(core: Core, person: Person | null): Promise<boolean> {
  const userId = person?.slack_user_id ?? null;
  if (userId === null) return false;
  return (await isEnrolled(core.db, core.workspaceId, userId)) || hasPasskeys(core, userId);
}

/** Nobody proves for somebody else: a try is told and recorded, like a pressed answer. */
async function claimOf(core: Core, click: ClaimClick): Promise<Result<Claim, Problem>> {
  const { noticeId, actor, origin } = click;
  const person = await reporterOf(core, actor);
  if (!person.ok) return person;
  const notice = await noticeById(core.db, core.workspaceId, noticeId);
  if (notice?.person_id === person.value.id) return ok({ person: person.value, notice });
  await tellForeign(core, person.value, noticeId, { answer: 'proof', origin });
  return refuse('outdated', phrase('problem.old_card'));
}

/** Only what was said can be proven, and only while it is what they say. */
function checkSaid({ answer }: Notice): Result<null, Problem> {
  if (answer === 'not_me') return refuse('wrong_state', phrase('problem.claim.reported'));
  return answer === null ? refuse('wrong_state', phrase('problem.claim.not_said')) : ok(null);
}

async function checkEnrolled(core: Core, claim: Claim, click: ClaimClick): Promise<Result<null, Problem>> {
  if (await canProve(core, claim.person)) return ok(null);
  const none = refuse('code_refused', phrase('problem.claim.not_enrolled'));
  await recordRefusal(core, await triedBy(core, claim, click), none.error);
  return none;
}

const triedBy = async (core: Core, { person }: Claim, { actor, origin }: ClaimClick) => {
  const incident = await openIncidentOf(core.db, core.workspaceId, person.id);
  return { incidentId: incident?.id ?? null, action: 'prove_claim', actor, origin } as const;
};

const titleOf = (core: Core, system: string): string => core.connectors.get(system)?.title ?? system;

/** What would be proven, before a window is opened or a page shown; a refused try is recorded. */
async function provable(core: Core, click: ClaimClick): Promise<Result<ClaimedEvent, Problem>> {
  const claim = await claimOf(core, click);
  if (!claim.ok) return claim;
  const { notice } = claim.value;
  const said = checkSaid(notice);
  if (!said.ok) return said;
  if (provenWith(core, notice) !== null) return refuse('wrong_state', phrase('problem.claim.proven'));
  const enrolled = await checkEnrolled(core, claim.value, click);
  if (!enrolled.ok) return enrolled;
  const { kind, system, occurred_at: occurredAt, actor: doneBy } = notice;
  return ok({ kind, systemTitle: titleOf(core, system), occurredAt, doneBy, shown: shownOf(notice) });
}

/**
 * The person proves that it was them, as they said: with a code or a passkey of their own, bound to this notice and this
 * answer. It is recorded and told; nothing is contained, lifted or closed by it.
 */
async function prove(core: Core, proving: Proving): Promise<Result<null, Problem>> {
  const claim = await claimOf(core, proving);
  if (!claim.ok) return claim;
  const { notice } = claim.value;
  const said = checkSaid(notice);
  if (!said.ok) return said;
  // The same window twice is one proof.
  if (provenWith(core, notice) !== null) return ok(null);
  if (proving.shown !== shownOf(notice)) return refuse('outdated', phrase('problem.old_card'));
  const enrolled = await checkEnrolled(core, claim.value, proving);
  if (!enrolled.ok) return enrolled;
  const tried = await triedBy(core, claim.value, proving);
  const plan = { action: 'prove_claim', shown: proving.shown, answer: 'me' };
  const proof = await checkProof(core, tried, proving.given, plan);
  const proven = proof.ok
    ? await core.db.transaction((tx) => save({ core, tx }, claim.value.person, { click: proving, proof: proof.value }))
    : proof;
  if (!proven.ok) await recordRefusal(core, tried, proven.error);
  core.dispatch();
  return proven;
}

async function save(
  { core, tx }: { readonly core: Core; readonly tx: Transaction },
  person: Person,
  { click, proof }: { readonly click: Proving; readonly proof: Proof },
): Promise<Result<null, Problem>> {
  const notice = await lockNotice(tx, core.workspaceId, click.noticeId);
  if (notice?.person_id !== person.id) return refuse('outdated', phrase('problem.old_card'));
  const said = checkSaid(notice);
  if (!said.ok) return said;
  if (provenWith(core, notice) !== null) return ok(null);
  if (click.shown !== shownOf(notice)) return refuse('outdated', phrase('problem.old_card'));
  await tx.query('update notices set proven_with = $3, proven_tag = $4 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    notice.id,
    proof.kind,
    tagOf(core, { ...notice, proven_with: proof.kind }),
  ]);
  await tell({ core, tx }, { person, notice }, { click, proof });
  return ok(null);
}

/** In the record, in the thread of an open incident, in the post of the channel that has the claim, and on the card. */
async function tell(
  within: { readonly core: Core; readonly tx: Transaction },
  { person, notice }: Claim,
  { click, proof }: { readonly click: ClaimClick; readonly proof: Proof },
): Promise<void> {
  const { core, tx } = within;
  const { actor, origin } = click;
  const event = { actor: slackPerson(actor), action: 'notice.claim_proven', origin, ids: [notice.id] } as const;
  const incidentId = await recordAnswer(within, person.id, { ...event, proven: true, proof });
  if (incidentId !== null) {
    const line = phrase('timeline.claim_proven', {
      who: user(actor),
      proof: text(`proof.${proof.kind}`),
      what: text(`kind.${notice.kind}.short`),
      system: titleOf(core, notice.system),
      when: at(notice.occurred_at),
      actor: notice.actor ?? text('notice.by_unknown'),
    });
    await addLine(within, incidentId, `claim_proven_${notice.id}`, line);
    await touchIncident(core, tx, incidentId, origin.correlationId);
  }
  await requestRedraw(within, [notice.id], origin.correlationId);
  const { workspaceId, runtime } = core;
  const work = { workspaceId, name: 'deliver_notice', ref: notice.id, correlationId: origin.correlationId } as const;
  await requestWork(tx, { ...work, now: runtime.now() });
}

/** Proving what one said; a command of the person who was asked, and of nobody in any role. */
export const claims: Claims = { provable, prove };

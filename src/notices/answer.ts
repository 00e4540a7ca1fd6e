import { at, phrase, text, user } from '../texts/phrase.js';
import { addLine, touchIncident } from '../incidents/posts.js';
import type { Core, Origin } from '../ports/core.js';
import { type Person, personById, savePersonWithoutSlack } from '../incidents/people.js';
import { slackPerson } from '../incidents/audit-event.js';
import { type Problem, refuse } from '../texts/problem.js';
import { reportIn, type Reported } from '../reports/report.js';
import { lookUpToken, type TokenState, useToken } from '../reports/tokens.js';
import { ok, type Result } from '../platform/result.js';
import type { Queryable, Transaction } from '../ports/database.js';
import { tellForeign } from './foreign-answer.js';
import { lockNotice, type Notice, noticeById } from './notice.js';
import { provenWith } from './proven.js';
import { recordAnswer } from './record-answer.js';
import { requestRedraw } from './unanswered.js';

/**
 * Whether the system leaves open that it was the person's own doing. "This was me" is then a claim about what somebody
 * else did, and an attacker with the person's Slack account could make it. A sign-in is by nature its own account's.
 */
const isOthersDoing = ({ kind, actor, login }: Notice, person: Person): boolean =>
  kind !== 'sign_in' && ![login, person.email].some((own) => own.toLowerCase() === actor?.toLowerCase());

interface Answer {
  readonly person: Person;
  readonly answer: 'not_me' | 'me';
  /** Whose hand it may have been: whoever holds their Slack, or whoever reads their mail. */
  readonly by: 'button' | 'mail';
  readonly origin: Origin;
}

/**
 * "Not me" opens an incident, which the channel sees. "Me" is a claim that nothing proves: it is recorded each time, told
 * in the thread of an open incident, and on somebody else's doing reported in the channel. By mail it always is: a thief
 * in the mailbox is who most likely signed in there.
 */
async function saveAnswer(
  { core, tx }: { readonly core: Core; readonly tx: Transaction },
  notice: Notice,
  given: Answer,
): Promise<void> {
  const { person, answer, by, origin } = given;
  const claimed = answer === 'me' && (by === 'mail' || isOthersDoing(notice, person));
  await tx.query(
    `update notices set answer = $3, answered_at = $4, tells = tells or $5, proven_with = null, proven_tag = null
     where workspace_id = $1 and id = $2`,
    [core.workspaceId, notice.id, answer, core.runtime.now(), claimed],
  );
  if (answer === 'me') await recordClaim({ core, tx }, notice, given);
  await requestRedraw({ core, tx }, [notice.id], origin.correlationId);
}

const CLAIMED = { button: 'timeline.notice_claimed', mail: 'timeline.notice_claimed_mail' } as const;

async function recordClaim(
  { core, tx }: { readonly core: Core; readonly tx: Transaction },
  notice: Notice,
  { person, by, origin }: Answer,
): Promise<void> {
  const actor = slackPerson(person.slack_user_id ?? person.email);
  const claim = { actor, action: 'notice.claimed', origin, ids: [notice.id], proven: false } as const;
  const incidentId = await recordAnswer({ core, tx }, person.id, claim);
  if (incidentId === null) return;
  const line = phrase(CLAIMED[by], {
    who: person.slack_user_id === null ? person.name : user(person.slack_user_id),
    what: text(`kind.${notice.kind}.short`),
    system: core.connectors.get(notice.system)?.title ?? notice.system,
    when: at(notice.occurred_at),
  });
  await addLine({ core, tx }, incidentId, `claimed_${notice.id}`, line);
  await touchIncident(core, tx, incidentId, origin.correlationId);
}

/** Who first said, or even proved, that it was them: either was not them, and the thread must know of both. */
async function tellChangedMind(
  { core, tx }: { readonly core: Core; readonly tx: Transaction },
  notice: Notice,
  { person, incidentId }: { readonly person: Person; readonly incidentId: string },
): Promise<void> {
  if (notice.answer !== 'me') return;
  const proof = provenWith(core, notice);
  const values = {
    who: person.slack_user_id === null ? person.name : user(person.slack_user_id),
    what: text(`kind.${notice.kind}.short`),
    system: core.connectors.get(notice.system)?.title ?? notice.system,
  } as const;
  const line =
    proof === null
      ? phrase('timeline.changed_mind', values)
      : phrase('timeline.changed_mind_proven', { ...values, proof: text(`proof.${proof}`) });
  await addLine({ core, tx }, incidentId, `changed_mind_${notice.id}`, line);
}

/** The notice, if it was sent to this person: nobody answers for somebody else. */
async function ownNotice(core: Core, tx: Queryable, noticeId: string, person: Person): Promise<Notice | null> {
  const notice = await lockNotice(tx, core.workspaceId, noticeId);
  return notice?.person_id === person.id ? notice : null;
}

export type Answered = { readonly notice: Notice; readonly reported: Reported | null };

/** The button under a notice. "Not me" may follow "me" (the person changed their mind), never the other way round. */
export async function answerNotice(
  core: Core,
  person: Person,
  given: { noticeId: string; answer: 'not_me' | 'me'; said: string; origin: Origin },
): Promise<Result<Answered, Problem>> {
  const answered = await core.db.transaction(async (tx): Promise<Result<Answered, Problem>> => {
    const notice = await ownNotice(core, tx, given.noticeId, person);
    if (!notice) return refuse('outdated', phrase('problem.old_card'));
    if (notice.answer === 'not_me' || notice.answer === given.answer)
      return refuse('wrong_state', phrase('problem.answered'));
    await saveAnswer({ core, tx }, notice, { person, answer: given.answer, by: 'button', origin: given.origin });
    if (given.answer === 'me') return ok({ notice, reported: null });
    const reported = await reportIn(core, tx, person, {
      surface: 'button',
      said: given.said,
      noticeId: notice.id,
      sourceKey: `notice_${notice.id}`,
      origin: given.origin,
    });
    await tellChangedMind({ core, tx }, notice, { person, incidentId: reported.incident.id });
    return ok({ notice, reported });
  });
  if (!answered.ok && answered.error.code === 'outdated') await tellForeign(core, person, given.noticeId, given);
  core.dispatch();
  return answered;
}

/** Shows what a mailed link is about; changes nothing. */
export async function lookAtMailedNotice(
  core: Core,
  token: string,
): Promise<
  { state: 'open'; notice: Notice; person: Person | null; expiresAt: Date } | Exclude<TokenState, { state: 'open' }>
> {
  const found = await lookUpToken(core, core.db, token);
  if (found.state !== 'open') return found;
  const notice = await noticeById(core.db, core.workspaceId, found.noticeId);
  if (!notice) return { state: 'unknown' };
  const person = notice.person_id === null ? null : await personById(core.db, core.workspaceId, notice.person_id);
  return { state: 'open', notice, person, expiresAt: found.expiresAt };
}

/** Whom a mail was sent to, by the login where nobody is known for it. */
async function askedByMail(core: Core, tx: Transaction, notice: Notice): Promise<Person> {
  const known = notice.person_id === null ? null : await personById(tx, core.workspaceId, notice.person_id);
  return known ?? savePersonWithoutSlack(core, tx, notice.login);
}

/** The mailed page's button: spends the token and reports, in one transaction. */
export async function reportByMail(
  core: Core,
  token: string,
  given: { said: (notice: Notice) => string; origin: Origin },
): Promise<{ state: 'reported'; reported: Reported } | { state: 'used' | 'expired' | 'unknown' }> {
  const result = await core.db.transaction(async (tx) => {
    const found = await lookUpToken(core, tx, token);
    if (found.state !== 'open') return found;
    if (!(await useToken(core, tx, token))) return { state: 'used' as const };
    const notice = await lockNotice(tx, core.workspaceId, found.noticeId);
    if (!notice) return { state: 'unknown' as const };
    const person = await askedByMail(core, tx, notice);
    await saveAnswer({ core, tx }, notice, { person, answer: 'not_me', by: 'mail', origin: given.origin });
    const reported = await reportIn(core, tx, person, {
      surface: 'mail',
      said: given.said(notice),
      noticeId: notice.id,
      sourceKey: `notice_${notice.id}`,
      origin: given.origin,
    });
    await tellChangedMind({ core, tx }, notice, { person, incidentId: reported.incident.id });
    return { state: 'reported' as const, reported };
  });
  core.dispatch();
  return result;
}

/**
 * "This was me" on the mailed page: a claim like that of the button, once for each link. It spends nothing, so that "not
 * me" can still follow; after "not me" it is refused, as there.
 */
export async function claimByMail(
  core: Core,
  token: string,
  origin: Origin,
): Promise<{ state: 'claimed' | 'already_reported' | 'expired' | 'unknown' }> {
  const result = await core.db.transaction(async (tx) => {
    const found = await lookUpToken(core, tx, token);
    if (found.state === 'used') return { state: 'already_reported' as const };
    if (found.state !== 'open') return { state: found.state };
    const notice = await lockNotice(tx, core.workspaceId, found.noticeId);
    if (!notice) return { state: 'unknown' as const };
    if (notice.answer === 'not_me') return { state: 'already_reported' as const };
    if (notice.answer === null) {
      const person = await askedByMail(core, tx, notice);
      await saveAnswer({ core, tx }, notice, { person, answer: 'me', by: 'mail', origin });
    }
    return { state: 'claimed' as const };
  });
  core.dispatch();
  return result;
}

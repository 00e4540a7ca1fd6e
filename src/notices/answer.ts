import { phrase } from '../../blocks/texts/phrase.js';
import type { Core, Origin } from '../core.js';
import { type Person, personById, savePersonWithoutSlack } from '../incidents/people.js';
import { type Problem, refuse } from '../problem.js';
import { reportIn, type Reported } from '../reports/report.js';
import { lookUpToken, type TokenState, useToken } from '../reports/tokens.js';
import { ok, type Result } from '../result.js';
import type { Queryable } from '../store/database.js';
import { lockNotice, type Notice, noticeById } from './notice.js';

async function saveAnswer(core: Core, tx: Queryable, notice: Notice, answer: 'not_me' | 'me'): Promise<void> {
  await tx.query('update notices set answer = $3, answered_at = $4 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    notice.id,
    answer,
    core.runtime.now(),
  ]);
}

/** The notice, if it was sent to this person: nobody answers for somebody else. */
async function ownNotice(core: Core, tx: Queryable, noticeId: string, person: Person): Promise<Notice | null> {
  const notice = await lockNotice(tx, core.workspaceId, noticeId);
  return notice?.person_id === person.id ? notice : null;
}

export type Answered = { readonly notice: Notice; readonly reported: Reported | null };

/** The button under a notice. "Not me" may follow "me" (somebody thought again), never the other way round. */
export async function answerNotice(
  core: Core,
  person: Person,
  given: { noticeId: string; answer: 'not_me' | 'me'; said: string; origin: Origin },
): Promise<Result<Answered, Problem>> {
  const answered = await core.db.transaction(async (tx): Promise<Result<Answered, Problem>> => {
    const notice = await ownNotice(core, tx, given.noticeId, person);
    if (!notice) return refuse(phrase('problem.old_card'));
    if (notice.answer === 'not_me' || notice.answer === given.answer) return refuse(phrase('problem.answered'));
    await saveAnswer(core, tx, notice, given.answer);
    if (given.answer === 'me') return ok({ notice, reported: null });
    const reported = await reportIn(core, tx, person, {
      surface: 'button',
      said: given.said,
      noticeId: notice.id,
      sourceKey: `notice_${notice.id}`,
      origin: given.origin,
    });
    return ok({ notice, reported });
  });
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

/** The mailed page's button: uses the token up and reports, in one transaction. */
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
    const known = notice.person_id === null ? null : await personById(tx, core.workspaceId, notice.person_id);
    const person = known ?? (await savePersonWithoutSlack(core, tx, notice.login));
    await saveAnswer(core, tx, notice, 'not_me');
    const reported = await reportIn(core, tx, person, {
      surface: 'mail',
      said: given.said(notice),
      noticeId: notice.id,
      sourceKey: `notice_${notice.id}`,
      origin: given.origin,
    });
    return { state: 'reported' as const, reported };
  });
  core.dispatch();
  return result;
}

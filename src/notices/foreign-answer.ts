import { announce } from '../approvals/announce.js';
import { slackPerson } from '../incidents/audit-event.js';
import { use, withhold } from '../incidents/limits.js';
import { type Person, personById } from '../incidents/people.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import type { Core, Origin } from '../ports/core.js';
import { phrase, text, user } from '../texts/phrase.js';
import { noticeById } from './notice.js';

/** Only who was asked can have the button: a press of somebody else's is forged, or comes from a stolen message. */
export async function tellForeign(
  core: Core,
  person: Person,
  noticeId: string,
  given: { answer: 'not_me' | 'me' | 'proof'; origin: Origin },
): Promise<void> {
  const notice = await noticeById(core.db, core.workspaceId, noticeId);
  const owner = notice?.person_id ? await personById(core.db, core.workspaceId, notice.person_id) : null;
  if (!notice || owner?.id === person.id) return;
  const actor = person.slack_user_id ?? person.email;
  const { origin, answer } = given;
  await core.db.transaction(async (tx) => {
    const { correlationId } = origin;
    if ((await use({ core, tx }, actor, 'refusals')).is !== 'within')
      return withhold({ core, tx }, { incidentId: null, actor, what: 'refusals', correlationId });
    const detail = { notice: notice.id, answer, of: owner?.email ?? notice.login };
    await appendWorkspaceEvent(core, tx, {
      actor: slackPerson(actor),
      action: 'notice.foreign_answer',
      origin,
      detail,
    });
    const said = phrase('announce.foreign_answer', {
      who: actor.includes('@') ? actor : user(actor),
      owner: owner?.name ?? notice.login,
      what: text(`kind.${notice.kind}.short`),
    });
    await announce(core, tx, { key: `foreign_${notice.id}_${actor}`, to: null, phrase: said }, correlationId);
  });
}

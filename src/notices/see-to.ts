import { at, phrase, text, user } from '../texts/phrase.js';
import { mayManage } from '../approvals/policy.js';
import { recordRefusal } from '../approvals/refusals.js';
import type { Core, Origin } from '../ports/core.js';
import { openIncident } from '../incidents/open.js';
import { type Person, personById, savePersonWithoutSlack } from '../incidents/people.js';
import { addLine, touchIncident } from '../incidents/posts.js';
import { slackPerson } from '../incidents/audit-event.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Transaction } from '../ports/database.js';
import { type Notice, noticeById } from './notice.js';
import { recordAnswer } from './record-answer.js';
import { requestRedraw } from './unanswered.js';

interface By {
  readonly actor: string;
  readonly origin: Origin;
}

interface Asked {
  readonly notice: Notice;
  readonly person: Person;
}

/** The notice and its recipient, for an approver who is not that person. A refused try is recorded. */
async function askedOf(core: Core, noticeId: string, by: By, action: string): Promise<Result<Asked, Problem>> {
  const notice = await noticeById(core.db, core.workspaceId, noticeId);
  if (!notice) return refuse('outdated', phrase('problem.old_card'));
  const known = notice.person_id === null ? null : await personById(core.db, core.workspaceId, notice.person_id);
  const person = known ?? (await savePersonWithoutSlack(core, core.db, notice.login));
  const allowed = await mayManage(core, { right: 'settleNotice', actor: by.actor, target: person });
  if (allowed.ok) return ok({ notice, person });
  await recordRefusal(core, { ...by, action, incidentId: null }, allowed.error);
  return allowed;
}

/**
 * One look deals with everything that waits for this person's answer. The channel is informed, even when it was not due
 * yet: by its line, or by the incident's card.
 */
async function acknowledge(
  { core, tx }: { readonly core: Core; readonly tx: Transaction },
  { notice, person }: Asked,
  { actor, origin }: By,
  incidentId: string | null,
): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `update notices set settled_by = $4, settled_at = $5, incident_id = $6, tells = $6::text is null
     where workspace_id = $1 and (person_id = $2 or id = $3) and asked and answer is null and settled_at is null returning id`,
    [core.workspaceId, person.id, notice.id, actor, core.runtime.now(), incidentId],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0)
    await recordAnswer({ core, tx }, person.id, { actor: slackPerson(actor), action: 'notice.settled', origin, ids });
  await requestRedraw({ core, tx }, ids, origin.correlationId);
}

/** An approver opens an incident about somebody who has not answered. @returns its reference */
export async function openFromNotice(core: Core, noticeId: string, by: By): Promise<Result<string, Problem>> {
  const asked = await askedOf(core, noticeId, by, 'notice.open');
  if (!asked.ok) return asked;
  const { notice, person } = asked.value;
  const reference = await core.db.transaction(async (tx) => {
    const actor = slackPerson(by.actor);
    const { incident } = await openIncident(core, tx, { person, actor, origin: by.origin });
    const line = phrase('timeline.unanswered_opened', {
      who: user(by.actor),
      system: core.connectors.get(notice.system)?.title ?? notice.system,
      what: text(`kind.${notice.kind}.short`),
      when: at(notice.occurred_at),
      actor: notice.actor ?? text('notice.by_unknown'),
      from: notice.ip ?? text('unanswered.from_unknown'),
      login: notice.login,
    });
    await addLine({ core, tx }, incident.id, `unanswered_${notice.id}`, line);
    await acknowledge({ core, tx }, asked.value, by, incident.id);
    await touchIncident(core, tx, incident.id, by.origin.correlationId);
    return incident.reference;
  });
  core.dispatch();
  return ok(reference);
}

/** An approver knows that nothing is wrong: what waits for this person's answer no longer waits. */
export async function acknowledgeNotices(core: Core, noticeId: string, by: By): Promise<Result<null, Problem>> {
  const asked = await askedOf(core, noticeId, by, 'notice.settle');
  if (!asked.ok) return asked;
  await core.db.transaction((tx) => acknowledge({ core, tx }, asked.value, by, null));
  core.dispatch();
  return ok(null);
}

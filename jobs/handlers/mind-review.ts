import { at, type Phrase, phrase, type PhraseValue, user } from '../../src/texts/phrase.js';
import type { Core } from '../../src/ports/core.js';
import { ROLES } from '../../src/ports/roles.js';
import { incidentById } from '../../src/incidents/incident.js';
import { addLine, addPost, postedAt, touchIncident } from '../../src/incidents/posts.js';
import { personOfIncident } from '../../src/incidents/people.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import { sayOnCall } from '../../src/incidents/on-call.js';
import { type Decision, decisionById } from '../../src/incidents/steps.js';
import { reviewOf } from '../../src/approvals/reviews.js';
import { RIGHTS } from '../../src/approvals/rights.js';
import type { Outcome, Run } from '../worker.js';

/** How often an open review is asked for again, also after the incident was closed. */
const AGAIN_MS = 24 * 3_600_000;

/**
 * The glass was broken: everybody in a role is told at once, and every day those who may sign its review are told again,
 * until one of them has.
 */
export async function mindReview(core: Core, run: Run): Promise<Outcome> {
  const decision = await decisionById(core.db, core.workspaceId, run.work.ref);
  if (!decision || decision.break_glass === null || reviewOf(core, decision)) return 'completed';
  const day = Math.floor((core.runtime.now().getTime() - decision.decided_at.getTime()) / AGAIN_MS);
  const key = `broken_${decision.id}_${day}`;
  const told = await postedAt(core.db, core.workspaceId, decision.incident_id, key);
  if (told === null) await tellAll(core, run, decision, { day, key });
  const next = decision.decided_at.getTime() + (day + 1) * AGAIN_MS;
  return { againInMs: next - core.runtime.now().getTime() };
}

/** Never the person it is about, and not whoever did it. */
async function tellAll(
  core: Core,
  run: Run,
  decision: Decision,
  { day, key }: { readonly day: number; readonly key: string },
): Promise<void> {
  const { id, incident_id: incidentId, decided_by: first, decided_at: when, break_glass: why } = decision;
  const [incident, person, inRoles] = await Promise.all([
    incidentById(core.db, core.workspaceId, incidentId),
    personOfIncident(core.db, core.workspaceId, incidentId),
    core.roles.all(day === 0 ? ROLES : RIGHTS.signReview),
  ]);
  if (!incident || !person) return;
  const whom = inRoles.filter((one) => one !== first && one !== person.slack_user_id);
  const values = { who: user(first), reference: incident.reference, name: person.name, when: at(when), why: why ?? '' };
  const said = phrase(day === 0 ? 'tell.break_glass' : 'tell.review_open', values);
  const onCall = sayOnCall(core.policy.onCall, person.slack_user_id);
  const open = { who: user(first), when: at(when) };
  const line = whom.length === 0 ? nobodyReviews(day, open) : sayTold(day, { ...open, onCall, whom });
  await run.commit(async (tx) => {
    for (const one of whom)
      await addPost({ core, tx }, incidentId, `${key}_${one}`, { kind: 'tell', user: one, phrase: said });
    await addLine({ core, tx }, incidentId, key, line);
    await appendAuditEvent(core, tx, incidentId, {
      actor: notme('worker'),
      action: day === 0 ? 'break_glass.told' : 'review.reminded',
      origin: { surface: 'job', correlationId: run.work.correlation_id },
      detail: { decision: id, told: [...whom] },
    });
    await touchIncident(core, tx, incidentId, run.work.correlation_id);
  });
  core.dispatch();
}

interface Open {
  readonly who: PhraseValue;
  readonly when: PhraseValue;
}

const sayTold = (day: number, { who, when, onCall, whom }: Open & { onCall: PhraseValue; whom: readonly string[] }) =>
  day === 0
    ? phrase('timeline.break_glass_told', { count: whom.length })
    : phrase('timeline.review_open', { who, when, onCall });

/** Nobody is told what nobody can read: the next step is somebody who may look. */
const nobodyReviews = (day: number, { who, when }: Open): Phrase =>
  day === 0 ? phrase('timeline.break_glass_nobody') : phrase('timeline.review_nobody', { who, when });

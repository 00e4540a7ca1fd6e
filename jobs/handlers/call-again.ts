import { at, phrase } from '../../src/texts/phrase.js';
import type { Core } from '../../src/ports/core.js';
import { type Incident, incidentById } from '../../src/incidents/incident.js';
import { type Person, personById } from '../../src/incidents/people.js';
import { addLine, addPost, postedAt, touchIncident } from '../../src/incidents/posts.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import { sayOnCall } from '../../src/incidents/on-call.js';
import { allDecisionsOf } from '../../src/incidents/steps.js';
import type { Outcome, Run } from '../worker.js';

const CALLED = 'called_again';

/**
 * Nobody has taken the incident: whoever is on call is called once more in its thread, and after the same time again
 * each approver gets a direct message.
 */
export async function callAgain(core: Core, run: Run): Promise<Outcome> {
  const incident = await incidentById(core.db, core.workspaceId, run.work.ref);
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  if (!incident || !person || (await isSeenTo(core, incident))) return 'completed';
  const waitMs = core.policy.onCall.againMs;
  const called = await postedAt(core.db, core.workspaceId, incident.id, CALLED);
  if (called === null) {
    await callOnce(core, run, incident, person);
    return { againInMs: waitMs };
  }
  // The process may have died between the call and its repetition: then it is too early.
  const leftMs = called.getTime() + waitMs - core.runtime.now().getTime();
  if (leftMs > 0) return { againInMs: leftMs };
  await tellApprovers(core, run, incident, person);
  return 'completed';
}

/** Somebody has it: they took it, or decided something without taking it. */
async function isSeenTo(core: Core, incident: Incident): Promise<boolean> {
  if (incident.status === 'closed' || incident.owner !== null) return true;
  return (await allDecisionsOf(core.db, core.workspaceId, incident.id)).length > 0;
}

async function callOnce(core: Core, run: Run, incident: Incident, person: Person): Promise<void> {
  await run.commit(async (tx) => {
    await appendAuditEvent(core, tx, incident.id, {
      actor: notme('worker'),
      action: 'incident.called_again',
      origin: { surface: 'job', correlationId: run.work.correlation_id },
    });
    const line = phrase('timeline.called_again', {
      since: at(incident.opened_at),
      who: sayOnCall(core.policy.onCall, person.slack_user_id),
    });
    await addLine({ core, tx }, incident.id, CALLED, line);
    await touchIncident(core, tx, incident.id, run.work.correlation_id);
  });
  core.dispatch();
}

/** Never the person it is about: the attacker may have their Slack account. */
async function tellApprovers(core: Core, run: Run, incident: Incident, person: Person): Promise<void> {
  const approvers = (await core.roles.all(['approver'])).filter((id) => id !== person.slack_user_id);
  const { id, reference, channel, opened_at: openedAt } = incident;
  const said = phrase('tell.untaken', { reference, name: person.name, since: at(openedAt), channel });
  await run.commit(async (tx) => {
    await appendAuditEvent(core, tx, id, {
      actor: notme('worker'),
      action: 'incident.approvers_called',
      origin: { surface: 'job', correlationId: run.work.correlation_id },
      detail: { approvers: [...approvers] },
    });
    for (const user of approvers)
      await addPost({ core, tx }, id, `untaken_${user}`, { kind: 'tell', user, phrase: said });
    const line = approvers.length === 0 ? phrase('timeline.nobody_to_call') : phrase('timeline.approvers_called');
    await addLine({ core, tx }, id, 'approvers_called', line);
    await touchIncident(core, tx, id, run.work.correlation_id);
  });
  core.dispatch();
}

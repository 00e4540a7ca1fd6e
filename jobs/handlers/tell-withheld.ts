import { at, phrase, type PhraseValue, user } from '../../src/texts/phrase.js';
import { announce } from '../../src/approvals/announce.js';
import type { Core } from '../../src/ports/core.js';
import type { Transaction } from '../../src/ports/database.js';
import { addLine, touchIncident } from '../../src/incidents/posts.js';
import { appendAuditEvent, type AuditEvent, notme } from '../../src/incidents/audit-event.js';
import { forgetWithheld, withheldById, type WithheldRow } from '../../src/incidents/limits.js';
import { appendWorkspaceEvent } from '../../src/incidents/workspace-event.js';
import type { Outcome, Run } from '../worker.js';

/** Somebody did something oftener than one person may: how often is told and recorded once, when the hour is over. */
export async function tellWithheld(core: Core, run: Run): Promise<Outcome> {
  await run.commit(async (tx) => {
    const withheld = await withheldById(tx, core.workspaceId, run.work.ref);
    if (!withheld) return;
    await tell(core, tx, withheld, run.work.correlation_id);
    await forgetWithheld(tx, core.workspaceId, withheld.id);
  });
  core.dispatch();
  return 'completed';
}

/** Whoever has no Slack account reports under an address. */
const whoIs = (actor: string): PhraseValue => (actor.includes('@') ? actor : user(actor));

async function tell(core: Core, tx: Transaction, withheld: WithheldRow, correlationId: string): Promise<void> {
  const { id, incident_id: incidentId, actor, what, hour, count } = withheld;
  const event: AuditEvent = {
    actor: notme('worker'),
    action: `${what}.withheld`,
    origin: { surface: 'job', correlationId },
    detail: { by: actor, count, from: hour.toISOString() },
  };
  const values = { who: whoIs(actor), count, since: at(hour) };
  const said = phrase(what === 'messages' ? 'timeline.withheld.messages' : 'timeline.withheld.refusals', values);
  if (incidentId === null) {
    await appendWorkspaceEvent(core, tx, event);
    await announce(core, tx, { key: `withheld_${id}`, to: null, phrase: said }, correlationId);
    return;
  }
  await appendAuditEvent(core, tx, incidentId, event);
  await addLine({ core, tx }, incidentId, `withheld_${id}`, said);
  await touchIncident(core, tx, incidentId, correlationId);
}

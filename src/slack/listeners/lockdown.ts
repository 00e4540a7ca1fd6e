import type { App } from '@slack/bolt';
import { clip } from '../../../blocks/limits.js';
import { lockdownModal } from '../../../blocks/modals/lockdown.js';
import { phrase, user } from '../../texts/phrase.js';
import { type Clicked, recordRefusal } from '../../approvals/refusals.js';
import { previewDecision } from '../../approvals/preview.js';
import { waitForAccounts } from '../../approvals/waiting-windows.js';
import type { Origin } from '../../ports/core.js';
import type { Problem } from '../../texts/problem.js';
import { openIncident } from '../../incidents/open.js';
import type { Person } from '../../incidents/people.js';
import { use } from '../../incidents/limits.js';
import { appendWorkspaceEvent } from '../../incidents/workspace-event.js';
import type { Transaction } from '../../ports/database.js';
import { announce } from '../../approvals/announce.js';
import { addLine, touchIncident } from '../../incidents/posts.js';
import { slackPerson } from '../../incidents/audit-event.js';
import { soughtEverywhere, wantedLockdown } from './lockdown-whom.js';
import { commandPayload, readPayload } from './payloads.js';
import { type Edge, fillModal, modalOf, openModal, originOf, sayProblem } from './shared.js';

/** A reason is never refused for its length; the excess is left out. */
const LONGEST_REASON = 500;

interface Asked {
  readonly person: Person;
  readonly reason: string;
}

async function openFor(edge: Edge, actor: string, asked: Asked, origin: Origin): Promise<string> {
  const { core } = edge;
  const incidentId = await core.db.transaction(async (tx) => {
    const { incident, opened } = await openIncident(core, tx, {
      person: asked.person,
      actor: slackPerson(actor),
      origin,
    });
    if (opened) {
      const line = phrase('timeline.lockdown_opened', { who: user(actor), said: asked.reason });
      await addLine({ core, tx }, incident.id, `lockdown_${origin.correlationId}`, line);
      await touchIncident(core, tx, incident.id, origin.correlationId);
      await sayMany({ core, tx }, actor, origin);
    }
    return incident.id;
  });
  core.dispatch();
  return incidentId;
}

/** Very many lockdowns by one approver are told, and never held up: the next one may be the one that counts. */
async function sayMany({ core, tx }: { core: Edge['core']; tx: Transaction }, actor: string, origin: Origin) {
  const used = await use({ core, tx }, actor, 'lockdowns');
  if (used.is !== 'first_over') return;
  const said = phrase('announce.many_lockdowns', { who: user(actor), limit: core.policy.limits.lockdowns });
  const key = `many_lockdowns_${actor}_${used.until.getTime()}`;
  await announce(core, tx, { key, to: null, phrase: said }, origin.correlationId);
  await appendWorkspaceEvent(core, tx, { actor: slackPerson(actor), action: 'lockdowns.many', origin });
}

/** Shows the plan in the window that is open; the job that looks the accounts up fills it while they are not known. */
async function showPlan(edge: Edge, viewId: string, clicked: Clicked, reason: string) {
  if (await waitForAccounts(edge.core, { ...clicked, viewId, reason })) return;
  const preview = await previewDecision(edge.core, clicked, 'lockdown');
  await fillModal(edge, viewId, lockdownModal(edge.translator, preview, reason));
}

/** Words that name nobody, or too many, are no try at anything. */
async function recordUnlessMistyped(edge: Edge, by: Pick<Clicked, 'actor' | 'origin'>, problem: Problem) {
  if (problem.code !== 'invalid_input')
    await recordRefusal(edge.core, { action: 'lockdown', incidentId: null, ...by }, problem);
}

/** `/lockdown @user reason`: opens the incident if there is none, and the modal of the whole plan. */
export function listenToLockdown(app: App, edge: Edge): void {
  app.command('/lockdown', async ({ ack, body, context, respond }) => {
    const command = readPayload(commandPayload, body);
    const actor = command.user_id;
    const origin = originOf(context, 'command', command.channel_id);
    const asked = await wantedLockdown(edge, actor, command.text);
    if (!asked.ok) {
      edge.rejected('lockdown', asked.error.code);
      await recordUnlessMistyped(edge, { actor, origin }, asked.error);
      await ack({ response_type: 'ephemeral', text: sayProblem(edge, asked.error) });
      return;
    }
    const wanted = asked.value;
    const reason = clip(wanted.reason, LONGEST_REASON);
    const known = wanted.person && {
      person: wanted.person,
      reason,
      incidentId: await openFor(edge, actor, { person: wanted.person, reason }, origin),
    };
    await ack();
    const viewId = await openModal(
      edge,
      command.trigger_id,
      modalOf(edge, edge.translator.say('modal.lockdown.reading')),
    );
    if (viewId === null) {
      await respond({ response_type: 'ephemeral', text: edge.translator.say('problem.too_late') });
      return;
    }
    if (known) return showPlan(edge, viewId, { incidentId: known.incidentId, actor, origin }, known.reason);
    const found = await soughtEverywhere(edge, actor, wanted, origin);
    if (!found.ok) {
      edge.rejected('lockdown', found.error.code);
      await recordUnlessMistyped(edge, { actor, origin }, found.error);
      const text = sayProblem(edge, found.error);
      const view = modalOf(edge, text);
      await fillModal(edge, viewId, view);
      // A window is closed and forgotten; a refusal in the conversation stays readable.
      await respond({ response_type: 'ephemeral', text });
      return;
    }
    const person = found.value;
    const incidentId = await openFor(edge, actor, { person, reason }, origin);
    await showPlan(edge, viewId, { incidentId, actor, origin }, reason);
  });
}

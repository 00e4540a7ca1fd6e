import type { App } from '@slack/bolt';
import { decideModal } from '../../../blocks/modals/decide.js';
import { phrase, user } from '../../../blocks/texts/phrase.js';
import { checkApprover, mayDecide } from '../../approvals/policy.js';
import { previewDecision } from '../../approvals/preview.js';
import type { Origin } from '../../core.js';
import { accountsOf } from '../../incidents/accounts.js';
import { openIncident } from '../../incidents/open.js';
import { type Person, savePerson } from '../../incidents/people.js';
import { addLine, touchIncident } from '../../incidents/posts.js';
import { slackPerson } from '../../incidents/record.js';
import { type Problem, refuse } from '../../problem.js';
import { ok, type Result } from '../../result.js';
import { commandPayload } from './payloads.js';
import { plainText } from '../plain-text.js';
import { type Edge, modalOf, openModal, originOf, sayProblem } from './shared.js';

interface Asked {
  readonly person: Person;
  readonly reason: string;
}

const MENTION = /^<@([A-Z0-9]+)(?:\|[^>]*)?>\s*([\s\S]*)$/;
const EMAIL = /^(?:<mailto:)?([^\s<>|@]+@[^\s<>|]+?)(?:\|[^>]*>)?(?:\s+([\s\S]*))?$/;

const usage = (why: ReturnType<typeof phrase>) =>
  refuse(phrase('problem.lockdown.usage', { why: { phrases: [why], join: '' } }));

interface Words {
  readonly by: 'id' | 'email';
  readonly who: string;
  readonly reason: string;
}

/** Splits `@person reason`. A person is a mention or an exact e-mail address, never a display name. */
function wordsOf(text: string): Words | null {
  const mention = MENTION.exec(text);
  if (mention) return { by: 'id', who: mention[1] ?? '', reason: (mention[2] ?? '').trim() };
  const email = EMAIL.exec(text);
  return email && { by: 'email', who: email[1] ?? '', reason: (email[2] ?? '').trim() };
}

async function parseLockdown(edge: Edge, text: string): Promise<Result<Asked, Problem>> {
  const trimmed = text.trim();
  if (trimmed === '') return usage(phrase('problem.lockdown.nobody', { text: '' }));
  const words = wordsOf(trimmed);
  if (!words) return usage(phrase('problem.lockdown.unknown', { text: trimmed.split(/\s+/)[0] ?? trimmed }));
  const { people } = edge.core;
  const found = await (words.by === 'id' ? people.bySlackId(words.who) : people.byEmail(words.who));
  if (!found) return usage(phrase('problem.lockdown.unknown', { text: words.who }));
  if (found.isBot) return usage(phrase('problem.lockdown.bot'));
  if (found.email === null) return refuse(phrase('problem.lockdown.no_email'));
  if (words.reason === '') return usage(phrase('problem.lockdown.no_reason'));
  return ok({
    person: await savePerson(edge.core, edge.core.db, { ...found, email: found.email }),
    reason: plainText(words.reason),
  });
}

/** Who may, about whom: asked before an incident is opened for anybody. */
async function checked(edge: Edge, actor: string, text: string): Promise<Result<Asked, Problem>> {
  const approver = await checkApprover(edge.core, actor);
  if (!approver.ok) return approver;
  const asked = await parseLockdown(edge, text);
  if (!asked.ok) return asked;
  const allowed = await mayDecide(edge.core, actor, asked.value.person);
  return allowed.ok ? asked : allowed;
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
    }
    return incident.id;
  });
  core.dispatch();
  return incidentId;
}

const LOOK_EVERY_MS = 150;
const LOOK_AT_MOST_MS = 20_000;

/** Waits until a worker has looked the accounts up; the modal shows that it waits. */
async function accountsKnown(edge: Edge, personId: string): Promise<boolean> {
  for (let waited = 0; waited < LOOK_AT_MOST_MS; waited += LOOK_EVERY_MS) {
    if ((await accountsOf(edge.core.db, edge.core.workspaceId, personId)).length > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
}

/** `/lockdown @user reason`: opens the incident if there is none, and the modal of the whole plan. */
export function listenToLockdown(app: App, edge: Edge): void {
  app.command('/lockdown', async ({ ack, body, context, respond }) => {
    const command = commandPayload.parse(body);
    const actor = command.user_id;
    const asked = await checked(edge, actor, command.text);
    if (!asked.ok) {
      edge.rejected('lockdown', asked.error.phrase.key);
      await ack({ response_type: 'ephemeral', text: sayProblem(edge, asked.error) });
      return;
    }
    const incidentId = await openFor(edge, actor, asked.value, originOf(context, 'command', command.channel_id));
    await ack();
    const viewId = await openModal(edge, command.trigger_id, modalOf(edge, edge.voice.say('modal.lockdown.reading')));
    if (viewId === null) {
      await respond({ response_type: 'ephemeral', text: edge.voice.say('problem.too_late') });
      return;
    }
    await accountsKnown(edge, asked.value.person.id);
    const preview = await previewDecision(edge.core, incidentId, 'lockdown', actor);
    const view = preview.ok
      ? decideModal(edge.voice, preview.value, asked.value.reason)
      : modalOf(edge, sayProblem(edge, preview.error));
    await edge.client.views.update({ view_id: viewId, view });
  });
}

import type { App } from '@slack/bolt';
import { askCard, helpCard } from '../../../blocks/notice-card.js';
import { modals } from '../../../blocks/interactions.js';
import { REPORT_INPUTS, REPORT_KINDS, reportModal } from '../../../blocks/modals/report.js';
import { claimWasMe, reporterOf, reportNotMe, type Reported } from '../../reports/report.js';
import { meaningOf } from '../../reports/words.js';
import { plainText } from '../plain-text.js';
import {
  chosen,
  commandPayload,
  directMessage,
  shortcutPayload,
  type Submit,
  submitPayload,
  typed,
} from './payloads.js';
import { correlationOf, type Edge, modalOf, openReport, originOf, sayProblem } from './shared.js';

const saidReported = (edge: Edge, { incident, opened }: Reported): string =>
  edge.voice.say(opened ? 'report.opened' : 'report.merged', { reference: incident.reference });

/** A direct message in plain words. */
function onDirectMessage(app: App, edge: Edge): void {
  app.event('message', async ({ event, body, context }) => {
    const message = directMessage.safeParse(event);
    if (!message.success) return;
    const { user, channel, ts } = message.data;
    const text = plainText(message.data.text);
    const meaning = meaningOf(text);
    const say = async (words: string, blocks?: ReturnType<typeof askCard>['blocks']) => {
      await edge.client.chat.postMessage({ channel, text: words, ...(blocks ? { blocks } : {}) });
    };
    if (meaning === 'unsure' || meaning === 'other') {
      const card = (meaning === 'unsure' ? askCard : helpCard)(edge.voice, ts, text);
      await say(card.text, card.blocks);
      return;
    }
    const person = await reporterOf(edge.core, user);
    if (!person.ok) {
      await say(sayProblem(edge, person.error));
      return;
    }
    const origin = originOf(context, 'dm', channel);
    if (meaning === 'was_me') {
      const reference = await claimWasMe(edge.core, person.value, origin);
      await say(
        reference === null ? edge.voice.say('report.was_me') : edge.voice.say('report.was_me_open', { reference }),
      );
      return;
    }
    const reported = await reportNotMe(edge.core, person.value, {
      surface: 'dm',
      said: text,
      noticeId: null,
      sourceKey: body.event_id,
      origin,
    });
    if (reported.opened || reported.repeated) return;
    // The report is written; a courtesy that fails must not make Slack deliver it again.
    await say(saidReported(edge, reported)).catch((error: unknown) =>
      edge.log.warn({ err: error, correlationId: correlationOf(context) }, 'a reporter could not be answered'),
    );
  });
}

/** `/notme [what happened]`: with words it reports at once, without it asks with a modal. */
function onCommand(app: App, edge: Edge): void {
  app.command('/notme', async ({ ack, body, context }) => {
    const command = commandPayload.parse(body);
    if (command.text.trim() === '') {
      await ack();
      const to = { trigger: command.trigger_id, user: command.user_id };
      await openReport(edge, to, reportModal(edge.voice, { surface: 'command', quoted: null }));
      return;
    }
    const person = await reporterOf(edge.core, command.user_id);
    if (!person.ok) {
      await ack({ response_type: 'ephemeral', text: sayProblem(edge, person.error) });
      return;
    }
    const reported = await reportNotMe(edge.core, person.value, {
      surface: 'command',
      said: plainText(command.text),
      noticeId: null,
      sourceKey: `command_${command.trigger_id}`,
      origin: originOf(context, 'command', command.channel_id),
    });
    await ack({ response_type: 'ephemeral', text: saidReported(edge, reported) });
  });
}

function onShortcuts(app: App, edge: Edge): void {
  app.shortcut({ callback_id: 'report_global', type: 'shortcut' }, async ({ ack, body }) => {
    await ack();
    const { trigger_id: trigger, user } = shortcutPayload.parse(body);
    await openReport(edge, { trigger, user: user.id }, reportModal(edge.voice, { surface: 'shortcut', quoted: null }));
  });
  app.shortcut({ callback_id: 'report_message', type: 'message_action' }, async ({ ack, body }) => {
    await ack();
    const { trigger_id: trigger, user, message } = shortcutPayload.parse(body);
    const quoted = message?.text === undefined ? null : plainText(message.text);
    await openReport(
      edge,
      { trigger, user: user.id },
      reportModal(edge.voice, { surface: 'message_shortcut', quoted }),
    );
  });
}

/** What the modal's answers say, as one text for the thread. */
function saidInModal(edge: Edge, submit: Submit, quoted: string | null): string {
  const kind = REPORT_KINDS.find((one) => one === chosen(submit, REPORT_INPUTS.what)) ?? 'other';
  const details = typed(submit, REPORT_INPUTS.details).trim();
  return [edge.voice.plain(`modal.report.what.${kind}`), details, quoted ?? '']
    .filter((part) => part !== '')
    .join(' - ');
}

function onSubmit(app: App, edge: Edge): void {
  app.view(modals.report.id, async ({ ack, body, context }) => {
    const submit = submitPayload.parse(body);
    const origin = modals.report.decode(submit.view.private_metadata);
    if (!origin) {
      await ack({ response_action: 'update', view: modalOf(edge, edge.voice.say('problem.old_card')) });
      return;
    }
    const person = await reporterOf(edge.core, submit.user.id);
    if (!person.ok) {
      await ack({ response_action: 'update', view: modalOf(edge, sayProblem(edge, person.error)) });
      return;
    }
    const reported = await reportNotMe(edge.core, person.value, {
      surface: origin.surface,
      said: saidInModal(edge, submit, origin.quoted),
      noticeId: null,
      sourceKey: `view_${submit.view.id}`,
      origin: { surface: origin.surface, correlationId: correlationOf(context) },
    });
    await ack({ response_action: 'update', view: modalOf(edge, saidReported(edge, reported)) });
  });
}

/** All the ways to say "I didn't do this", but for the button under a notice. */
export function listenToReports(app: App, edge: Edge): void {
  onDirectMessage(app, edge);
  onCommand(app, edge);
  onShortcuts(app, edge);
  onSubmit(app, edge);
}

import type { App } from '@slack/bolt';
import { askedForHelp } from '../../../blocks/help-card.js';
import { modals } from '../../../blocks/interactions.js';
import { REPORT_INPUTS, REPORT_KINDS, reportModal } from '../../../blocks/modals/report.js';
import { asksForHelp, ownReport } from '../../reports/help.js';
import { reporterOf, reportNotMe } from '../../reports/report.js';
import { plainText } from '../plain-text.js';
import { chosen, commandPayload, readPayload, shortcutPayload, type Submit, submitPayload, typed } from './payloads.js';
import { correlationOf, type Edge, modalOf, openReport, originOf, saidReported, sayProblem } from './shared.js';

/**
 * `/notme [what happened]`: with words it reports at once, without them it opens a modal; `help` and the like are
 * answered.
 */
function onCommand(app: App, edge: Edge): void {
  app.command('/notme', async ({ ack, body, context }) => {
    const command = readPayload(commandPayload, body);
    if (command.text.trim() === '') {
      await ack();
      const to = { trigger: command.trigger_id, user: command.user_id };
      await openReport(edge, to, reportModal(edge.translator, { surface: 'command', quoted: null }));
      return;
    }
    if (asksForHelp(command.text)) {
      const asked = { message: correlationOf(context), said: '', surface: 'command' } as const;
      const help = askedForHelp(edge.translator, asked, await ownReport(edge.core, command.user_id));
      await ack({ response_type: 'ephemeral', ...help });
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
    const { trigger_id: trigger, user } = readPayload(shortcutPayload, body);
    await openReport(
      edge,
      { trigger, user: user.id },
      reportModal(edge.translator, { surface: 'shortcut', quoted: null }),
    );
  });
  app.shortcut({ callback_id: 'report_message', type: 'message_action' }, async ({ ack, body }) => {
    await ack();
    const { trigger_id: trigger, user, message } = readPayload(shortcutPayload, body);
    const quoted = message?.text === undefined ? null : plainText(message.text);
    await openReport(
      edge,
      { trigger, user: user.id },
      reportModal(edge.translator, { surface: 'message_shortcut', quoted }),
    );
  });
}

/** The modal's inputs as one text for the thread. */
function saidInModal(edge: Edge, submit: Submit, quoted: string | null): string {
  const kind = REPORT_KINDS.find((one) => one === chosen(submit, REPORT_INPUTS.what)) ?? 'other';
  const details = typed(submit, REPORT_INPUTS.details).trim();
  return [edge.translator.plain(`modal.report.what.${kind}`), details, quoted ?? '']
    .filter((part) => part !== '')
    .join(' - ');
}

function onSubmit(app: App, edge: Edge): void {
  app.view(modals.report.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const origin = modals.report.decode(submit.view.private_metadata);
    if (!origin) {
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
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

/** The command, the shortcuts and the window that say "I didn't do this". */
export function listenToReports(app: App, edge: Edge): void {
  onCommand(app, edge);
  onShortcuts(app, edge);
  onSubmit(app, edge);
}

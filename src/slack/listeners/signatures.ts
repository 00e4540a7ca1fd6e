import type { App } from '@slack/bolt';
import { modals } from '../../../blocks/interactions.js';
import { commands } from '../../approvals/commands/index.js';
import { answerTo } from './answer-window.js';
import { givenIn } from './given.js';
import { readPayload, submitPayload } from './payloads.js';
import { type Edge, modalOf, originOf } from './shared.js';

/** The windows in which somebody else signs too: the second approver, and whoever reviews a break-glass. */
export function listenToSignatures(app: App, edge: Edge): void {
  app.view(modals.countersign.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const asked = modals.countersign.decode(submit.view.private_metadata);
    if (!asked) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const request = {
      waitingId: asked.waiting,
      shown: asked.plan,
      actor: submit.user.id,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const given = await givenIn(edge, submit, { command: 'countersign', ...request });
    const signed = await commands.countersign(edge.core, { ...request, given });
    await (signed.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, signed.error)));
  });
  app.view(modals.review.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const asked = modals.review.decode(submit.view.private_metadata);
    if (!asked) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const request = {
      decisionId: asked.decision,
      actor: submit.user.id,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const given = await givenIn(edge, submit, { command: 'review', ...request });
    const signed = await commands.signReview(edge.core, { ...request, given });
    await (signed.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, signed.error)));
  });
}

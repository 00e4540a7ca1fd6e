import type { App } from '@slack/bolt';
import { modals } from '../../../blocks/interactions.js';
import { commands } from '../../approvals/commands/index.js';
import { answerTo } from './answer-window.js';
import { givenIn } from './given.js';
import { readPayload, submitPayload } from './payloads.js';
import { type Edge, modalOf, originOf } from './shared.js';

/** The windows about somebody else's codes: lifting their lock, approving that they enrol. */
export function listenToLocks(app: App, edge: Edge): void {
  app.view(modals.enrolment.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const asked = modals.enrolment.decode(submit.view.private_metadata);
    if (!asked) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const request = {
      enrolled: asked.user,
      actor: submit.user.id,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const given = await givenIn(edge, submit, { command: 'approve_enrolment', ...request });
    const approved = await commands.approveEnrolment(edge.core, { ...request, given });
    await (approved.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, approved.error)));
  });
  app.view(modals.lift.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const lifting = modals.lift.decode(submit.view.private_metadata);
    if (!lifting) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const request = {
      lockedUser: lifting.user,
      actor: submit.user.id,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const given = await givenIn(edge, submit, { command: 'lift', ...request });
    const lifted = await commands.liftLock(edge.core, { ...request, given });
    await (lifted.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, lifted.error)));
  });
}

import type { App } from '@slack/bolt';
import { modals } from '../../../blocks/interactions.js';
import { claims } from '../../notices/prove-claim.js';
import { answerTo } from './answer-window.js';
import { givenIn } from './given.js';
import { readPayload, submitPayload } from './payloads.js';
import { type Edge, modalOf, originOf } from './shared.js';

/** The window in which somebody proves what they said of a notice. */
export function listenToClaims(app: App, edge: Edge): void {
  app.view(modals.prove.id, async ({ ack, body, context }) => {
    const submit = readPayload(submitPayload, body);
    const asked = modals.prove.decode(submit.view.private_metadata);
    if (!asked) {
      edge.rejected('modal', 'old_card');
      await ack({ response_action: 'update', view: modalOf(edge, edge.translator.say('problem.old_card')) });
      return;
    }
    const request = {
      noticeId: asked.notice,
      shown: asked.shown,
      actor: submit.user.id,
      requestKey: `view_${submit.view.id}`,
      origin: originOf(context, 'modal'),
    };
    const given = await givenIn(edge, submit, { command: 'prove_claim', ...request });
    const proven = await claims.prove(edge.core, { ...request, given });
    await (proven.ok ? ack({ response_action: 'clear' }) : ack(answerTo(edge, submit, proven.error)));
  });
}

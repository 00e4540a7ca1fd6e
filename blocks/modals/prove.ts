import type { ModalView } from '@slack/types';
import type { ClaimedEvent } from '../../src/approvals/claims.js';
import { moment } from '../../src/texts/say.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, type Translator } from '../parts.js';
import { codeInput } from './inputs.js';

/** The window in which somebody proves that it was them. Whoever is talked into it is told to stop. */
export function proveModal(
  translator: Translator,
  {
    notice,
    event,
    hasPasskey,
  }: { readonly notice: string; readonly event: ClaimedEvent; readonly hasPasskey: boolean },
): ModalView {
  const { say, plain } = translator;
  const { kind, systemTitle: system, occurredAt, doneBy } = event;
  const intro = say('modal.prove.intro', {
    system,
    what: plain(`kind.${kind}.short`),
    when: moment(occurredAt),
    actor: doneBy ?? plain('notice.by_unknown'),
  });
  return {
    type: 'modal',
    callback_id: modals.prove.id,
    title: { type: 'plain_text', text: clip(plain('modal.prove.title'), SLACK_LIMITS.modalTitle) },
    submit: { type: 'plain_text', text: plain('modal.prove.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.prove.encode({ notice, shown: event.shown }),
    blocks: [section(intro), codeInput(translator, { hasPasskey })],
  };
}

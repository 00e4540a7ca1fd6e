import type { ModalView } from '@slack/types';
import { mention } from '../../src/texts/say.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, type Translator } from '../parts.js';
import { codeInput } from './inputs.js';

/** The window in which another approver lifts a lock, with a code of their own. */
export function liftModal(translator: Translator, user: string, hasPasskey = false): ModalView {
  const { say, plain } = translator;
  return {
    type: 'modal',
    callback_id: modals.lift.id,
    title: { type: 'plain_text', text: clip(plain('modal.lift.title'), SLACK_LIMITS.modalTitle) },
    submit: { type: 'plain_text', text: plain('modal.lift.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.lift.encode({ user }),
    blocks: [section(say('modal.lift.intro', { who: mention(user) })), codeInput(translator, { hasPasskey })],
  };
}

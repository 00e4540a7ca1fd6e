import type { ModalView } from '@slack/types';
import { mention } from '../../src/texts/say.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, type Translator } from '../parts.js';
import { codeInput } from './inputs.js';

/** The window in which another administrator approves that somebody enrols, with a code of their own. */
export function enrolmentModal(translator: Translator, user: string, hasPasskey = false): ModalView {
  const { say, plain } = translator;
  return {
    type: 'modal',
    callback_id: modals.enrolment.id,
    title: { type: 'plain_text', text: clip(plain('modal.enrolment.title'), SLACK_LIMITS.modalTitle) },
    submit: { type: 'plain_text', text: plain('modal.enrolment.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.enrolment.encode({ user }),
    blocks: [section(say('modal.enrolment.intro', { who: mention(user) })), codeInput(translator, { hasPasskey })],
  };
}

import type { ModalView } from '@slack/types';
import type { Decision } from '../../src/incidents/steps.js';
import { mention, moment } from '../../src/texts/say.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, type Translator } from '../parts.js';
import { codeInput } from './inputs.js';

/** The window in which somebody else signs that they looked over what was run by breaking the glass. */
export function reviewModal(translator: Translator, decision: Decision, hasPasskey = false): ModalView {
  const { say, plain } = translator;
  const { id, decided_by: first, decided_at: when, break_glass: why } = decision;
  return {
    type: 'modal',
    callback_id: modals.review.id,
    title: { type: 'plain_text', text: clip(plain('modal.review.title'), SLACK_LIMITS.modalTitle) },
    submit: { type: 'plain_text', text: plain('modal.review.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.review.encode({ decision: id }),
    blocks: [
      section(say('modal.review.intro', { who: mention(first), when: moment(when), why: why ?? '' })),
      codeInput(translator, { hasPasskey }),
    ],
  };
}

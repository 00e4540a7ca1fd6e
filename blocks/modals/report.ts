import type { ModalView } from '@slack/types';
import { modals } from '../interactions.js';
import { option, section, textInput, type Translator } from '../parts.js';

export const REPORT_INPUTS = { what: 'what', details: 'details' } as const;
export const REPORT_KINDS = ['password', 'sign_in', 'two_step', 'other'] as const;

/**
 * What the thread shows of a forwarded notice. It travels in the modal's metadata, which Slack limits to 3000
 * characters: this many fit, however JSON escapes them.
 */
const QUOTED_MAX = 480;

/** The modal behind `/notme` and the shortcuts: two taps are enough. `quoted` is the forwarded notice's text. */
export function reportModal(
  { say, plain }: Translator,
  origin: { surface: 'command' | 'shortcut' | 'message_shortcut' | 'home'; quoted: string | null },
): ModalView {
  const quoted = origin.quoted?.slice(0, QUOTED_MAX) ?? null;
  const options = REPORT_KINDS.map((kind) => option(plain(`modal.report.what.${kind}`), kind));
  const first = options[0] ?? option(plain('modal.report.what.other'), 'other');
  return {
    type: 'modal',
    callback_id: modals.report.id,
    title: { type: 'plain_text', text: plain('modal.report.title') },
    submit: { type: 'plain_text', text: plain('modal.report.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.report.encode({ surface: origin.surface, quoted }),
    blocks: [
      section(say('modal.report.intro')),
      ...(quoted === null ? [] : [section(say('modal.report.quoted', { quoted: quoted.replaceAll('\n', '\n>') }))]),
      {
        type: 'input',
        block_id: REPORT_INPUTS.what,
        label: { type: 'plain_text', text: plain('modal.report.what') },
        element: { type: 'radio_buttons', action_id: REPORT_INPUTS.what, options, initial_option: first },
      },
      textInput(REPORT_INPUTS.details, plain('modal.report.details'), {
        optional: true,
        multiline: true,
        hint: plain('modal.report.details.hint'),
        maxLength: 500,
      }),
    ],
  };
}

import type { ModalView } from '@slack/types';
import { Mrkdwn } from '../../src/texts/say.js';
import { section, type Translator } from '../parts.js';

/** What replaces a submitted window until the passkey page confirms it: its link. */
export function confirmModal({ say, plain }: Translator, link: string): ModalView {
  const opening = new Mrkdwn(`<${link}|${say('confirm.link')}>`).value;
  return {
    type: 'modal',
    title: { type: 'plain_text', text: plain('confirm.title') },
    close: { type: 'plain_text', text: plain('modal.ok') },
    blocks: [section(`${say('confirm.window')}\n\n*${opening}*`)],
  };
}

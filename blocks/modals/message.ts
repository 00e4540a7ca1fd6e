import type { ModalView } from '@slack/types';
import { section, type Translator } from '../parts.js';

/** A modal that only says something: why nothing was opened, or that a report has arrived. */
export function messageModal({ plain }: Translator, text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: plain('home.title') },
    close: { type: 'plain_text', text: plain('modal.ok') },
    blocks: [section(text)],
  };
}

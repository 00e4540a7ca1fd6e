import type { ModalView } from '@slack/types';
import type { Preview } from '../../src/approvals/preview.js';
import type { Result } from '../../src/platform/result.js';
import { sayPhrase } from '../../src/texts/phrase.js';
import type { Problem } from '../../src/texts/problem.js';
import type { Translator } from '../parts.js';
import { decideModal } from './decide.js';
import { messageModal } from './message.js';

/** What `/lockdown` shows once the accounts are looked up: the whole plan, or why there is none. */
export const lockdownModal = (translator: Translator, preview: Result<Preview, Problem>, reason: string): ModalView =>
  preview.ok
    ? decideModal(translator, preview.value, { reason })
    : messageModal(translator, sayPhrase(translator.say, preview.error.phrase));

import type { KnownBlock, ModalView } from '@slack/types';
import type { UndoPreview } from '../../src/approvals/undo-preview.js';
import { comesBackBlocks } from '../comes-back.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, type Translator } from '../parts.js';
import { mention, Mrkdwn } from '../../src/texts/say.js';
import { codeInput, earlyReturnInputs, quorumInputs, reasonInput } from './inputs.js';

/** The modal of an undo: the values that the step set, and those that replace them. */
export function undoModal(translator: Translator, preview: UndoPreview, { changed = false } = {}): ModalView {
  const { say, plain } = translator;
  const { person, step, account, systemTitle, changes, needsCode, leftOpen } = preview;
  const who = person.slack_user_id === null ? person.name : mention(person.slack_user_id);
  const action = new Mrkdwn(say(`action.${step.action}`));
  const lines = changes.map(({ name, now, then }) => say('modal.undo.line', { name, now, then })).join('\n');
  const blocks: KnownBlock[] = [
    ...(changed ? [section(say('modal.action.changed'))] : []),
    section(say('modal.undo.intro', { action, system: systemTitle, login: account.login ?? '', who })),
    section(say('modal.undo.changes', { lines: new Mrkdwn(lines) })),
    section(say('modal.undo.compare')),
    ...comesBackBlocks(translator, preview),
    ...earlyReturnInputs(translator, leftOpen),
    ...quorumInputs(translator, preview),
    reasonInput(translator),
    ...(needsCode ? [codeInput(translator, preview)] : []),
  ];
  return {
    type: 'modal',
    callback_id: modals.undo.id,
    title: { type: 'plain_text', text: clip(plain('modal.undo.title'), SLACK_LIMITS.modalTitle) },
    submit: {
      type: 'plain_text',
      text: plain(preview.why.length === 0 ? 'modal.undo.submit' : 'modal.countersign.submit'),
    },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.undo.encode({ step: step.id, plan: preview.digest, code: needsCode }),
    blocks,
  };
}

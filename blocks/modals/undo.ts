import type { KnownBlock, ModalView } from '@slack/types';
import type { UndoPreview } from '../../src/approvals/undo.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, type Voice } from '../parts.js';
import { mention, Mrkdwn } from '../texts/say.js';
import { codeInput, earlyReturnInputs, reasonInput } from './inputs.js';

/** The modal of an undo: what stands there because of the step, and what is put back in its place. */
export function undoModal(voice: Voice, preview: UndoPreview): ModalView {
  const { say, plain } = voice;
  const { person, step, systemTitle, changes, needsCode, leftOpen } = preview;
  const who = person.slack_user_id === null ? person.name : mention(person.slack_user_id);
  const action = new Mrkdwn(say(`action.${step.action}`));
  const lines = changes.map(({ name, now, then }) => say('modal.undo.line', { name, now, then })).join('\n');
  const blocks: KnownBlock[] = [
    section(say('modal.undo.intro', { action, system: systemTitle, who })),
    section(say('modal.undo.changes', { lines: new Mrkdwn(lines) })),
    section(say('modal.undo.compare')),
    ...earlyReturnInputs(voice, leftOpen),
    reasonInput(voice),
    ...(needsCode ? [codeInput(voice)] : []),
  ];
  return {
    type: 'modal',
    callback_id: modals.undo.id,
    title: { type: 'plain_text', text: clip(plain('modal.undo.title'), SLACK_LIMITS.modalTitle) },
    submit: { type: 'plain_text', text: plain('modal.undo.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.undo.encode({ step: step.id, code: needsCode }),
    blocks,
  };
}

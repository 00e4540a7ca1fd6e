import type { ModalView } from '@slack/types';
import type { CountersignPreview } from '../../src/approvals/countersign-preview.js';
import type { LinkLine } from '../../src/approvals/waiting-decisions.js';
import { mention, moment, Mrkdwn } from '../../src/texts/say.js';
import { sayCorrection } from '../corrected.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, sections, type Translator } from '../parts.js';
import { codeInput } from './inputs.js';

/** The window in which the second approver signs what the first one did, with a code of their own. */
export function countersignModal(translator: Translator, preview: CountersignPreview): ModalView {
  const { say, plain } = translator;
  const { waiting, shown, first, signedAt, reason, ranges, name, override, corrected } = preview;
  const intro = { who: mention(first), when: moment(signedAt), reason };
  return {
    type: 'modal',
    callback_id: modals.countersign.id,
    title: { type: 'plain_text', text: clip(plain('modal.countersign.title'), SLACK_LIMITS.modalTitle) },
    submit: { type: 'plain_text', text: plain('modal.countersign.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.countersign.encode({ waiting, plan: shown }),
    blocks: [
      section(say('modal.countersign.whom', { name })),
      section(say('modal.countersign.intro', intro)),
      ...(override === '' ? [] : [section(say('modal.countersign.override', { override }))]),
      ...corrected.map((one) => section(sayCorrection(say, one))),
      ...sections([say('modal.countersign.plan'), ...planLines(translator, preview)]),
      ...(ranges.length === 0 ? [] : [section(say('modal.countersign.ranges', { ranges: ranges.join(', ') }))]),
      codeInput(translator, preview),
    ],
  };
}

const linkLine = (say: Translator['say'], { system, before, after, holder }: LinkLine): string => {
  const login = (one: string): string | Mrkdwn => (one === '' ? new Mrkdwn(say('timeline.links.by_addresses')) : one);
  const values = { system, before: login(before), after: login(after) };
  return holder === null
    ? say('timeline.links.change', values)
    : say('timeline.links.change_of', { ...values, name: holder });
};

const planLines = ({ say }: Translator, { lines, isUndo }: CountersignPreview): readonly string[] =>
  lines.flatMap((line) => {
    if (!('action' in line)) return [linkLine(say, line)];
    const { system, login, action, items, titles } = line;
    const values = { system, login, action: new Mrkdwn(say(`action.${action}`)) };
    if (items === null) return [say(isUndo ? 'modal.countersign.undo_line' : 'modal.countersign.line', values)];
    const named = titles.map((title) => say('modal.countersign.item', { title }));
    return [say('modal.countersign.line_items', { ...values, count: items }), ...named];
  });

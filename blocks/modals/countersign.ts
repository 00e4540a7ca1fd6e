import type { ModalView } from '@slack/types';
import type { CountersignPreview } from '../../src/approvals/countersign-preview.js';
import type { LinkLine, PlanLine } from '../../src/approvals/waiting-decisions.js';
import { mention, moment, Mrkdwn } from '../../src/texts/say.js';
import { comesBackBlocks } from '../comes-back.js';
import { sayCorrection } from '../corrected.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, sections, type Translator } from '../parts.js';
import { codeInput, sayChoice } from './inputs.js';

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
      ...sections([
        say('modal.countersign.plan'),
        ...planLines(translator, preview),
        ...changeLines(translator, preview),
      ]),
      ...comesBackBlocks(translator, preview),
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

/** Slack takes a hundred blocks. The first window shows as many, and the digest covers them all. */
const MOST_NAMED = 25;
const LONGEST_NAME = 150;

const itemLines = (translator: Translator, { chosen }: PlanLine): readonly string[] => {
  const { say } = translator;
  const named = chosen.slice(0, MOST_NAMED).map(({ title, at, where }) =>
    say('modal.countersign.item', {
      title: clip(title, LONGEST_NAME),
      where: clip(sayChoice(translator, { at: at === null ? null : new Date(at), where }), LONGEST_NAME),
    }),
  );
  const rest = chosen.length - named.length;
  return rest === 0 ? named : [...named, say('modal.countersign.more', { count: rest })];
};

const planLines = (translator: Translator, { lines, isUndo }: CountersignPreview): readonly string[] =>
  lines.flatMap((line) => {
    const { say } = translator;
    if (!('action' in line)) return [linkLine(say, line)];
    const { system, login, action, items } = line;
    const what = new Mrkdwn(say(`action.${action}`));
    const values = { system, login, action: what };
    if (items === null) return [say(isUndo ? 'modal.countersign.undo_line' : 'modal.countersign.line', values)];
    const key = isUndo ? 'modal.countersign.undo_items' : 'modal.countersign.line_items';
    return [say(key, { ...values, count: items }), ...itemLines(translator, line)];
  });

/** The values that an undo restores. */
const changeLines = ({ say }: Translator, { changes }: CountersignPreview): readonly string[] =>
  changes.slice(0, MOST_NAMED).map(({ name, now, then }) =>
    say('modal.undo.line', {
      name: clip(name, LONGEST_NAME),
      now: clip(now, LONGEST_NAME),
      then: clip(then, LONGEST_NAME),
    }),
  );

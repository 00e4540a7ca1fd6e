import type { ModalView } from '@slack/types';
import type { CountersignPreview } from '../../src/approvals/countersign-preview.js';
import type { LinkLine } from '../../src/approvals/waiting-decisions.js';
import { sayPhrase } from '../../src/texts/phrase.js';
import { mention, moment, Mrkdwn } from '../../src/texts/say.js';
import { comesBackBlocks } from '../comes-back.js';
import { sayCorrection } from '../corrected.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { section, sections, type Translator } from '../parts.js';
import { codeInput } from './inputs.js';
import { itemLines, LONGEST_NAME, MOST_NAMED } from './items.js';

/** The window in which the second approver signs what the first one did, with a code of their own. */
export function countersignModal(translator: Translator, preview: CountersignPreview): ModalView {
  const { say, plain } = translator;
  const { waiting, shown, first, signedAt, reason, ranges, name, override, corrected, why } = preview;
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
      ...(why.length === 0
        ? []
        : [
            section(
              say('modal.countersign.why', { why: new Mrkdwn(why.map((one) => sayPhrase(say, one)).join(', ')) }),
            ),
          ]),
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

const planLines = (translator: Translator, { lines, isUndo, steps }: CountersignPreview): readonly string[] =>
  lines.flatMap((line, index) => {
    const { say, plain } = translator;
    if (!('action' in line)) return [linkLine(say, line)];
    const { system, login, action, items } = line;
    const how = steps[index];
    const after =
      how === undefined || how.after.length === 0 ? '' : plain('modal.action.after', { steps: how.after.join(', ') });
    const mark = how?.manual === true ? plain('modal.action.how.console') : '';
    const number = how === undefined ? '' : `${index + 1}. `;
    const what = new Mrkdwn(`${number}${say(`action.${action}`)}${mark}${after}`);
    const values = { system, login, action: what };
    if (items === null) return [say(isUndo ? 'modal.countersign.undo_line' : 'modal.countersign.line', values)];
    const key = isUndo ? 'modal.countersign.undo_items' : 'modal.countersign.line_items';
    return [say(key, { ...values, count: items }), ...itemLines(translator, line.chosen)];
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

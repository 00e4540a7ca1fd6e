import type { KnownBlock } from '@slack/types';
import type { Preview, RangesPreview } from '../../src/approvals/preview.js';
import { moment, Mrkdwn } from '../../src/texts/say.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { option, section, type Translator } from '../parts.js';
import { DECIDE_INPUTS } from './inputs.js';

/** Why a submitted window is shown again instead of run. */
export const sayChanged = ({ say }: Translator, { ranges }: Preview): string =>
  ranges === null || ranges.unfit.length === 0
    ? say('modal.action.changed')
    : say('modal.action.changed.ranges', { systems: ranges.unfit.join(', ') });

/** What an approver has to know before naming ranges: what is prepared, and who signs in from where. */
export function rangesBlocks({ say, plain }: Translator, { ranges, decision, person }: Preview): KnownBlock[] {
  if (ranges === null || (decision === 'lockdown' && ranges.entered.length === 0)) return [];
  const sets = ranges.prepared.map((one) =>
    say('modal.action.prepared_line', { ranges: one.ranges.join(', '), systems: one.systems.join(', ') }),
  );
  const seen = ranges.seen.map(({ who, ip, at, inside }) => {
    const fit = inside === null ? '' : plain(inside ? 'modal.action.seen.inside' : 'modal.action.seen.outside');
    const values = { ip, when: moment(at), fit: new Mrkdwn(fit) };
    return who === 'you'
      ? say('modal.action.seen.you', values)
      : say('modal.action.seen.person', { ...values, name: person.name });
  });
  return [
    ...(sets.length === 0 ? [] : [section(say('modal.action.prepared', { lines: new Mrkdwn(sets.join('\n')) }))]),
    ...(seen.length === 0 ? [] : [section(say('modal.action.seen', { lines: new Mrkdwn(seen.join('\n')) }))]),
  ];
}

/** The prepared sets to choose from; nothing where none is. */
export function preparedInput({ plain }: Translator, ranges: RangesPreview | null): KnownBlock[] {
  if (ranges === null || ranges.prepared.length === 0) return [];
  return [
    {
      type: 'input',
      block_id: DECIDE_INPUTS.prepared,
      optional: true,
      label: { type: 'plain_text', text: plain('modal.action.prepared.choose') },
      element: {
        type: 'static_select',
        action_id: DECIDE_INPUTS.prepared,
        placeholder: { type: 'plain_text', text: plain('modal.action.prepared.none') },
        options: ranges.prepared
          .slice(0, SLACK_LIMITS.options)
          .map((one) => option(clip(one.ranges.join(', '), SLACK_LIMITS.optionText), one.key)),
      },
    },
  ];
}

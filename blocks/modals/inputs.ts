import type { KnownBlock } from '@slack/types';
import type { Choice, SystemPreview } from '../../src/approvals/preview.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { option, section, textInput, type Translator } from '../parts.js';
import type { Signers } from '../../src/approvals/quorum.js';
import type { TaskKey } from '../../src/incidents/task-keys.js';
import { type Phrase, sayPhrase } from '../../src/texts/phrase.js';
import { Mrkdwn } from '../../src/texts/say.js';
import { quietPlain } from '../../src/platform/untrusted.js';

/** The ids of a decision's inputs: block id and action id are the same. */
export const DECIDE_INPUTS = {
  reason: 'reason',
  ranges: 'ranges',
  prepared: 'prepared',
  outside: 'outside_ok',
  code: 'code',
  override: 'override',
  break_glass: 'break_glass',
} as const;

export const reasonInput = ({ plain }: Translator, initial = ''): KnownBlock =>
  textInput(DECIDE_INPUTS.reason, plain('modal.action.reason'), {
    hint: plain('modal.action.reason.hint'),
    multiline: true,
    initial,
    maxLength: 500,
  });

/** With a passkey it may stay empty. */
export const codeInput = ({ plain }: Translator, { hasPasskey = false, isOptional = false } = {}): KnownBlock =>
  textInput(DECIDE_INPUTS.code, plain('modal.action.code'), {
    hint: hasPasskey ? `${plain('modal.action.code.hint')} ${plain('confirm.hint')}` : plain('modal.action.code.hint'),
    optional: isOptional || hasPasskey,
    maxLength: 24,
  });

/**
 * What should be ended before the person comes back, and the reason for not waiting; nothing when all of it is done.
 */
export function earlyReturnInputs({ say, plain }: Translator, open: readonly TaskKey[]): KnownBlock[] {
  if (open.length === 0) return [];
  const tasks = open.map((key) => say('recovery.task', { task: new Mrkdwn(say(`task.${key}`)) })).join('\n');
  return [
    section(say('modal.recovery', { tasks: new Mrkdwn(tasks) })),
    textInput(DECIDE_INPUTS.override, plain('modal.recovery.override'), {
      hint: plain('modal.recovery.override.hint'),
      multiline: true,
      optional: true,
      maxLength: 500,
    }),
  ];
}

/** The block id of the items chosen in one account. */
const ITEMS = 'items_';
export const itemsBlock = (accountRow: string): string => `${ITEMS}${accountRow}`;
export const accountOfBlock = (blockId: string): string | null =>
  blockId.startsWith(ITEMS) ? blockId.slice(ITEMS.length) : null;

/** When and where an item was added: Slack shows these as plain text, so the time is written out in UTC. */
/** When it was made, where and by whom. */
export function sayChoice({ plain }: Pick<Translator, 'plain'>, { at, where }: Pick<Choice, 'at' | 'where'>): string {
  const when = at === null ? plain('modal.action.no_time') : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [when, ...where.map(quietPlain)].join(', ');
}

/** The account's items to choose from; those flagged by the evidence are preselected. */
export function itemsInput({ plain }: Translator, { title, account, choices }: SystemPreview): KnownBlock {
  const options = choices.map((choice) => {
    const { value, title: name, odd } = choice;
    const shown = option(odd ? plain('modal.action.odd', { name }) : quietPlain(name), value);
    const text = clip(sayChoice({ plain }, choice), SLACK_LIMITS.optionText);
    return { ...shown, description: { type: 'plain_text' as const, text, emoji: true } };
  });
  const chosen = options.filter((_, index) => choices[index]?.odd === true);
  return {
    type: 'input',
    block_id: itemsBlock(account.id),
    optional: true,
    label: { type: 'plain_text', text: clip(plain('modal.action.choose', { system: title }), SLACK_LIMITS.inputLabel) },
    element: {
      type: 'multi_static_select',
      action_id: itemsBlock(account.id),
      options,
      ...(chosen.length === 0 ? {} : { initial_options: chosen }),
    },
  };
}

/** That it takes two approvers and why, and how one of them runs it in an emergency; nothing where one suffices. */
export function quorumInputs(
  { say, plain }: Translator,
  {
    why,
    waitHours,
    signers,
  }: {
    readonly why: readonly Phrase[];
    readonly waitHours: number;
    readonly signers: Signers | null;
  },
): KnownBlock[] {
  if (why.length === 0) return [];
  const reasons = new Mrkdwn(why.map((one) => sayPhrase(say, one)).join(', '));
  return [
    section(say('modal.quorum.first', { why: reasons, hours: String(waitHours) })),
    ...(signers?.second.length === 0 ? [section(say('modal.quorum.nobody'))] : []),
    ...(signers?.review.length === 0 ? [section(say('modal.quorum.no_review'))] : []),
    textInput(DECIDE_INPUTS.break_glass, plain('modal.break_glass'), {
      hint: plain('modal.break_glass.hint'),
      multiline: true,
      optional: true,
      maxLength: 500,
    }),
  ];
}

import type { KnownBlock, ModalView } from '@slack/types';
import type { Preview, StepPreview, SystemPreview } from '../../src/approvals/preview.js';
import { sayState } from '../account-state.js';
import { sayCorrection } from '../corrected.js';
import { comesBackBlocks } from '../comes-back.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { itemLines } from './items.js';
import { preparedInput, rangesBlocks, sayChanged } from './ranges.js';
import { codeInput, DECIDE_INPUTS, earlyReturnInputs, itemsInput, quorumInputs, reasonInput } from './inputs.js';
import { context, option, section, sections, textInput, type Translator } from '../parts.js';
import { sayPhrase } from '../../src/texts/phrase.js';
import { mention, Mrkdwn } from '../../src/texts/say.js';

/** A longer plan is drawn in short form, and what each action does is said once below it. */
const MOST_IN_FULL = 12;

/**
 * The modal of a decision: what will change in which system, who else is affected, what cannot be undone; a reason,
 * ranges where they are needed, and the approver's one-time code. `changed`: it replaces one that showed another plan.
 */
export function decideModal(
  translator: Translator,
  preview: Preview,
  { reason = '', changed = false }: { readonly reason?: string; readonly changed?: boolean } = {},
): ModalView {
  const { say, plain } = translator;
  const { incident, person, decision } = preview;
  const others = decision === 'block_address' ? 'modal.action.others.everybody' : 'modal.action.others.nobody';
  const who = person.slack_user_id === null ? person.name : mention(person.slack_user_id);
  const brief = preview.systems.flatMap(({ actions }) => actions).length > MOST_IN_FULL;
  const possible = preview.systems.some((system) => system.actions.length > 0);
  const blocks: KnownBlock[] = [
    ...(changed ? [section(sayChanged(translator, preview))] : []),
    section(say('modal.action.intro', { action: new Mrkdwn(say(`action.${decision}`)), who })),
    ...sections([
      say('modal.action.systems'),
      ...preview.systems.flatMap((system) => systemLines(translator, system, { decision, brief })),
    ]),
    ...rangesBlocks(translator, preview),
    ...preview.before.map((line) => section(sayPhrase(say, line))),
    ...correctedLines(translator, preview),
    ...unplannedLines(translator, preview),
    ...comesBackBlocks(translator, preview),
    ...(brief ? sections([say('modal.action.each'), ...eachLines(translator, preview)]) : []),
    context(say('modal.action.evidence')),
    section(say('modal.action.others', { others: new Mrkdwn(say(others, { name: person.name })) })),
    ...sections([say('modal.action.undo'), ...undoLines(translator, preview)]),
  ];
  const common = {
    type: 'modal' as const,
    callback_id: modals.decide.id,
    title: { type: 'plain_text' as const, text: clip(plain(`action.${decision}`), SLACK_LIMITS.modalTitle) },
    close: { type: 'plain_text' as const, text: plain('modal.cancel') },
    private_metadata: modals.decide.encode({
      incident: incident.id,
      action: decision,
      seen: preview.seen,
      plan: preview.digest,
      code: preview.needsCode,
    }),
  };
  if (!possible) return { ...common, blocks: [...blocks, context(say('modal.action.nothing'))] };
  return {
    ...common,
    submit: {
      type: 'plain_text',
      text: plain(preview.why.length === 0 ? 'modal.action.submit' : 'modal.countersign.submit'),
    },
    blocks: [...blocks, ...inputs(translator, preview, reason)],
  };
}

const TAKES_RANGES = new Set(['limit_login_ips', 'block_address', 'lockdown']);

function inputs(translator: Translator, preview: Preview, initialReason: string): KnownBlock[] {
  const { decision, needsCode } = preview;
  const optional = decision === 'lockdown';
  const ranges = TAKES_RANGES.has(decision) ? rangesInputs(translator, preview) : [];
  const items = preview.systems.flatMap((system) =>
    system.choices.length === 0 ? [] : [itemsInput(translator, system)],
  );
  const code = needsCode ? [codeInput(translator, preview)] : [];
  const reason = reasonInput(translator, initialReason);
  const two = quorumInputs(translator, preview);
  return optional
    ? [...two, reason, ...code, ...ranges]
    : [...items, ...ranges, ...earlyReturnInputs(translator, preview.leftOpen), ...two, reason, ...code];
}

function rangesInputs(translator: Translator, { decision, ranges }: Preview): KnownBlock[] {
  const { plain } = translator;
  const optional = decision === 'lockdown';
  const block = decision === 'block_address';
  const prepared = block ? [] : preparedInput(translator, ranges);
  const label = block ? 'modal.action.block' : optional ? 'modal.action.ranges.optional' : 'modal.action.ranges';
  const input = textInput(DECIDE_INPUTS.ranges, plain(label), {
    multiline: true,
    optional: optional || prepared.length > 0,
    initial: ranges?.entered.join('\n') ?? '',
    hint: plain('modal.action.ranges.hint'),
    maxLength: 3000,
  });
  const outside: KnownBlock = {
    type: 'input',
    block_id: DECIDE_INPUTS.outside,
    optional: true,
    label: { type: 'plain_text', text: plain('modal.action.outside') },
    element: {
      type: 'checkboxes',
      action_id: DECIDE_INPUTS.outside,
      options: [option(plain(block ? 'modal.action.block_ok' : 'modal.action.outside_ok'), 'yes')],
    },
  };
  return [...prepared, input, outside];
}

function systemLines(
  translator: Translator,
  { title, account, actions, nothing, choices }: SystemPreview,
  { decision, brief }: { decision: Preview['decision']; brief: boolean },
): string[] {
  const { say, plain } = translator;
  const system = title;
  const { login } = account;
  if (login === null)
    return [say('modal.action.system_problem', { system, problem: account.problem ?? plain('card.unknown') })];
  if (nothing === 'empty') return [say('modal.action.system_empty', { system, login })];
  if (nothing !== null) return [say('modal.action.system_unread', { system, login, why: nothing.unread })];
  if (actions.length === 0 && choices.length === 0) return [say('modal.action.system_none', { system, login })];
  const steps = actions.flatMap((planned) => {
    const optional = decision === 'lockdown' && planned.action === 'limit_login_ips';
    const after = planned.after.length === 0 ? '' : plain('modal.action.after', { steps: planned.after.join(', ') });
    const { number, besides } = planned;
    const action = new Mrkdwn(say(`action.${planned.action}`));
    const warned = besides === null ? [] : [say('modal.action.besides', { besides })];
    const more = [...warned, ...itemLines(translator, planned.named)];
    if (brief) {
      const how = new Mrkdwn(sayHow(translator, planned, optional) + sayDoubt(translator, planned));
      return [say('modal.action.brief', { number, action, how, after }), ...more];
    }
    const does = new Mrkdwn(sayPlanned(translator, planned) + sayDoubt(translator, planned));
    const whole = optional ? new Mrkdwn(say('modal.action.if_ranges', { does })) : does;
    return [say('modal.action.step', { number, action, does: whole, after }), ...more];
  });
  return [
    say('modal.action.system', { system, login, state: new Mrkdwn(sayState(say, account.state, account.quarantined)) }),
    ...steps,
  ];
}

/** Minutes as people say them. */
const sayWithin = ({ plain }: Translator, minutes: number): string =>
  minutes < 120
    ? plain('modal.action.minutes', { count: minutes })
    : plain('modal.action.hours', { count: Math.round(minutes / 60) });

function sayPlanned(
  translator: Translator,
  { action, route, minutes, items, preparedOnly, unfit }: StepPreview,
): string {
  const { say } = translator;
  if (unfit) return say('modal.action.console_ranges');
  const what = preparedOnly ? say('modal.action.prepared_only') : say(`action.${action}.does`);
  const does = new Mrkdwn(items === null ? what : `${what} ${say('modal.action.items', { count: items })}`);
  if (route === 'group' && minutes > 0)
    return say('modal.action.group', { does, within: sayWithin(translator, minutes) });
  if (route === 'effect_of_reset') return say('modal.action.effect');
  return route === 'console' ? say('modal.action.console') : does.value;
}

/** What is known beforehand to stop a step, or may. */
const sayDoubt = ({ say }: Translator, { doubt }: StepPreview): string => {
  if (doubt === null) return '';
  return doubt.kind === 'protected'
    ? say('modal.action.doubt.protected', { why: doubt.why.replace(/\.$/, '') })
    : say(`modal.action.doubt.${doubt.kind}`);
};

/** The same in short. */
function sayHow(translator: Translator, { route, minutes, items }: StepPreview, optional: boolean): string {
  const { plain } = translator;
  if (route === 'console') return plain(optional ? 'modal.action.how.console_ranges' : 'modal.action.how.console');
  if (route === 'effect_of_reset') return plain('modal.action.how.effect');
  const parts = [
    ...(items === null ? [] : [String(items)]),
    ...(optional ? [plain('modal.action.how.ranges')] : []),
    ...(minutes > 0 ? [plain('modal.action.how.within', { within: sayWithin(translator, minutes) })] : []),
  ];
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/** What is still being read, by name: it is no part of this decision. */
const unplannedLines = ({ say }: Translator, { unplanned }: Preview): readonly KnownBlock[] =>
  unplanned.length === 0
    ? []
    : sections([say('modal.action.unplanned'), ...unplanned.map((line) => sayPhrase(say, line))]);

/** Which of these accounts somebody named by hand: the plan acts on what they said. */
const correctedLines = ({ say }: Translator, { systems, corrected }: Preview): readonly KnownBlock[] =>
  corrected.map((correction) =>
    section(
      sayCorrection(say, {
        system: systems.find(({ system }) => system === correction.system)?.title ?? correction.system,
        correction,
      }),
    ),
  );

/** What each action of the plan does, once. */
function eachLines({ say }: Translator, { systems }: Preview): readonly string[] {
  const kinds = [...new Set(systems.flatMap(({ actions }) => actions.map(({ action }) => action)))];
  return kinds.map((kind) =>
    say('modal.action.each_line', {
      action: new Mrkdwn(say(`action.${kind}`)),
      does: new Mrkdwn(say(`action.${kind}.does`)),
    }),
  );
}

function undoLines({ say }: Translator, preview: Preview): readonly string[] {
  const kinds = [...new Set(preview.systems.flatMap((system) => system.actions.map(({ action }) => action)))];
  return kinds.map((kind) =>
    say('modal.action.undo_line', {
      action: new Mrkdwn(say(`action.${kind}`)),
      undo: new Mrkdwn(say(`undo.${kind}`)),
    }),
  );
}

import type { KnownBlock, ModalView } from '@slack/types';
import type { Preview, SystemPreview } from '../../src/approvals/preview.js';
import { sayState } from '../account-state.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { context, option, section, textInput, type Voice } from '../parts.js';
import { mention, Mrkdwn } from '../texts/say.js';

/** The ids of the inputs: block id and action id are the same. */
export const DECIDE_INPUTS = { reason: 'reason', ranges: 'ranges', outside: 'outside_ok', code: 'code' } as const;

/**
 * The modal of a decision: what will change in which system, who else is hit, what cannot be undone; a reason, ranges
 * where they are needed, and the approver's one-time code.
 */
export function decideModal(voice: Voice, preview: Preview, initialReason = ''): ModalView {
  const { say, plain } = voice;
  const { incident, person, decision } = preview;
  const who = person.slack_user_id === null ? person.name : mention(person.slack_user_id);
  const possible = preview.systems.some((system) => system.actions.length > 0);
  const blocks: KnownBlock[] = [
    section(say('modal.action.intro', { action: new Mrkdwn(say(`action.${decision}`)), who })),
    section(
      say('modal.action.systems', {
        lines: new Mrkdwn(preview.systems.flatMap((system) => systemLines(voice, system, decision)).join('\n')),
      }),
    ),
    section(
      say('modal.action.others', { others: new Mrkdwn(say('modal.action.others.nobody', { name: person.name })) }),
    ),
    section(say('modal.action.undo', { undo: new Mrkdwn(undoLines(voice, preview)) })),
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
      code: preview.needsCode,
    }),
  };
  if (!possible) return { ...common, blocks: [...blocks, context(say('modal.action.nothing'))] };
  return {
    ...common,
    submit: { type: 'plain_text', text: plain('modal.action.submit') },
    blocks: [...blocks, ...inputs(voice, preview, initialReason)],
  };
}

function inputs({ plain }: Voice, { decision, needsCode }: Preview, initialReason: string): KnownBlock[] {
  const takesRanges = decision === 'limit_login_ips' || decision === 'lockdown';
  const optional = decision === 'lockdown';
  const ranges: KnownBlock[] = takesRanges
    ? [
        textInput(DECIDE_INPUTS.ranges, plain(optional ? 'modal.action.ranges.optional' : 'modal.action.ranges'), {
          multiline: true,
          optional,
          hint: plain('modal.action.ranges.hint'),
          maxLength: 3000,
        }),
        {
          type: 'input',
          block_id: DECIDE_INPUTS.outside,
          optional: true,
          label: { type: 'plain_text', text: plain('modal.action.outside') },
          element: {
            type: 'checkboxes',
            action_id: DECIDE_INPUTS.outside,
            options: [option(plain('modal.action.outside_ok'), 'yes')],
          },
        },
      ]
    : [];
  const code: KnownBlock[] = needsCode
    ? [
        textInput(DECIDE_INPUTS.code, plain('modal.action.code'), {
          hint: plain('modal.action.code.hint'),
          maxLength: 12,
        }),
      ]
    : [];
  const reason = textInput(DECIDE_INPUTS.reason, plain('modal.action.reason'), {
    hint: plain('modal.action.reason.hint'),
    multiline: true,
    initial: initialReason,
    maxLength: 500,
  });
  return optional ? [reason, ...code, ...ranges] : [...ranges, reason, ...code];
}

function systemLines(
  voice: Voice,
  { title, account, actions }: SystemPreview,
  decision: Preview['decision'],
): string[] {
  const { say, plain } = voice;
  const system = title;
  const { login } = account;
  if (login === null)
    return [say('modal.action.system_problem', { system, problem: account.problem ?? plain('card.unknown') })];
  if (actions.length === 0) return [say('modal.action.system_none', { system, login })];
  const steps = actions.map((planned, index) => {
    const optional = decision === 'lockdown' && planned.action === 'limit_login_ips';
    const does = new Mrkdwn(sayPlanned(voice, planned));
    return say('modal.action.step', {
      number: index + 1,
      action: new Mrkdwn(say(`action.${planned.action}`)),
      does: optional ? new Mrkdwn(say('modal.action.if_ranges', { does })) : does,
    });
  });
  return [say('modal.action.system', { system, login, state: new Mrkdwn(sayState(say, account.state)) }), ...steps];
}

function sayPlanned({ say }: Voice, { action, route, minutes }: SystemPreview['actions'][number]): string {
  const does = new Mrkdwn(say(`action.${action}.does`));
  if (route === 'group') return say('modal.action.group', { does, minutes });
  if (route === 'effect_of_reset') return say('modal.action.effect');
  return route === 'console' ? say('modal.action.console') : does.value;
}

function undoLines({ say }: Voice, preview: Preview): string {
  const kinds = [...new Set(preview.systems.flatMap((system) => system.actions.map(({ action }) => action)))];
  return kinds
    .map((kind) =>
      say('modal.action.undo_line', {
        action: new Mrkdwn(say(`action.${kind}`)),
        undo: new Mrkdwn(say(`undo.${kind}`)),
      }),
    )
    .join('\n');
}

import type { KnownBlock, ModalView } from '@slack/types';
import type { IncidentOutcome } from '../../src/incidents/incident.js';
import type { Step } from '../../src/incidents/steps.js';
import { modals } from '../interactions.js';
import { option, section, textInput, type Translator } from '../parts.js';
import type { StillOpen } from '../../src/approvals/still-open.js';
import { waitingKind } from '../../src/incidents/waiting-decisions.js';
import { openSteps, securedAs } from '../../src/incidents/step-standing.js';
import { mention, Mrkdwn } from '../../src/texts/say.js';

export const CLOSE_INPUTS = { outcome: 'outcome', reason: 'reason' } as const;

export interface ClosePreview {
  readonly incident: string;
  readonly outcomes: readonly IncidentOutcome[];
  readonly left: StillOpen;
  readonly systemTitle: (system: string) => string;
}

/** The modal that closes an incident: what is still open in it, its outcome, and what was found. */
export function closeModal(translator: Translator, preview: ClosePreview): ModalView {
  const { plain } = translator;
  const { incident, outcomes } = preview;
  const label = (outcome: IncidentOutcome): string => plain(`outcome.${outcome}`);
  return {
    type: 'modal',
    callback_id: modals.close.id,
    title: { type: 'plain_text', text: plain('modal.close.title') },
    submit: { type: 'plain_text', text: plain('modal.close.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.close.encode({ incident }),
    blocks: [
      ...stillOpen(translator, preview),
      {
        type: 'input',
        block_id: CLOSE_INPUTS.outcome,
        label: { type: 'plain_text', text: plain('modal.close.outcome') },
        element: {
          type: 'radio_buttons',
          action_id: CLOSE_INPUTS.outcome,
          options: outcomes.map((outcome) => option(label(outcome), outcome)),
        },
      },
      textInput(CLOSE_INPUTS.reason, plain('modal.close.reason'), { multiline: true, maxLength: 500 }),
    ],
  };
}

/** This many steps of a kind are named; the rest is counted. */
const MOST_NAMED = 6;

function stillOpen({ say }: Translator, { left, systemTitle }: ClosePreview): KnownBlock[] {
  const { remaining, off, waiting, unreviewed } = left;
  const name = (step: Step): string =>
    say('modal.close.open.step', {
      system: systemTitle(step.system),
      action: new Mrkdwn(say(`action.${step.action}`)),
    });
  const which = (steps: readonly Step[]): Mrkdwn => {
    const named = steps.slice(0, MOST_NAMED).map(name).join(', ');
    const count = steps.length - MOST_NAMED;
    return new Mrkdwn(count > 0 ? say('modal.close.open.more', { steps: new Mrkdwn(named), count }) : named);
  };
  const { tasks } = remaining;
  const lines = [
    ...openSteps(remaining).map(([kind, steps]) =>
      say(`modal.close.open.${kind}`, { count: steps.length, which: which(steps) }),
    ),
    ...(tasks.length === 0 ? [] : [say('modal.close.open.tasks', { count: tasks.length })]),
    ...waiting.map((row) =>
      say('modal.close.open.waiting', {
        what: new Mrkdwn(say(`action.${waitingKind(row)}`)),
        who: mention(row.signed_by),
      }),
    ),
    ...unreviewed.map((one) => say('modal.close.open.review', { who: mention(one.decided_by) })),
  ];
  const shut = off.map(systemTitle).join(', ');
  return [
    ...(off.length === 0 ? [] : [section(say('modal.close.off', { systems: shut }))]),
    ...(securedAs(remaining) === 'nothing' ? [section(say('modal.close.nothing'))] : []),
    ...(lines.length === 0 ? [] : [section(say('modal.close.open', { lines: new Mrkdwn(lines.join('\n')) }))]),
  ];
}

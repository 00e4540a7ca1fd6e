import type { ModalView } from '@slack/types';
import type { IncidentOutcome } from '../../src/incidents/incident.js';
import { modals } from '../interactions.js';
import { option, textInput, type Voice } from '../parts.js';

export const CLOSE_INPUTS = { outcome: 'outcome', reason: 'reason' } as const;

/** The modal that closes an incident: what it was, and what was found. */
export function closeModal({ plain }: Voice, incident: string, outcomes: readonly IncidentOutcome[]): ModalView {
  const label = (outcome: IncidentOutcome): string => plain(`outcome.${outcome}`);
  return {
    type: 'modal',
    callback_id: modals.close.id,
    title: { type: 'plain_text', text: plain('modal.close.title') },
    submit: { type: 'plain_text', text: plain('modal.close.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.close.encode({ incident }),
    blocks: [
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

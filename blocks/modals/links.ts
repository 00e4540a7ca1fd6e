import type { KnownBlock, ModalView } from '@slack/types';
import type { LinkPreview } from '../../src/approvals/linked-accounts.js';
import { modals } from '../interactions.js';
import { clip, SLACK_LIMITS } from '../limits.js';
import { codeInput } from './inputs.js';
import { sayCorrection } from '../corrected.js';
import { context, option, section, textInput, type Translator } from '../parts.js';

const LOGIN = 'login_';

/** The block id of a system's input. */
const loginBlock = (system: string): string => `${LOGIN}${system}`;
export const systemOfBlock = (blockId: string): string | null =>
  blockId.startsWith(LOGIN) ? blockId.slice(LOGIN.length) : null;

/** The tick by which somebody else confirms what was corrected. */
export const CONFIRMS = 'confirms';

function confirmInput({ plain }: Translator, { systems }: LinkPreview): KnownBlock[] {
  if (systems.every(({ corrected }) => corrected === null || corrected.confirmedBy !== null)) return [];
  return [
    {
      type: 'input',
      block_id: CONFIRMS,
      optional: true,
      label: { type: 'plain_text', text: plain('modal.links.confirm') },
      element: { type: 'checkboxes', action_id: CONFIRMS, options: [option(plain('modal.links.confirm_ok'), 'yes')] },
    },
  ];
}

/** Which account is this person's in each system: as found, or as an approver says. */
export function linksModal(translator: Translator, incident: string, preview: LinkPreview): ModalView {
  const { say, plain } = translator;
  const inputs = preview.systems.flatMap(({ system, title, login, problem, corrected }): KnownBlock[] => [
    textInput(loginBlock(system), title, {
      optional: true,
      maxLength: 256,
      ...(login === null ? {} : { initial: login }),
    }),
    ...(problem === null ? [] : [context(say('modal.links.problem', { problem }))]),
    ...(corrected === null ? [] : [context(sayCorrection(say, { system: title, correction: corrected }))]),
  ]);
  return {
    type: 'modal',
    callback_id: modals.links.id,
    title: { type: 'plain_text', text: clip(plain('modal.links.title'), SLACK_LIMITS.modalTitle) },
    submit: { type: 'plain_text', text: plain('modal.links.submit') },
    close: { type: 'plain_text', text: plain('modal.cancel') },
    private_metadata: modals.links.encode({ incident, seen: preview.seen }),
    blocks: [
      section(say('modal.links.intro', { name: preview.name })),
      ...inputs,
      ...confirmInput(translator, preview),
      // Without a code only what one approver may correct alone.
      codeInput(translator, { hasPasskey: preview.hasPasskey, isOptional: !preview.needsCode }),
    ],
  };
}

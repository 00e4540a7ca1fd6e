import type { KnownBlock } from '@slack/types';
import type { ComesBack } from '../src/approvals/comes-back.js';
import { Mrkdwn } from '../src/texts/say.js';
import { sections, type Translator } from './parts.js';

/** Slack takes a hundred blocks; what is said of each account is cut where somebody left very much. */
const MOST_COMING_BACK = 12;

/** What comes back with an account, in the window that lets somebody in again. */
export function comesBackBlocks(
  { say, plain }: Translator,
  { comesBack }: { readonly comesBack: readonly ComesBack[] },
): KnownBlock[] {
  if (comesBack.length === 0) return [];
  const lines = comesBack.flatMap(({ title, login, what, endBy }) => [
    say('residual.account', { system: title, login: login ?? plain('account.not_known') }),
    ...what.slice(0, MOST_COMING_BACK).map((one) => say('residual.unknown', { what: one })),
    ...(what.length > MOST_COMING_BACK
      ? [say('modal.action.comes_back.more', { count: what.length - MOST_COMING_BACK })]
      : []),
    ...(endBy.length === 0
      ? []
      : [
          say('modal.action.comes_back.end', {
            actions: new Mrkdwn(endBy.map((action) => `*${say(`action.${action}`)}*`).join(', ')),
          }),
        ]),
  ]);
  return sections([say('modal.action.comes_back'), ...lines]);
}

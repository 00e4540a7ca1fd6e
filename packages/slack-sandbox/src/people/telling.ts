import type { Core } from '../core.js';
import type { Outcome } from '../delivery/outcome.js';
import { Refusal } from './refusal.js';

/** Slack's word for an interaction that was not acked. */
const errorWord = (outcome: Outcome & { acked: false }): string =>
  outcome.reason === 'timeout' || outcome.reason === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed';

/**
 * Tells the person that the app did not answer: in the list of failures and as a refusal.
 * `sentence` gets Slack's error word.
 */
export function unanswered(
  core: Core,
  userId: string,
  what: string,
  told: { outcome: Outcome & { acked: false }; sentence: (word: string) => string },
): Refusal {
  const word = errorWord(told.outcome);
  const message = told.sentence(word);
  core.workspace.fail(userId, what, message);
  return new Refusal(word, message, 504);
}

/** Slack's sentence when a button, menu or shortcut got no ack in time. */
export const tooSlow =
  (what: string) =>
  (word: string): string =>
    `${what} failed with the error "${word}": the app did not answer within 3 seconds.`;

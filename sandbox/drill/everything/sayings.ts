import type { SeenMessage } from '../player.js';

/** The words with which the thread tells how a step stands, and what each of them claims. */
const WORDS = {
  'verified at': 'verified',
  'accepted at': 'accepted',
  'needs a human': 'needs_human',
  'has not worked yet': 'retrying',
  'is a manual step': 'console',
  'no longer holds': 'undone',
} as const;
export type Word = (typeof WORDS)[keyof typeof WORDS];

/** One sentence of the thread about one step of one system. */
export interface Saying {
  /** The names that people read, e.g. `Okta` and `Revoke sessions`. */
  readonly system: string;
  readonly action: string;
  readonly word: Word;
  /** Whether it names the moment by which the change holds everywhere. */
  readonly effectiveBy: boolean;
  /** When it was posted, ms since 1970. */
  readonly at: number;
  readonly text: string;
  readonly message: SeenMessage;
}

const isKnown = (phrase: string): phrase is keyof typeof WORDS => Object.hasOwn(WORDS, phrase);
const LINE = new RegExp(`\\*([^*:]+): ([^*]+)\\* (${Object.keys(WORDS).join('|')})`);

/** Reads what the thread says as a person would: from the texts alone, oldest first. */
export function sayingsOf(messages: readonly SeenMessage[]): readonly Saying[] {
  return messages.flatMap((message): Saying[] => {
    const { text } = message;
    const [, system, action, phrase] = LINE.exec(text) ?? [];
    if (system === undefined || action === undefined || phrase === undefined || !isKnown(phrase)) return [];
    const effectiveBy = text.includes('effective by');
    return [{ system, action, word: WORDS[phrase], effectiveBy, at: Number(message.ts) * 1000, text, message }];
  });
}

/** The last word about a step; `undefined` when the thread says nothing of it. */
export const lastOf = (sayings: readonly Saying[], step: Pick<Saying, 'system' | 'action'>): Saying | undefined =>
  sayings.findLast(({ system, action }) => system === step.system && action === step.action);

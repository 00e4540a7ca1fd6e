import { clip } from '../limits.js';
import type { Translator } from '../parts.js';
import { sayChoice } from './inputs.js';

/** Slack takes a hundred blocks. The first window shows as many, and the digest covers them all. */
export const MOST_NAMED = 25;
export const LONGEST_NAME = 150;

/** The items that a step is about, each with when, where and by whom: what an approver answers for. */
export function itemLines(
  translator: Translator,
  items: readonly { readonly title: string; readonly at: string | null; readonly where: readonly string[] }[],
): readonly string[] {
  const { say } = translator;
  const named = items.slice(0, MOST_NAMED).map(({ title, at, where }) =>
    say('modal.countersign.item', {
      title: clip(title, LONGEST_NAME),
      where: clip(sayChoice(translator, { at: at === null ? null : new Date(at), where }), LONGEST_NAME),
    }),
  );
  const rest = items.length - named.length;
  return rest === 0 ? named : [...named, say('modal.countersign.more', { count: rest })];
}

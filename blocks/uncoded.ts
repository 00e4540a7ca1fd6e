import type { CodedKind } from '../src/ports/decision-kinds.js';
import { Mrkdwn, type Say } from '../src/texts/say.js';

/** Which decisions need no one-time code, by their plain names; `null` when every one needs it. */
export function sayUncoded(say: Say, uncoded: readonly CodedKind[]): string | null {
  if (uncoded.length === 0) return null;
  return say('code.uncoded', { decisions: new Mrkdwn(uncoded.map((kind) => say(`action.${kind}`)).join(', ')) });
}

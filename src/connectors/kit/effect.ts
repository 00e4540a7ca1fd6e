import { ok } from '../../platform/result.js';
import { doesNotHold, holds, inPlace, type Answer, type Reading, type Target, type Verdict } from './action.js';
import { mapped } from './answers.js';

/**
 * What gives a membership or a list its meaning: a policy somewhere else. `acts`: it was read, is in force, and reaches
 * this account. `idle`: everything that could do it was read, and nothing does. `unseen`: it could not be read, or not
 * all of it.
 */
export interface Effect {
  readonly is: 'acts' | 'idle' | 'unseen';
  /** Continues the sentence of the membership: `the enabled policy "Quarantine" blocks every sign-in`. */
  readonly words: string;
}

export const acts = (words: string): Effect => ({ is: 'acts', words });
export const idle = (words: string): Effect => ({ is: 'idle', words });
export const unseen = (words: string): Effect => ({ is: 'unseen', words });

/** How the effect on one account is read; `About` is what else it depends on, e.g. the ranges. */
export type EffectOf<R extends Reading, About = unknown> = (
  target: Target,
  reading: R,
  about: About,
) => Effect | Answer<Effect>;

const VERDICTS = { acts: holds, idle: doesNotHold, unseen: inPlace } as const;

/** What was read of a membership, and what was read of its effect, in one sentence; only both together hold. */
export function withEffect(read: Verdict, effect: Effect | Answer<Effect>): Answer<Verdict> {
  const both = ({ is, words }: Effect): Verdict => VERDICTS[is](`${read.observed.replace(/\.$/, '')}; ${words}.`);
  return mapped('is' in effect ? ok(effect) : effect, both);
}

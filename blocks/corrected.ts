import type { Correction } from '../src/incidents/links.js';
import { mention, moment, type Say } from '../src/texts/say.js';

/** That an account was named by hand, by whom, and how long that counts: a warning wherever something is decided on it. */
export function sayCorrection(
  say: Say,
  { system, correction }: { readonly system: string; readonly correction: Correction },
): string {
  const { by, at, confirmedBy } = correction;
  const values = { system, who: mention(by), when: moment(at) };
  return confirmedBy === null
    ? say('links.corrected', values)
    : say('links.corrected_by_two', { ...values, second: mention(confirmedBy) });
}

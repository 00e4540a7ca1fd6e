import { LATE_MS } from '../../world/systems/conditions.js';
import type { Saying } from './sayings.js';

const TOLD = /Trying again at <!date\^(\d+)\^/;
/** The told moments are whole seconds. */
const SECOND_MS = 1000;

const claims = ({ word, effectiveBy }: Saying): boolean => word === 'verified' || (word === 'accepted' && effectiveBy);
const name = ({ system, action }: Saying): string => `${system}: ${action}`;

/** A system that throttles says how long to wait: the thread must tell that, and nothing may have worked before. */
export function brokenWaits(sayings: readonly Saying[]): readonly string[] {
  const waits = sayings.filter(({ word, text }) => word === 'retrying' && text.includes('throttling'));
  if (waits.length === 0) return ['no step was told to wait, so the throttling was not tried'];
  return waits.flatMap((wait) => {
    const until = Number(TOLD.exec(wait.text)?.[1]) * SECOND_MS;
    const done = sayings.find((one) => one.action === wait.action && one.at > wait.at && claims(one));
    if (Number.isNaN(until)) return [`${name(wait)} has to wait, and the thread does not say until when`];
    if (done === undefined) return [`${name(wait)} had to wait and never came to an end`];
    return done.at < until - SECOND_MS ? [`${name(wait)} was done before the told wait was over`] : [];
  });
}

/** What a late system shows is old: before that time has passed since the decision, nothing can have been proven. */
export function earlyClaims(sayings: readonly Saying[], decidedAt: Date): readonly string[] {
  const early = sayings.filter((one) => claims(one) && one.at < decidedAt.getTime() + LATE_MS);
  return early.map((one) => `${name(one)} is ${one.word} in the thread before the system could show it`);
}

/** That a step has not worked, or that somebody is needed for it. */
export const tellsTrouble = ({ word }: Saying): boolean => word === 'retrying' || word === 'needs_human';

/** A system that does not answer: the thread must say so, and claim nothing. */
export function unsaidOutage(sayings: readonly Saying[]): readonly string[] {
  const told = sayings.some(tellsTrouble);
  const claimed = sayings
    .filter(claims)
    .map((one) => `${name(one)} is ${one.word} in the thread while the system is down`);
  return told ? claimed : ['the thread does not say that the system is down', ...claimed];
}

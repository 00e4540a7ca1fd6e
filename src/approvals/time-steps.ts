import { timingSafeEqual } from 'node:crypto';
import { generateSync } from 'otplib';

export const STEP_SECONDS = 30;
/** How far a phone's clock may be off before nothing is said of it. */
const HINT_STEPS = 20;

export const stepAt = (moment: Date): number => Math.floor(moment.getTime() / 1000 / STEP_SECONDS);

const same = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The steps of a stretch that this code belongs to; two neighbours may have the same one (RFC 6238 does not exclude it). */
function among(seed: string, code: string, steps: readonly number[]): readonly number[] {
  return steps.filter((step) => same(generateSync({ secret: seed, epoch: step * STEP_SECONDS }), code));
}

/** The steps that a code may count for now: the present one before the one before and the one after it. */
export function matchingSteps(seed: string, code: string, now: Date): readonly number[] {
  const present = stepAt(now);
  return among(seed, code, [present, present - 1, present + 1]);
}

/**
 * How many seconds the clock that made a wrong code is off, at most ten minutes to each side; `null` when it belongs to
 * none of these steps.
 *
 * Whoever typed it may only be told of a clock that is slow. That a code is of the future would tell an attacker who
 * guesses that waiting makes it right: twenty codes more to find with each guess. One of the past is spent time.
 */
export function clockOff(seed: string, code: string, now: Date): number | null {
  const present = stepAt(now);
  const around = Array.from({ length: 2 * HINT_STEPS + 1 }, (_, index) => present - HINT_STEPS + index);
  const nearest = among(seed, code, around).toSorted((a, b) => Math.abs(a - present) - Math.abs(b - present))[0];
  return nearest === undefined ? null : (nearest - present) * STEP_SECONDS;
}

/** After this many wrong codes in a row comes a lock, and after as many again the next. */
export const TRIES = 5;
/** NIST SP 800-63B, 5.2.2: no more than 100 consecutive failed attempts on a single account. */
export const MOST_FAILURES = 100;

const FIRST_LOCK_MS = 15 * 60_000;
const LONGEST_LOCK_MS = 24 * 60 * 60_000;

/** `until`: no code is looked at before. `ended`: none is ever again, until the person is enrolled anew. */
export type Lock = { readonly until: Date } | 'ended' | null;

/** What follows the last of so many wrong codes in a row: locks of 15 minutes, 30, 60 … at most a day, then the end. */
export function lockAfter(failed: number, now: Date): Lock {
  if (failed >= MOST_FAILURES) return 'ended';
  if (failed === 0 || failed % TRIES !== 0) return null;
  const doubled = FIRST_LOCK_MS * 2 ** (failed / TRIES - 1);
  return { until: new Date(now.getTime() + Math.min(doubled, LONGEST_LOCK_MS)) };
}

/** What stands in the way now; a lock that has run out, or was lifted, does not. The count goes on all the same. */
export function lockNow({ failed, lockedUntil }: { failed: number; lockedUntil: Date | null }, now: Date): Lock {
  if (failed >= MOST_FAILURES) return 'ended';
  return lockedUntil !== null && lockedUntil > now ? { until: lockedUntil } : null;
}

/** How many more wrong ones until the next lock. */
export const triesLeft = (failed: number): number => TRIES - (failed % TRIES);

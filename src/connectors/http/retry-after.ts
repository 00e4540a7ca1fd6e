/** A longer wait than this is not followed to the letter: the step is tried again and told to wait again. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;

const DIGITS = /^\d{1,15}$/;

const bounded = (milliseconds: number): number => Math.min(Math.max(Math.ceil(milliseconds), 0), LONGEST_WAIT_MS);

/** `Retry-After` of RFC 9110: whole seconds, or an HTTP date. Milliseconds to wait, `null` when absent or unreadable. */
export function fromRetryAfter(value: string | null, now: Date): number | null {
  const text = value?.trim() ?? '';
  if (DIGITS.test(text)) return bounded(Number(text) * 1000);
  // An HTTP date ends in GMT; `Date.parse` alone would accept "1" or "12.5" as a date.
  const at = text.endsWith('GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : bounded(at - now.getTime());
}

/**
 * A header with the instant, in seconds since 1970, from which calls are accepted again (Okta's `X-Rate-Limit-Reset`).
 */
export function fromEpochSeconds(value: string | null, now: Date): number | null {
  const text = value?.trim() ?? '';
  return DIGITS.test(text) ? bounded(Number(text) * 1000 - now.getTime()) : null;
}

/** A header with the milliseconds to wait (Mimecast's `X-RateLimit-Reset`). */
export function fromMilliseconds(value: string | null): number | null {
  const text = value?.trim() ?? '';
  return DIGITS.test(text) ? bounded(Number(text)) : null;
}

import type { Runtime } from '../src/runtime.js';

const MAX_BACKOFF_MS = 60_000;

/** Exponential back-off with full jitter above half: 0.5 to 1 times 2^(attempt-1) seconds, at most a minute. */
export function backoffMs(attempt: number, runtime: Runtime): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, 1000 * 2 ** Math.min(attempt - 1, 10));
  const share = runtime.randomBytes(2).readUInt16BE(0) / 0xffff;
  return Math.round(ceiling * (0.5 + share / 2));
}

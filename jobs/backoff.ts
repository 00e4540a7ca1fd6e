import type { Runtime } from '../src/platform/runtime.js';

const MAX_BACKOFF_MS = 60_000;

/** Exponential back-off with jitter: 0.5 to 1 times 2^(attempt-1) of the first pause (1 s), at most a minute. */
export function backoffMs(
  attempt: number,
  runtime: Runtime,
  { firstMs = 1000, mostMs = MAX_BACKOFF_MS }: { readonly firstMs?: number; readonly mostMs?: number } = {},
): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 10));
  const share = runtime.randomBytes(2).readUInt16BE(0) / 0xffff;
  return Math.round(ceiling * (0.5 + share / 2));
}

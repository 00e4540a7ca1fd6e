/** Milliseconds between 1601-01-01, where Windows counts from, and 1970-01-01. */
const EPOCH_MS = 11_644_473_600_000n;
const NEVER = 0x7fff_ffff_ffff_ffffn;
const LAST_DATE_MS = 8_640_000_000_000_000n;

/** A Windows file time (100 ns since 1601, as a decimal) as a date; `null` for 0, "never" and anything else. */
export function fromFiletime(value: string | null): Date | null {
  if (value === null || !/^\d{1,19}$/.test(value)) return null;
  const ticks = BigInt(value);
  if (ticks === 0n || ticks >= NEVER) return null;
  return atMs(ticks / 10_000n - EPOCH_MS);
}

/** Seconds since 1601, as replication metadata counts them. */
export function fromSecondsSince1601(seconds: bigint): Date | null {
  return seconds === 0n ? null : atMs(seconds * 1000n - EPOCH_MS);
}

/** A date as a Windows file time. */
export function toFiletime(date: Date): string {
  return ((BigInt(date.getTime()) + EPOCH_MS) * 10_000n).toString();
}

function atMs(ms: bigint): Date | null {
  return ms > LAST_DATE_MS || ms < -LAST_DATE_MS ? null : new Date(Number(ms));
}

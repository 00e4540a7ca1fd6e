/**
 * A larger difference is no clock that runs slightly wrong but an answer from something else (a proxy, a cache):
 * ignored.
 */
const LARGEST_OFFSET_MS = 60 * 60 * 1000;

/**
 * The `Date` of an answer (RFC 9110, 6.6.1), in whole seconds; `null` when it has none, or was cached on the way
 * (`Age`).
 */
export function dateOf(headers: Headers): Date | null {
  if (headers.has('age')) return null;
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? null : new Date(at);
}

/** How far our clock is ahead of the vendor's: somewhere in between, in ms. Negative: behind. */
export interface Ahead {
  readonly least: number;
  readonly most: number;
}

export interface VendorClock {
  learn(headers: Headers, asked: { readonly sentAt: Date; readonly answeredAt: Date }): void;
  /** What the answers show; `null` when none has shown anything. */
  ahead(): Ahead | null;
  /** An instant of our clock on the vendor's clock; the same as long as nothing shows a difference. */
  timeOf(own: Date): Date;
  /** The inverse: an instant of the vendor's clock on ours. */
  ownOf(vendor: Date): Date;
}

/**
 * The difference between the vendor's clock and ours, from the `Date` headers of its answers. Each gives bounds for the
 * difference; answers that agree narrow them down, one that contradicts (a clock was set) starts over.
 */
export function createVendorClock(): VendorClock {
  let ahead: Ahead | null = null;
  // The earlier end: because of whole seconds, something done just now must not look as if done before.
  const offset = (): number => (ahead === null || (ahead.least <= 0 && ahead.most >= 0) ? 0 : ahead.most);
  return {
    ahead: () => ahead,
    timeOf: (own) => new Date(own.getTime() - offset()),
    ownOf: (vendor) => new Date(vendor.getTime() + offset()),
    learn(headers, { sentAt, answeredAt }) {
      const date = dateOf(headers);
      if (date === null) return;
      const seen = { least: sentAt.getTime() - date.getTime() - 1000, most: answeredAt.getTime() - date.getTime() };
      if (Math.min(Math.abs(seen.least), Math.abs(seen.most)) > LARGEST_OFFSET_MS) return;
      const both = {
        least: Math.max(seen.least, ahead?.least ?? -Infinity),
        most: Math.min(seen.most, ahead?.most ?? Infinity),
      };
      ahead = both.least <= both.most ? both : seen;
    },
  };
}

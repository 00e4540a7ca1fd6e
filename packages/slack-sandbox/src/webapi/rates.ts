import type { Tier } from './method.js';

/** Calls per minute, and how many may come at once. */
const ALLOWED: Readonly<Record<Exclude<Tier, 'none'>, { perMinute: number; burst: number }>> = {
  1: { perMinute: 1, burst: 3 },
  2: { perMinute: 20, burst: 20 },
  3: { perMinute: 50, burst: 50 },
  4: { perMinute: 100, burst: 100 },
  // about one message a second a channel, with short bursts
  message: { perMinute: 60, burst: 5 },
  // https://docs.slack.dev/reference/scim-api/rate-limits
  scim_read: { perMinute: 300, burst: 300 },
  scim_write: { perMinute: 180, burst: 20 },
};

/** Token buckets by method (posting: by method and channel), on the simulator's own clock. */
export class RateLimits {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly mode: 'off' | 'tiers',
    private readonly now: () => number,
  ) {}

  /** Seconds to wait, or 0 when the call may go ahead. */
  take(method: string, tier: Tier, channel: string): number {
    if (this.mode === 'off' || tier === 'none') return 0;
    const { perMinute, burst } = ALLOWED[tier];
    const key = tier === 'message' ? `${method} ${channel}` : method;
    const now = this.now();
    const bucket = this.#buckets.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + ((now - bucket.at) / 60_000) * perMinute);
    const allowed = left >= 1;
    this.#buckets.set(key, { left: allowed ? left - 1 : left, at: now });
    return allowed ? 0 : Math.max(1, Math.ceil(((1 - left) / perMinute) * 60));
  }
}

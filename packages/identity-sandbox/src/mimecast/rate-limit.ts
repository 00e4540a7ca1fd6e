/** Calls per application and function in a fixed span, as Mimecast counts them. */
export interface RateLimit {
  readonly calls: number;
  readonly perMs: number;
}

export interface RateLimiter {
  /** Counts one call and tells the headers; `Reset` is milliseconds until calls are given back. */
  count(path: string): { readonly allowed: boolean; readonly headers: Record<string, string> };
}

export function createRateLimiter(clock: () => Date, limit: RateLimit | null): RateLimiter {
  const spans = new Map<string, { startedAt: number; used: number }>();
  return {
    count(path) {
      if (limit === null) return { allowed: true, headers: {} };
      const now = clock().getTime();
      let span = spans.get(path);
      if (span === undefined || now - span.startedAt >= limit.perMs) {
        span = { startedAt: now, used: 0 };
        spans.set(path, span);
      }
      const allowed = span.used < limit.calls;
      if (allowed) span.used += 1;
      const headers = {
        'X-RateLimit-Limit': String(limit.calls),
        'X-RateLimit-Remaining': String(limit.calls - span.used),
        'X-RateLimit-Reset': String(span.startedAt + limit.perMs - now),
      };
      return { allowed, headers };
    },
  };
}

import type { Runtime } from '../platform/runtime.js';

interface Window {
  startedAt: number;
  count: number;
}

/** Counts tries per key in fixed windows. Memory is bounded: beyond `maxKeys` the oldest window is dropped. */
export interface RateLimit {
  /** Seconds to wait, or 0 when the try is allowed. */
  wait(key: string): number;
}

export function createRateLimit(
  limit: { readonly tries: number; readonly windowMs: number; readonly maxKeys: number },
  runtime: Runtime,
): RateLimit {
  const windows = new Map<string, Window>();

  function fresh(key: string, now: number): Window {
    const window = { startedAt: now, count: 0 };
    // Deleted first, so that the map's order is the order of the windows' starts.
    windows.delete(key);
    windows.set(key, window);
    if (windows.size > limit.maxKeys) {
      const [oldest] = windows.keys();
      if (oldest !== undefined) windows.delete(oldest);
    }
    return window;
  }

  return {
    wait(key) {
      const now = runtime.now().getTime();
      const known = windows.get(key);
      const window = known !== undefined && now - known.startedAt < limit.windowMs ? known : fresh(key, now);
      window.count += 1;
      return window.count <= limit.tries ? 0 : Math.max(1, Math.ceil((window.startedAt + limit.windowMs - now) / 1000));
    },
  };
}

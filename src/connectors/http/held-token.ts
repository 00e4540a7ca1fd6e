import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { CallContext, ConnectorFailure } from '../port.js';

/** When a token is fetched anew, ms since the epoch: a little before it ends, or at half its life when that is short. */
export function renewalTime(now: Date, expiresInSeconds: number, earlyMs = 60_000): number {
  const lifetimeMs = expiresInSeconds * 1000;
  return now.getTime() + Math.max(lifetimeMs - earlyMs, lifetimeMs / 2);
}

interface Renewable {
  /** Ms since the epoch. */
  readonly renewAt: number;
}

export interface HeldToken<T extends Renewable> {
  get(call: CallContext): Promise<Result<T, ConnectorFailure>>;
  /** What is held now, fresh or not; `null` when nothing is. */
  held(): T | null;
  /** Forgets the held one if `test` holds for it; one that came meanwhile is kept. */
  dropIf(test: (held: T) => boolean): void;
}

/** One token for all calls; callers that come while one is fetched share that fetch. A failure is not kept. */
export function holdToken<T extends Renewable>(
  fetchToken: (call: CallContext) => Promise<Result<T, ConnectorFailure>>,
  runtime: Runtime,
): HeldToken<T> {
  let held: T | null = null;
  let fetching: Promise<Result<T, ConnectorFailure>> | null = null;
  return {
    async get({ correlationId }) {
      if (held !== null && held.renewAt > runtime.now().getTime()) return ok(held);
      // The fetch is shared, so one caller who gives up must not end it for the others: it has the deadline alone.
      fetching ??= fetchToken({ signal: new AbortController().signal, correlationId }).finally(() => (fetching = null));
      const fetched = await fetching;
      if (fetched.ok) held = fetched.value;
      return fetched;
    },
    held: () => held,
    dropIf(test) {
      if (held !== null && test(held)) held = null;
    },
  };
}

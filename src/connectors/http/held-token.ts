import { ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { CallContext, ConnectorFailure } from '../../ports/connector.js';
import type { HttpRequest } from './client.js';

/** When a token is renewed, ms since the epoch: a little before it expires, or at half its life when that is short. */
export function renewalTime(now: Date, expiresInSeconds: number, earlyMs = 60_000): number {
  const lifetimeMs = expiresInSeconds * 1000;
  return now.getTime() + Math.max(lifetimeMs - earlyMs, lifetimeMs / 2);
}

export interface Renewable {
  /** Ms since the epoch. */
  readonly renewAt: number;
}

/** Why it was refused: it is no longer accepted, or it lacks a right that may have been granted since. */
export type Lack = 'token' | 'right';

export interface HeldToken<T extends Renewable> {
  /** `fresh`: with the present grants. */
  get(call: CallContext, fresh?: boolean): Promise<Result<T, ConnectorFailure>>;
  /** Drops the held token if `test` is true for it; one fetched meanwhile is kept. */
  dropIf(test: (held: T) => boolean): void;
  /**
   * Whether another token may do better than this one, which was refused; if so, this one is dropped. For a missing
   * right, reading tries that once for each piece of work (its correlation id) within a minute, so that a permanently
   * missing one does not cost a second request each time; what a person requests anew is tried with the present grants.
   */
  renews(refused: T, lack: Lack, request: Pick<HttpRequest, 'write' | 'call'>): boolean;
}

const PATIENCE_MS = 60_000;

/** One token for all calls; callers that come during a fetch share it. A failure is not kept. */
export function holdToken<T extends Renewable>(
  fetchToken: (call: CallContext) => Promise<Result<T, ConnectorFailure>>,
  runtime: Runtime,
): HeldToken<T> {
  let held: T | null = null;
  let fetching: Promise<Result<T, ConnectorFailure>> | null = null;
  let renewed = { at: -Infinity, by: '' };
  return {
    async get({ correlationId }, fresh = false) {
      if (fresh) held = null;
      if (held !== null && held.renewAt > runtime.now().getTime()) return ok(held);
      // The fetch is shared, so one caller who gives up must not end it for the others: only the deadline does.
      fetching ??= fetchToken({ signal: new AbortController().signal, correlationId }).finally(() => (fetching = null));
      const fetched = await fetching;
      if (fetched.ok) held = fetched.value;
      return fetched;
    },
    dropIf(test) {
      if (held !== null && test(held)) held = null;
    },
    renews(refused, lack, { write, call: { correlationId } }) {
      // Another caller has renewed it meanwhile.
      if (held !== refused) return true;
      if (lack === 'right') {
        const now = runtime.now().getTime();
        if (!write && renewed.by === correlationId && now - renewed.at < PATIENCE_MS) return false;
        renewed = { at: now, by: correlationId };
      }
      held = null;
      return true;
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import type { Runtime } from '../../runtime.js';

/**
 * Lets calls begin one after the other with a pause between them, within this process. Conditional Access and Identity
 * Protection take one call a second of all applications together, and a refusal there does not say how long to wait.
 */
export function createPace(intervalMs: number, runtime: Runtime): (signal: AbortSignal) => Promise<void> {
  let nextAt = 0;
  return async (signal) => {
    const now = runtime.now().getTime();
    const wait = Math.min(Math.max(nextAt - now, 0), 60_000);
    nextAt = now + wait + intervalMs;
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(ignoreAbort);
  };
}

/** A call that was given up while it waited goes on at once: the client says so before it sends anything. */
function ignoreAbort(error: unknown): void {
  if (!(types.isNativeError(error) && error.name === 'AbortError')) throw error;
}

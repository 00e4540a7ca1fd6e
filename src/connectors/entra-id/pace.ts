import { setTimeout as sleep } from 'node:timers/promises';
import type { Runtime } from '../../platform/runtime.js';

export type Pace = <T>(signal: AbortSignal, send: () => Promise<T>) => Promise<T>;

/**
 * Runs calls one after the other with a pause between them, within this process. Conditional Access and Identity
 * Protection accept one call a second from all applications together, and a refusal there does not say how long to
 * wait. The pause is counted from the answer: transit times differ, so two requests sent a second apart can arrive
 * within one.
 */
export function createPace(intervalMs: number, runtime: Pick<Runtime, 'now'>): Pace {
  let last: Promise<unknown> = Promise.resolve();
  let answeredAt = -Infinity;
  const now = (): number => runtime.now().getTime();

  async function rest(signal: AbortSignal): Promise<void> {
    // A clock set back must not make the pause longer.
    const wait = Math.min(answeredAt + intervalMs - now(), intervalMs);
    if (wait > 0) await sleep(wait, undefined, { signal });
  }

  return (signal, send) => {
    const before = last;
    const mine = (async () => {
      await unlessGivenUp(signal, async () => {
        await before;
        await rest(signal);
      });
      try {
        return await send();
      } finally {
        answeredAt = now();
      }
    })();
    last = Promise.allSettled([before, mine]);
    return mine;
  };
}

/** A call that is given up while waiting continues at once: the client reports that before it sends anything. */
async function unlessGivenUp(signal: AbortSignal, wait: () => Promise<void>): Promise<void> {
  if (signal.aborted) return;
  let giveUp = (): void => undefined;
  const givenUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  signal.addEventListener('abort', giveUp, { once: true });
  const waited = wait().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  await Promise.race([waited, givenUp]);
  signal.removeEventListener('abort', giveUp);
}

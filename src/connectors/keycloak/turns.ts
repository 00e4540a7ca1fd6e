import type { AccountRef } from '../port.js';

/**
 * One change at a time for each account. Keycloak takes the required actions as a whole list: two changes that read it
 * at the same moment would take each other's demand away, although both were proven.
 */
export function createTurns(): <T>({ accountId }: AccountRef, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async ({ accountId }, work) => {
    const before = last.get(accountId);
    const mine = (async () => {
      // How the one before ended is told to whoever asked for it.
      await before?.catch(() => undefined);
      return work();
    })();
    last.set(accountId, mine);
    try {
      return await mine;
    } finally {
      if (last.get(accountId) === mine) last.delete(accountId);
    }
  };
}

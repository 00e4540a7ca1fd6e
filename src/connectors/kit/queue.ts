import { createTurns } from './turns.js';

/**
 * One piece of work at a time for each key, for what a vendor accepts only as a whole (a list, a zone): two changes
 * based on the same reading would undo each other, although both were proven. The keys are few: they are kept.
 */
export type Queue = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function createQueue(): Queue {
  const turns = new Map<string, ReturnType<typeof createTurns>>();
  return (key, work) => {
    const turn = turns.get(key) ?? createTurns();
    turns.set(key, turn);
    return turn(work);
  };
}

import type { Moment, Runtime } from '../src/platform/runtime.js';

export interface PlayedRuntime extends Runtime {
  /** Puts the clock forward. */
  move(ms: number): void;
  /** What was observed, in order. */
  readonly moments: readonly (readonly [Moment, string])[];
}

/** A clock that stands still until it is moved, ids that count up, and bytes that are all zero: a pause is half its ceiling. */
export function playedRuntime(start = '2026-03-10T09:00:00.000Z'): PlayedRuntime {
  let now = new Date(start).getTime();
  let made = 0;
  const moments: (readonly [Moment, string])[] = [];
  return {
    now: () => new Date(now),
    newId: (prefix) => {
      made += 1;
      return `${prefix}_${made.toString(16).padStart(32, '0')}`;
    },
    randomBytes: (size) => Buffer.alloc(size),
    observe: (moment, id) => {
      moments.push([moment, id]);
    },
    move: (ms) => {
      now += ms;
    },
    moments,
  };
}

import { describe, expect, it } from '@jest/globals';
import { lockAfter, lockNow, triesLeft } from '../../src/approvals/throttle.js';

const NOW = new Date('2026-03-10T09:00:00.000Z');
const MINUTE_MS = 60_000;

describe('wrong codes in a row', () => {
  it.each([
    [1, null],
    [4, null],
    [5, 15],
    [6, null],
    [10, 30],
    [15, 60],
    [20, 120],
    [30, 480],
    [35, 960],
    [40, 1440],
    [45, 1440],
    [95, 1440],
    [99, null],
  ])('%i lock for %s minutes', (failed, minutes) => {
    const until = minutes === null ? null : { until: new Date(NOW.getTime() + minutes * MINUTE_MS) };
    expect(lockAfter(failed, NOW)).toEqual(until);
  });

  it.each([100, 101])('%i end it until a new enrolment', (failed) => {
    expect(lockAfter(failed, NOW)).toBe('ended');
    expect(lockNow({ failed, lockedUntil: null }, NOW)).toBe('ended');
  });

  it.each([
    [0, 5],
    [1, 4],
    [4, 1],
    [5, 5],
    [7, 3],
  ])('after %i there are %i left to the next lock', (failed, left) => {
    expect(triesLeft(failed)).toBe(left);
  });

  it.each<[string, Date | null, boolean]>([
    ['none', null, false],
    ['one that ends now', NOW, false],
    ['one that ends later', new Date(NOW.getTime() + 1), true],
  ])('a lock stands in the way while it lasts: %s', (_what, lockedUntil, stands) => {
    expect(lockNow({ failed: 5, lockedUntil }, NOW) !== null).toBe(stands);
  });
});

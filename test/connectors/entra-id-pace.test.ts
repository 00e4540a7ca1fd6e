import { describe, expect, it } from '@jest/globals';
import { createPace } from '../../src/connectors/entra-id/pace.js';

const PAUSE_MS = 40;
const clock = { now: () => new Date(performance.timeOrigin + performance.now()) };

/** A call that is on its way until it is answered. */
function onItsWay() {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  return { answer, answered };
}

describe('the pace of Conditional Access', () => {
  it('counts the pause from the answer, so that a slow request and a quick one never arrive together', async () => {
    const pace = createPace(PAUSE_MS, clock);
    const { signal } = new AbortController();
    const slow = onItsWay();
    const told: string[] = [];
    let answeredAt = 0;
    const first = pace(signal, async () => {
      told.push('first sent');
      await slow.answered;
      answeredAt = clock.now().getTime();
      told.push('first answered');
    });
    let sentAt = 0;
    const second = pace(signal, () => {
      sentAt = clock.now().getTime();
      told.push('second sent');
      return Promise.resolve();
    });
    await new Promise((resolve) => setTimeout(resolve, 2 * PAUSE_MS));
    slow.answer();
    await Promise.all([first, second]);
    expect(told).toEqual(['first sent', 'first answered', 'second sent']);
    expect(sentAt - answeredAt).toBeGreaterThanOrEqual(PAUSE_MS - 2);
  });

  it('goes on after a call that failed', async () => {
    const pace = createPace(0, clock);
    const { signal } = new AbortController();
    await expect(pace(signal, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await pace(signal, () => Promise.resolve('sent'))).toBe('sent');
  });

  it('lets a call that is given up while it waits go on at once, and nobody overtakes because of it', async () => {
    const pace = createPace(0, clock);
    const slow = onItsWay();
    const told: string[] = [];
    const first = pace(new AbortController().signal, () => slow.answered);
    const controller = new AbortController();
    const second = pace(controller.signal, () => {
      told.push('given up');
      return Promise.resolve();
    });
    const third = pace(new AbortController().signal, () => {
      told.push('third');
      return Promise.resolve();
    });
    controller.abort();
    await second;
    expect(told).toEqual(['given up']);
    slow.answer();
    await Promise.all([first, third]);
    expect(told).toEqual(['given up', 'third']);
  });
});

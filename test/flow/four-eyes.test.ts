import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FOUR_EYES, FourEyesDrill } from '../../sandbox/drill/four-eyes.js';
import { type Flow, PEOPLE, startFlow } from './flow.js';

const { ada } = PEOPLE;

describe('two people where it is grave', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow(FOUR_EYES);
  }, 240_000);
  afterAll(() => flow.close());

  it('sign one after the other, in windows of Slack; one breaks the glass, and another reviews it', async () => {
    const drill = new FourEyesDrill(
      flow.world,
      flow.app,
      () => undefined,
      (user) => flow.freshCode(user),
    );
    const report = await drill.play();
    expect(report.problems).toEqual([]);
    expect(report.ok).toBe(true);
    const record = await flow.record(ada.email);
    expect(record).toEqual(
      expect.arrayContaining([
        'decision.signed',
        'decision.refused',
        'decision.taken',
        'break_glass.told',
        'review.signed',
      ]),
    );
  }, 240_000);
});

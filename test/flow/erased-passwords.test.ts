import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem } = PEOPLE;
const EDIT = 'Directories | Internal | Edit';

describe('a generated password', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const kept = async (): Promise<readonly object[]> => {
    const { rows } = await flow.app.core.db.query<object>(
      `select status, sealed_password is not null as kept from steps where action = 'reset_password' order by created_at`,
    );
    return rows;
  };
  const passwordsSet = (email: string): number =>
    flow.world.mimecast.effects().filter((effect) => effect.email === email && effect.kind === 'reset_password').length;

  it('is erased when its step has ended', async () => {
    await flow.report(ada);
    await flow.decide(bea.id, 'Ada Okafor', 'reset_password');
    await flow.inChannel('*Mimecast: Reset password* verified');
    expect(await kept()).toEqual([{ status: 'verified', kept: false }]);
  }, 240_000);

  it('is made anew by Retry, also in a step that an earlier release or a changed key left without one', async () => {
    await flow.report(cem);
    flow.world.mimecast.permit(EDIT, false);
    await flow.decide(bea.id, 'Cem Aydin', 'reset_password');
    const line = await flow.inChannel('*Mimecast: Reset password* needs a human');
    expect((await kept()).at(-1)).toEqual({ status: 'needs_human', kept: false });
    flow.world.mimecast.permit(EDIT, true);
    await flow.player.press(bea.id, flow.channel, line, 'step_retry');
    await flow.player.until(
      'the second verified reset',
      () =>
        flow.player.messages(flow.channel).filter((one) => textOf(one).includes('*Mimecast: Reset password* verified'))
          .length === 2,
    );
    expect(passwordsSet(cem.email)).toBe(1);
    expect((await kept()).at(-1)).toEqual({ status: 'verified', kept: false });
  }, 240_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('containment tells only the truth', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const passwordsSet = (email: string): number =>
    flow.world.mimecast.effects().filter((effect) => effect.email === email && effect.kind === 'reset_password').length;

  it('obeys a throttling system and verifies afterwards', async () => {
    await flow.report(ada);
    flow.world.mimecast.faults.add({ path: '/api/user/update-user', type: 'throttle', times: 2, ms: 300 });
    await flow.decide(bea.id, 'Ada Okafor', 'reset_password');
    await flow.inChannel('*Mimecast: Reset password* verified');
    expect(passwordsSet(ada.email)).toBe(1);
  }, 240_000);

  it('reads back after a lost answer and never sets the password twice', async () => {
    await flow.report(dia);
    flow.world.mimecast.faults.add({
      path: '/api/user/update-user',
      type: 'drop_after_effect',
      only: 'writes',
      times: 1,
    });
    await flow.decide(bea.id, 'Dia Rahman', 'reset_password');
    await flow.player.until(
      'the verified reset of Dia',
      () =>
        flow.player.messages(flow.channel).filter((one) => textOf(one).includes('*Mimecast: Reset password* verified'))
          .length === 2,
    );
    expect(passwordsSet(dia.email)).toBe(1);
  }, 240_000);

  it('says what a human must do when a permission is missing, and goes on with Retry', async () => {
    await flow.report(cem);
    flow.world.mimecast.permit('Directories | Internal | Edit', false);
    await flow.decide(bea.id, 'Cem Aydin', 'disable_account');
    const line = await flow.inChannel('*Mimecast: Disable* needs a human');
    expect(textOf(line)).toContain('permission');
    // What is wrong with a system's permissions is for the thread, not for the person.
    expect(textOf(await flow.told(cem.id, 'has begun to secure'))).not.toMatch(/Mimecast|needs a human|permission/);
    flow.world.mimecast.permit('Directories | Internal | Edit', true);
    await flow.player.press(bea.id, flow.channel, line, 'step_retry');
    await flow.inChannel('*Mimecast: Disable* verified');
    expect(flow.world.mimecast.user(cem.email)?.accountDisabled).toBe(true);
    const pressed = await flow.inChannel('*Mimecast: Disable* needs a human');
    expect(textOf(pressed)).not.toContain('step_retry');
  }, 240_000);

  it('re-enables what was disabled', async () => {
    await flow.decide(bea.id, 'Cem Aydin', 'enable_account', { override: 'the test goes on' });
    await flow.inChannel('*Mimecast: Re-enable* verified');
    expect(flow.world.mimecast.user(cem.email)?.accountDisabled).toBe(false);
  }, 240_000);

  it('hands over manual steps and lets a person tick them off', async () => {
    await flow.decide(bea.id, 'Ada Okafor', 'revoke_sessions');
    const line = await flow.inChannel('step_tick');
    expect(textOf(line)).toContain('*Mimecast: Revoke sessions* is a manual step');
    expect(textOf(line)).toContain('Registered Applications');
    await flow.player.press(bea.id, flow.channel, line, 'step_tick');
    await flow.inChannel(`<@${bea.id}> ticked off *Mimecast: Revoke sessions*`);
  }, 240_000);

  it('runs the whole plan in order with /lockdown, and shows its progress', async () => {
    const start = flow.world.mimecast.effects().length;
    await flow.world.slack.act({
      as: bea.id,
      do: 'command',
      channel: flow.channel,
      text: '/lockdown @dia seen in a breach list',
    });
    const { id } = await flow.player.modal(bea.id, 'decide');
    await flow.player.submit(bea.id, id, { reason: 'seen in a breach list', code: flow.freshCode(bea.id) });
    // That Mimecast's profile demands the second step is not shown by its API: in place, and not proven.
    const progress = await flow.inChannel('2 of 4 steps done, 1 wait for a person');
    expect(textOf(progress)).toContain('Mimecast: Disable, verified');
    const kinds = flow.world.mimecast
      .effects()
      .slice(start)
      .filter((effect) => effect.email === dia.email)
      .map((effect) => effect.kind);
    // Steps without a reason between them run side by side: only the reset before the disable is promised.
    expect([...kinds].sort()).toEqual(['add_group_member', 'disable_account', 'reset_password']);
    expect(kinds.indexOf('reset_password')).toBeLessThan(kinds.indexOf('disable_account'));
  }, 240_000);

  it('keeps trying while the system is down, says so, and ends verified', async () => {
    flow.world.mimecast.faults.add({ path: '/api/user/update-user', type: 'http_500', times: 2 });
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    await flow.player.until(
      'the verified disable of Ada',
      () => flow.world.mimecast.user(ada.email)?.accountDisabled === true,
    );
    const all = (): number =>
      flow.player.messages(flow.channel).filter((one) => textOf(one).includes('*Mimecast: Disable* verified')).length;
    await flow.player.until('three verified lines', () => all() === 3);
  }, 240_000);
});

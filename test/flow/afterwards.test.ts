import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('after a step was proven', () => {
  let flow: Flow;
  beforeAll(async () => {
    // Two seconds, then a long time: one look is enough for these tests.
    flow = await startFlow({ watchMinutes: [0.04] });
  }, 240_000);
  afterAll(() => flow.close());

  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const undo = async (approver: string): Promise<void> => {
    const line = await flow.inChannel('step_undo');
    await flow.player.press(approver, flow.channel, line, 'step_undo');
    const { id } = await flow.player.modal(approver, 'undo');
    await flow.player.submit(approver, id, {
      reason: 'the person is back',
      code: flow.freshCode(approver),
      override: 'the test goes on',
    });
  };

  it('keeps sealed evidence before the first change', async () => {
    await flow.report(ada);
    await flow.inChannel('Evidence preserved before any change');
    const { rows } = await flow.app.core.db.query<{ sealed: string }>('select sealed from evidence');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed).toMatch(/^v1\./);
    expect(rows[0]?.sealed).not.toContain('meadow');
  }, 240_000);

  it('puts back what was before with the Undo button, once', async () => {
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    await flow.inChannel('*Mimecast: Disable* verified');
    expect(disabled(ada.email)).toBe(true);
    await undo(bea.id);
    await flow.inChannel('*Mimecast: Undo: Disable* verified');
    expect(disabled(ada.email)).toBe(false);
    expect(textOf(await flow.inChannel('*Mimecast: Disable* verified'))).not.toContain('step_undo');
    expect(await flow.record(ada.email)).toContain('undo.decided');
  }, 240_000);

  it('refuses an undo when somebody changed it meanwhile, and shows the difference', async () => {
    await flow.report(dia);
    await flow.decide(bea.id, 'Dia Rahman', 'require_two_step');
    await flow.inChannel('*Mimecast: Require 2-step* accepted');
    const group = flow.world.mimecast.state().groups.find(({ members }) => members.includes(dia.email));
    expect(group).toBeDefined();
    await flow.decide(bea.id, 'Dia Rahman', 'disable_account');
    const line = await flow.player.message(
      'the disabled line of Dia',
      () => flow.channel,
      (message) => textOf(message).includes('*Mimecast: Disable* verified') && textOf(message).includes('step_undo'),
    );
    flow.world.mimecast.change(dia.email, { allowPop: true });
    await flow.player.press(bea.id, flow.channel, line, 'step_undo');
    const { id } = await flow.player.modal(bea.id, 'undo');
    await flow.player.submit(bea.id, id, {
      reason: 'the person is back',
      code: flow.freshCode(bea.id),
      override: 'the test goes on',
    });
    const refused = await flow.inChannel('somebody changed it meanwhile');
    expect(textOf(refused)).toMatch(/pop/i);
    expect(disabled(dia.email)).toBe(true);
  }, 240_000);

  it('says when a change was undone elsewhere, and opens the incident again', async () => {
    await flow.report(cem);
    await flow.decide(bea.id, 'Cem Aydin', 'disable_account');
    await flow.player.until('the disabled account', () => disabled(cem.email) === true);
    await flow.player.until('the verified line', async () => (await flow.record(cem.email)).includes('step.verified'));
    await flow.closeIncident(bea.id, 'Cem Aydin');
    flow.world.mimecast.change(cem.email, { accountDisabled: false });
    const told = await flow.inChannel('no longer holds: it was undone elsewhere');
    expect(textOf(told)).toContain(`<@${bea.id}>`);
    expect(await flow.record(cem.email)).toEqual(
      expect.arrayContaining(['step.undone_elsewhere', 'incident.reopened']),
    );
  }, 240_000);

  it('opens the runbook for people, and lets them take and end its tasks', async () => {
    await flow.player.press(bea.id, flow.channel, await flow.card('Dia Rahman'), 'incident_tasks');
    const list = await flow.inChannel('what only people can do');
    expect(textOf(list)).toContain('0 of 9 finished');
  }, 240_000);
});

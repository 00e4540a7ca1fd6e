import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea } = PEOPLE;

describe('somebody who cannot wait', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true });
  }, 240_000);
  afterAll(() => flow.close());

  it('freezes their own accounts with one button, and the security channel is told by whom', async () => {
    await flow.report(ada);
    const offered = await flow.told(ada.id, 'status_hold');
    const dm = flow.player.dmOf(ada.id);
    await flow.player.press(ada.id, String(dm), offered, 'status_hold');
    expect(textOf(offered)).toMatch(/Mimecast[^*]*\* cannot be frozen from here/);
    const answer = await flow.told(ada.id, 'You have frozen some of your accounts, not all of them');
    expect(textOf(answer)).toMatch(/Not frozen:\*[^.]*Mimecast/);
    const told = await flow.inChannel('froze their own accounts');
    expect(textOf(told)).toContain(`<@${ada.id}> froze their own accounts`);
    expect(textOf(told)).toMatch(/Mimecast[^*]*\* was not frozen/);
    expect(await flow.record(ada.email)).toContain('hold.taken');
    const { rows } = await flow.app.core.db.query<{ action: string; status: string; count: number }>(
      'select action, status, count(*)::int as count from steps group by action, status order by action, status',
    );
    expect(rows.filter(({ status }) => status !== 'verified' && status !== 'accepted')).toEqual([]);
    expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['quarantine', 'revoke_sessions']));
  }, 240_000);

  it('is let in again by an approver', async () => {
    const line = await flow.inChannel('step_undo');
    await flow.player.press(bea.id, flow.channel, line, 'step_undo');
    expect((await flow.player.modal(bea.id, 'undo')).id).toBeTruthy();
  }, 240_000);
});

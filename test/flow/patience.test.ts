import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow } from './flow.js';

const { ada, bea, dia } = PEOPLE;

describe('patience with a system', () => {
  let flow: Flow;
  beforeAll(async () => {
    // The watch looks after two seconds.
    flow = await startFlow({ watchMinutes: [0.04] });
  }, 240_000);
  afterAll(() => flow.close());

  it('waits as often as a system that throttles says, and ends verified', async () => {
    await flow.report(ada);
    flow.world.mimecast.faults.add({ type: 'throttle', only: 'writes', times: 12, ms: 50 });
    await flow.decide(bea.id, 'Ada Okafor', 'disable_account');
    await flow.inChannel('*Mimecast: Disable* verified');
    expect(flow.world.mimecast.user(ada.email)?.accountDisabled).toBe(true);
  }, 240_000);

  it('looks again only as often as it is due when a proven change cannot be read any more', async () => {
    await flow.report(dia);
    await flow.decide(bea.id, 'Dia Rahman', 'disable_account');
    await flow.player.until(
      'the disabled account',
      () => flow.world.mimecast.user(dia.email)?.accountDisabled === true,
    );
    await flow.player.until('the verified line', async () => (await flow.record(dia.email)).includes('step.verified'));
    flow.world.mimecast.faults.add({ type: 'unauthorized', path: '', times: Number.MAX_SAFE_INTEGER });
    const watched = async () => {
      const { rows } = await flow.app.core.db.query<{ verdict: string | null; work: string }>(
        `select s.watch_verdict as verdict, w.status as work from steps s
         join accounts a on a.workspace_id = s.workspace_id and a.id = s.account_row
         join work w on w.workspace_id = s.workspace_id and w.id = 'watch_step_' || s.id where a.login = $1`,
        [dia.email],
      );
      return rows;
    };
    await flow.player.until('the end of the watch', async () => (await watched()).every(({ work }) => work === 'done'));
    expect(await watched()).toEqual([{ verdict: 'cannot_tell', work: 'done' }]);
  }, 240_000);
});

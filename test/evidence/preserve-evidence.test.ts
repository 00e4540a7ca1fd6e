import { beforeEach, describe, expect, it } from '@jest/globals';
import { preserveEvidence } from '../../src/evidence/preserve-evidence.js';
import { rescanAfterLockdown } from '../../src/evidence/request-rescan.js';
import { waiting } from '../runs.js';
import { Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
}, 120_000);

const preserve = async (signal = new AbortController().signal): Promise<boolean> => {
  const { core } = scene;
  const commit = core.db.transaction.bind(core.db);
  const keeping = { call: { signal, correlationId: 'cor' }, commit };
  return preserveEvidence(core, scene.incident.id, await scene.account(), keeping);
};

describe('the first snapshot of an account', () => {
  it('is kept once', async () => {
    expect([await preserve(), await preserve()]).toEqual([true, false]);
  });

  it.each(['account_id = null', 'login = null', `system = 'gone'`])(
    'is not taken of what cannot be asked (%s)',
    async (change) => {
      await scene.core.db.query(`update accounts set ${change}`);
      expect(await preserve()).toBe(false);
    },
  );

  it('that was given up half way is not kept', async () => {
    await expect(preserve(AbortSignal.abort(new Error('the process stops')))).rejects.toThrow('stops');
    expect((await scene.core.db.query('select 1 from evidence')).rows).toEqual([]);
  });
});

describe('the look after a lockdown', () => {
  it.each([
    [[5, 15], 1],
    [[], 0],
  ])('comes when the watch first does (%j): %i', async (watchMinutes, asked) => {
    const core = { ...scene.core, policy: { ...scene.core.policy, watchMinutes } };
    await rescanAfterLockdown(core, core.db, scene.incident.id, 'cor');
    expect(await waiting(core, 'rescan')).toHaveLength(asked);
  });
});

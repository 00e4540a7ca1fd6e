import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '../../jobs/worker.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { noticeById } from '../../src/notices/notice.js';
import { personBehind } from '../../src/notices/owner.js';
import { takeReport } from '../../src/notices/take-report.js';
import { ADA, DAY_MS, found, MINUTE_MS, Scene } from '../scene.js';
import { runOnce, waiting } from '../runs.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { takesReports: true } } });
}, 120_000);

const saidAbout = async (about: Date): Promise<void> => {
  const { core } = scene;
  const event = {
    eventId: `late-${about.getTime()}`,
    kind: 'reported' as const,
    login: ADA.email,
    actor: ADA.email,
    ip: '198.51.100.7',
    occurredAt: core.runtime.now(),
    about,
    word: 'system.email.password_reset.sent_message',
  };
  await core.db.transaction((tx) => ingestEvents({ core, tx }, 'okta', [event], 'cor'));
  const take = async ({ work: { ref }, commit }: Run): Promise<void> => {
    const person = await personBehind(core, found(await noticeById(core.db, core.workspaceId, ref)));
    await commit((tx) => takeReport({ core, tx }, ref, person, { surface: 'elsewhere', correlationId: 'cor' }));
  };
  for (const ref of await waiting(core, 'take_report')) await runOnce(core, 'take_report', ref, take);
};
const openIncidents = async (): Promise<number> =>
  (await scene.core.db.query(`select 1 from incidents where status = 'open'`)).rows.length;

// A step that is sent again and again while the system is away has begun and not ended; its incident may be closed
// meanwhile. A report about a factor of days later is hardly about that step.
describe('a step that was sent once and has not ended', () => {
  beforeEach(async () => {
    await scene.decide('reset_password');
    const { id } = await scene.lastStep();
    const now = scene.runtime.now();
    const { db } = scene.core;
    await db.query(`update steps set status = 'retrying', first_sent_at = $2, finished_at = null where id = $1`, [
      id,
      now,
    ]);
    await db.query(`update incidents set status = 'closed', outcome = 'benign', closed_at = $1`, [now]);
  });

  it("does not make of the person's report of three days later one about our own doing, which nobody sees", async () => {
    scene.runtime.move(3 * DAY_MS);
    await saidAbout(scene.runtime.now());
    expect(await openIncidents()).toBe(1);
  });

  it('explains what follows soon, and what follows soon after the system accepted it', async () => {
    scene.runtime.move(50 * MINUTE_MS);
    await saidAbout(scene.runtime.now());
    scene.runtime.move(DAY_MS);
    await scene.core.db.query('update steps set accepted_at = $1', [scene.runtime.now()]);
    scene.runtime.move(50 * MINUTE_MS);
    await saidAbout(scene.runtime.now());
    expect(await openIncidents()).toBe(0);
  });
});

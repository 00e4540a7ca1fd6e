import { describe, expect, it } from '@jest/globals';
import { PGLITE, type Backend } from '../backends.js';
import { campaignOnly, campaignSeed, crashCampaign } from '../crash/campaign.js';
import { compileApp } from '../crash/compile.js';
import { startMortalApp } from '../crash/mortal-app.js';
import { decide, report, until } from '../crash/people.js';
import { STORIES } from '../crash/plan.js';
import { openTown } from '../crash/town.js';
import { findFaults, untilQuiet } from '../crash/verdict.js';
import { POSTGRES } from './backends.js';
import { redisCommand, startPostgres, startRedis } from './servers.js';

/** `CRASH_KILLS=<n>` plays fewer, for a first look after a change. */
const KILLS = Number(process.env['CRASH_KILLS'] ?? 200);

const POSTGRES_AND_REDIS: Backend = {
  name: 'Postgres and Redis',
  start: async () => {
    const [database, queue] = [await startPostgres(), await startRedis()];
    const stop = async (): Promise<void> => {
      await Promise.all([database.stop(), queue.stop()]);
    };
    return { databaseUrl: database.url, redisUrl: queue.url, stop };
  },
};

// Replayed with CRASH_SEED=<seed> CRASH_ONLY=<round>, which a failure names.
describe.each([PGLITE, POSTGRES, POSTGRES_AND_REDIS])('a process that dies, on $name', (backend) => {
  it(`loses nothing and does nothing twice at ${String(KILLS)} points`, async () => {
    const only = campaignOnly();
    const servers = await backend.start();
    try {
      const { databaseUrl, redisUrl } = servers;
      const found = await crashCampaign({ kills: KILLS, databaseUrl, redisUrl, seed: campaignSeed(), ...only });
      expect(found.faults).toEqual([]);
      if (!('only' in only)) expect(found.kills).toBeGreaterThanOrEqual(KILLS);
    } finally {
      await servers.stop();
    }
  }, 1_800_000);
});

describe('a Redis that is emptied and started again in the middle of a lockdown', () => {
  it('costs time, but no step and no message', async () => {
    const [database, queue] = [await startPostgres(), await startRedis()];
    const compiled = await compileApp();
    const town = await openTown({ people: 2, approvers: 6, databaseUrl: database.url, redisUrl: queue.url });
    const app = await startMortalApp(town, compiled.app);
    let turn = 0;
    const nextApprover = () => town.approvers[turn++]!;
    const port = Number(new URL(queue.url).port);
    const disasters = [
      async () => {
        await redisCommand(port, 'FLUSHALL');
      },
      async () => {
        await queue.kill();
        await queue.start();
      },
    ];
    try {
      for (const [index, disaster] of disasters.entries()) {
        const victim = town.people[index]!;
        const cast = { town, app, victim, nextApprover };
        await report(cast, 'words');
        // A throttled step waits as a delayed job: that is what an emptied Redis loses.
        town.mimecast.faults.add({ type: 'throttle', only: 'writes', ms: 2_000, times: 1 });
        await decide(cast, 'lockdown');
        await until('a step that waits for its next try', async () => {
          const { rows } = await app.db.query(`select id from steps where status = 'retrying'`);
          return rows[0] ?? null;
        });
        await disaster();
        let again = false;
        town.mimecast.hooks.afterEffect = async () => {
          if (again) return;
          again = true;
          await disaster();
        };
        await untilQuiet(app, 60);
        expect(again).toBe(true);
        expect(
          await findFaults(
            town,
            app,
            victim,
            STORIES.find(({ decides }) => decides === 'lockdown')!,
          ),
        ).toEqual([]);
      }
    } finally {
      await app.stop();
      await town.close();
      await compiled.remove();
      await queue.stop();
      await database.stop();
    }
  }, 240_000);
});

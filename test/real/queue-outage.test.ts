import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openQueue } from '../../jobs/queue/open.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { openDatabase } from '../../src/store/open.js';
import { keepingLog } from '../queue/log.js';
import { collect, eventually, job, killWorkerInMidJob } from '../queue/suite.js';
import { redisCommand, startPostgres, startRedis, startRedisSentinel } from './servers.js';

const runtime = systemRuntime();
let cleanups: (() => Promise<void>)[] = [];

beforeEach(() => {
  cleanups = [];
});
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
}, 60_000);

async function workingOn(redisUrl: string | null, databaseUrl: string | null = null) {
  const { log, lines } = keepingLog();
  const database = await openDatabase({ databaseUrl, dataDir: null, runtime, log });
  cleanups.push(() => database.close());
  const queue = await openQueue({ redisUrl, database, log, lockMs: 1_000 });
  cleanups.push(() => queue.close(0));
  const seen = collect();
  await queue.work(seen.handle, { concurrency: 2 });
  const addOnceBack = (jobId: string): Promise<void> =>
    eventually(() =>
      queue.add(job(jobId)).then(
        () => true,
        () => false,
      ),
    );
  return { queue, seen, lines, addOnceBack };
}

it('goes on when Redis is emptied', async () => {
  const redis = await startRedis();
  cleanups.push(redis.stop);
  const { queue, seen } = await workingOn(redis.url);
  await queue.add(job('step_before'));
  await seen.reached(1);
  await queue.add(job('step_lost'), { delayMs: 60_000 });
  await redisCommand(Number(new URL(redis.url).port), 'FLUSHALL');
  expect(await queue.has('step_lost')).toBe(false);
  await queue.add(job('step_after'));
  await seen.reached(2);
});

it('says at once that Redis is down, logs it once, and goes on by itself when it is back', async () => {
  const redis = await startRedis();
  cleanups.push(redis.stop);
  const { queue, seen, lines, addOnceBack } = await workingOn(redis.url);
  await redis.kill();
  await expect(queue.add(job('step_down'))).rejects.toThrow(/^The queue cannot add a job|does not answer/);
  await expect(queue.ping()).rejects.toThrow(/Start it, or correct REDIS_URL/);
  await redis.start();
  await addOnceBack('step_after');
  await seen.reached(1);
  await eventually(() => Promise.resolve(lines.length > 1));
  expect(lines.map(({ level, text }) => `${level} ${text.replace(/.*\} /, '')}`)).toEqual([
    'warn the queue lost its connection; it goes on trying by itself',
    'info the queue is connected again',
  ]);
});

it.each([
  ['full', 'maxmemory', '1', '0'],
  ['without its replicas', 'min-replicas-to-write', '1', '0'],
])('is not well on a Redis that answers and takes nothing because it is %s', async (_why, setting, on, off) => {
  const redis = await startRedis();
  cleanups.push(redis.stop);
  const { queue } = await workingOn(redis.url);
  const port = Number(new URL(redis.url).port);
  await queue.ping();
  await redisCommand(port, `CONFIG SET ${setting} ${on}`);
  await expect(queue.ping()).rejects.toThrow(/OOM|NOREPLICAS/);
  await redisCommand(port, `CONFIG SET ${setting} ${off}`);
  await queue.ping();
});

it('refuses to start without its Redis, with a sentence', async () => {
  const redis = await startRedis();
  await redis.stop();
  await expect(workingOn(redis.url)).rejects.toThrow(/Redis at 127\.0\.0\.1:\d+.*Start it, or correct REDIS_URL/);
});

it('follows the Sentinels to a new master', async () => {
  const sentinels = await startRedisSentinel();
  cleanups.push(sentinels.stop);
  const { seen, addOnceBack } = await workingOn(sentinels.url);
  await sentinels.killMaster();
  await addOnceBack('step_after');
  await seen.reached(1);
}, 60_000);

it('goes on when Postgres is restarted', async () => {
  const postgres = await startPostgres();
  cleanups.push(postgres.stop);
  const { queue, seen, addOnceBack } = await workingOn(null, postgres.url);
  await queue.add(job('step_before'));
  await seen.reached(1);
  await postgres.kill();
  await expect(queue.add(job('step_down'))).rejects.toThrow(/Start it, or correct DATABASE_URL/);
  await postgres.start();
  await addOnceBack('step_after');
  await seen.reached(2);
}, 60_000);

it.each(['Redis', 'Postgres'])(
  'delivers what a killed worker had taken within the 15 s that a claim holds, on %s',
  async (kind) => {
    const redis = kind === 'Redis' ? await startRedis() : null;
    const postgres = await startPostgres();
    cleanups.push(postgres.stop, ...(redis ? [redis.stop] : []));
    const place = { databaseUrl: postgres.url, dataDir: null, redisUrl: redis?.url ?? null, name: 'killed' };
    await killWorkerInMidJob(place);
    const { log } = keepingLog();
    const database = await openDatabase({ ...place, runtime, log });
    cleanups.push(() => database.close());
    const queue = await openQueue({ redisUrl: place.redisUrl, name: place.name, database, log });
    cleanups.push(() => queue.close(0));
    const seen = collect();
    await queue.work(seen.handle, { concurrency: 1 });
    // Waits for 15 s at most.
    await seen.reached(1);
    expect(seen.jobs[0]?.jobId).toBe('step_killed');
  },
  90_000,
);

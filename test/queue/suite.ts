import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '../../jobs/queue/open.js';
import type { JobQueue, QueuedJob } from '../../src/ports/queue.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { StoreDatabase } from '../../src/store/connection.js';
import { openDatabase } from '../../src/store/open.js';
import type { Ground } from '../backends.js';
import { keepingLog, type LogLine } from './log.js';

const runtime = systemRuntime();

/** What the queue promises, whatever it stands on. */
export function queueSuite(ground: () => Ground): void {
  let database: StoreDatabase;
  let name: string;
  let opened: JobQueue[];
  let lines: LogLine[];

  const open = async (): Promise<JobQueue> => {
    const kept = keepingLog();
    lines = kept.lines;
    const queue = await openQueue({ redisUrl: ground().redisUrl, database, log: kept.log, name, lockMs: 1_000 });
    opened.push(queue);
    return queue;
  };

  beforeAll(async () => {
    database = await ground().freshDatabase();
  });

  afterAll(() => database.close());

  beforeEach(() => {
    name = runtime.newId('queue');
    opened = [];
  });

  afterEach(async () => {
    for (const queue of opened) await queue.close(0);
  });

  it('delivers a job with its name and data, and forgets it', async () => {
    const queue = await open();
    await queue.add(job('step_1'));
    expect(await queue.has('step_1')).toBe(true);
    const seen = collect();
    await queue.work(seen.handle, { concurrency: 1 });
    await seen.reached(1);
    expect(seen.jobs).toEqual([job('step_1')]);
    await eventually(async () => !(await queue.has('step_1')));
    await queue.add(job('step_1'));
    await seen.reached(2);
  });

  it('leaves a job with the same id as it is while it waits or runs', async () => {
    const queue = await open();
    await queue.add(job('step_1'));
    await queue.add({ ...job('step_1'), data: { step: 'other' } });
    expect(await queue.counts()).toEqual({ waiting: 1, delayed: 0, active: 0 });
    const gate = collect();
    gate.shut();
    await queue.work(gate.handle, { concurrency: 1 });
    await gate.reached(1);
    await queue.add(job('step_1'));
    expect(await queue.counts()).toEqual({ waiting: 0, delayed: 0, active: 1 });
    gate.open();
    await eventually(async () => !(await queue.has('step_1')));
    expect(gate.jobs).toEqual([job('step_1')]);
  });

  it('keeps a delayed job back, then delivers it', async () => {
    const queue = await open();
    const seen = collect();
    await queue.work(seen.handle, { concurrency: 1 });
    const added = performance.now();
    await queue.add(job('step_late'), { delayMs: 300 });
    expect(await queue.has('step_late')).toBe(true);
    expect(seen.jobs).toEqual([]);
    await seen.reached(1);
    expect(performance.now() - added).toBeGreaterThanOrEqual(290);
  });

  it('runs as many jobs at once as told, and no more', async () => {
    const queue = await open();
    const seen = collect();
    seen.shut();
    await queue.addMany(Array.from({ length: 6 }, (_, index) => job(`step_${String(index)}x`)));
    await queue.work(seen.handle, { concurrency: 3 });
    await seen.reached(3);
    await sleep(100);
    expect(seen.jobs).toHaveLength(3);
    seen.open();
    await seen.reached(6);
  });

  it('drops a job whose handler throws, and says so', async () => {
    const queue = await open();
    await queue.add(job('step_bad'));
    await queue.work(() => Promise.reject(new Error('broken on purpose')), { concurrency: 1 });
    await eventually(async () => !(await queue.has('step_bad')));
    expect(lines.filter(({ text }) => text.includes('broken on purpose'))).toHaveLength(1);
  });

  it('lets a running job end within the grace of a close', async () => {
    const queue = await open();
    const seen = collect();
    seen.shut();
    await queue.add(job('step_1'));
    await queue.work(seen.handle, { concurrency: 1 });
    await seen.reached(1);
    const closed = queue.close(10_000);
    seen.open();
    await closed;
    expect(seen.aborted).toBe(0);
    expect(await (await open()).has('step_1')).toBe(false);
  });

  it('aborts what outlasts the grace and hands it back to another worker', async () => {
    const first = await open();
    const stuck = collect();
    stuck.shut();
    await first.add(job('step_1'));
    await first.work(stuck.handle, { concurrency: 1 });
    await stuck.reached(1);
    await first.close(50);
    expect(stuck.aborted).toBe(1);
    const second = await open();
    const seen = collect();
    await second.work(seen.handle, { concurrency: 1 });
    await seen.reached(1);
    expect(seen.jobs).toEqual([job('step_1')]);
  });

  it('delivers again what a killed worker had taken', async () => {
    const place = await ground().freshPlace();
    await killWorkerInMidJob({ ...place, name, lockMs: 1_000 });
    const survivor = await openDatabase({ ...place, runtime });
    try {
      const queue = await openQueue({
        redisUrl: place.redisUrl,
        database: survivor,
        log: keepingLog().log,
        name,
        lockMs: 1_000,
      });
      const seen = collect();
      await queue.work(seen.handle, { concurrency: 1 });
      await seen.reached(1);
      expect(seen.jobs[0]?.jobId).toBe('step_killed');
      await queue.close(1_000);
    } finally {
      await survivor.close();
    }
  }, 90_000);

  it.each(['', '12', 'a:b'])('refuses the job id %j with a sentence', async (jobId) => {
    const queue = await open();
    await expect(queue.add(job(jobId))).rejects.toThrow(/cannot be a job id/);
  });

  it('refuses to be used after its close', async () => {
    const queue = await open();
    await queue.ping();
    await queue.close(0);
    await expect(queue.add(job('step_1'))).rejects.toThrow('The queue is closed');
  });
}

export const job = (jobId: string): QueuedJob => ({ jobId, name: 'step', data: { step: jobId } });

export interface Collector {
  readonly jobs: QueuedJob[];
  aborted: number;
  readonly handle: (job: QueuedJob, signal: AbortSignal) => Promise<void>;
  /** From now on jobs do not end until `open()` or their abort. */
  shut(): void;
  open(): void;
  reached(count: number): Promise<void>;
}

export function collect(): Collector {
  let gate: Promise<void> = Promise.resolve();
  let openGate: () => void = () => undefined;
  const collector: Collector = {
    jobs: [],
    aborted: 0,
    handle: async (taken, signal) => {
      collector.jobs.push(taken);
      const abort = once(signal, 'abort').then(() => {
        collector.aborted += 1;
        throw new Error('aborted');
      });
      await Promise.race([gate, abort]);
    },
    shut: () => {
      gate = new Promise((resolve) => {
        openGate = resolve;
      });
    },
    open: () => openGate(),
    reached: (count) => eventually(() => Promise.resolve(collector.jobs.length >= count)),
  };
  return collector;
}

export async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < 1_500; step += 1) {
    if (await check()) return;
    await sleep(10);
  }
  throw new Error('It did not happen within 15 s.');
}

/** A process takes the job `step_killed` and dies over it. */
export async function killWorkerInMidJob(place: object): Promise<void> {
  const script = path.join(process.cwd(), 'test/queue/killed-worker.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(place)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as unknown[];
  expect(String(said)).toContain('step_killed');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWorkerShare } from '../../jobs/worker-share.js';
import { type Runtime, systemRuntime } from '../../src/platform/runtime.js';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';

const LIMITS = { concurrency: 5, perMinute: 60 };

describe('workers that share the limits of a system', () => {
  let db: Database;
  let at = Date.parse('2026-03-02T09:00:00Z');
  const runtime: Runtime = { ...systemRuntime(), now: () => new Date(at) };
  const worker = () => createWorkerShare({ db, runtime, workspaceId: 'T1' });
  beforeAll(async () => {
    db = await openMemoryDatabase();
  });
  afterAll(() => db.close());

  it('part them while they live, and get them back when one is gone', async () => {
    const [one, two] = [worker(), worker()];
    await one.beat();
    expect(one.of(LIMITS)).toEqual(LIMITS);
    await two.beat();
    await one.beat();
    const parts = [one.of(LIMITS), two.of(LIMITS)];
    expect(parts.map(({ concurrency }) => concurrency).sort()).toEqual([2, 3]);
    expect(parts.map(({ perMinute }) => perMinute)).toEqual([30, 30]);
    // The second one dies without a word.
    at += 16_000;
    await one.beat();
    expect(one.of(LIMITS)).toEqual(LIMITS);
  });

  it('say goodbye, and know nothing of another workspace', async () => {
    const [one, two] = [worker(), worker()];
    const stranger = createWorkerShare({ db, runtime, workspaceId: 'T2' });
    at += 16_000;
    for (const each of [one, two, stranger, one]) await each.beat();
    expect(one.of(LIMITS).perMinute).toBe(30);
    expect(stranger.of(LIMITS)).toEqual(LIMITS);
    await two.stop();
    await one.beat();
    expect(one.of(LIMITS)).toEqual(LIMITS);
  });
});

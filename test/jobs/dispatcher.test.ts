import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDispatcher, type Dispatcher } from '../../jobs/dispatcher.js';
import { backoffMs } from '../../jobs/backoff.js';
import { overdueWork } from '../../jobs/overdue.js';
import { requestWork } from '../../src/outbox/outbox.js';
import { coreOver } from '../core.js';
import { freshDatabase } from '../fresh-database.js';
import { type PlayedRuntime, playedRuntime } from '../played-runtime.js';
import { claim } from '../runs.js';
import { MemoryQueue } from './memory-queue.js';

let opened: ReturnType<typeof coreOver>;
let runtime: PlayedRuntime;
let queue: MemoryQueue;
let dispatcher: Dispatcher;
beforeEach(async () => {
  runtime = playedRuntime();
  opened = coreOver(await freshDatabase(), { runtime });
  queue = new MemoryQueue();
  const { db, log } = opened.core;
  dispatcher = createDispatcher({ db, queue, runtime, log });
}, 120_000);
afterEach(async () => {
  await dispatcher.stop();
});

const ask = (ref: string, delayMs = 0): Promise<void> =>
  requestWork(opened.core.db, {
    workspaceId: opened.core.workspaceId,
    name: 'sync_incident',
    ref,
    correlationId: 'cor',
    now: runtime.now(),
    delayMs,
  });
const states = async (): Promise<readonly string[]> => {
  const { rows } = await opened.core.db.query<{ ref: string; status: string }>(
    'select ref, status from work order by ref',
  );
  return rows.map(({ ref, status }) => `${ref} ${status}`);
};
/** Nudges, and waits until all that waited was seen to. */
const nudge = async (): Promise<void> => {
  dispatcher.nudge();
  await dispatcher.stop();
};
const ids = (): readonly string[] => queue.jobs.map(({ jobId }) => jobId);

describe('committed work', () => {
  it('is put into the queue under an id of its own for each request and try', async () => {
    await ask('inc_1');
    await nudge();
    expect(queue.jobs).toEqual([
      {
        jobId: 'sync_incident_inc_1_1_0',
        name: 'sync_incident',
        data: { workspace_id: opened.core.workspaceId, id: 'sync_incident_inc_1' },
        delayMs: 0,
      },
    ]);
    expect(await states()).toEqual(['inc_1 enqueued']);
    expect(runtime.moments).toEqual([['outbox.enqueued', 'sync_incident_inc_1']]);
    await ask('inc_1');
    await nudge();
    expect(ids()).toEqual(['sync_incident_inc_1_1_0', 'sync_incident_inc_1_2_0']);
  });

  it('that is due later is delayed there; what is due in a moment waits here', async () => {
    await ask('due');
    await ask('soon', 1_000);
    await ask('later', 1_001);
    await nudge();
    expect(queue.jobs.map(({ jobId, delayMs }) => [jobId, delayMs])).toEqual([
      ['sync_incident_due_1_0', 0],
      ['sync_incident_later_1_0', 1_001],
    ]);
    expect(await states()).toEqual(['due enqueued', 'later enqueued', 'soon pending']);
    runtime.move(1_000);
    await nudge();
    expect(await states()).toEqual(['due enqueued', 'later enqueued', 'soon enqueued']);
  });

  it('is put there in batches, to the last one', async () => {
    const { core } = opened;
    await core.db.query(
      `insert into work (workspace_id, id, name, ref, status, run_after, correlation_id, changed_at)
       select $1, 'sync_incident_' || n, 'sync_incident', n::text, 'pending', $2, 'cor', $2 from generate_series(1, 401) as n`,
      [core.workspaceId, runtime.now()],
    );
    await nudge();
    expect([queue.jobs.length, new Set(ids()).size]).toEqual([401, 401]);
  });

  it('stays pending while the queue refuses it, which says why, and is put there when it takes it again', async () => {
    await ask('inc_1');
    queue.refuses = new Error('READONLY');
    await nudge();
    expect([dispatcher.refusal(), await states()]).toEqual(['READONLY', ['inc_1 pending']]);
    queue.refuses = null;
    await nudge();
    expect([dispatcher.refusal(), await states()]).toEqual([null, ['inc_1 enqueued']]);
  });
});

describe('a look for what was left behind', () => {
  const reconcile = async (): Promise<void> => {
    await dispatcher.reconcile();
    await dispatcher.stop();
  };

  it('frees what a dead worker held, once its claim is over', async () => {
    await ask('inc_1');
    await claim(opened.core, 'sync_incident', 'inc_1');
    runtime.move(15_000);
    await reconcile();
    expect(await states()).toEqual(['inc_1 running']);
    runtime.move(1);
    await reconcile();
    expect(await states()).toEqual(['inc_1 enqueued']);
    expect(ids()).toEqual(['sync_incident_inc_1_1_1']);
    expect(dispatcher.lastRound()).toEqual(runtime.now());
  });

  it('asks the queue for what it took long ago, and puts there again what it has lost', async () => {
    await ask('kept');
    await ask('lost');
    await nudge();
    queue.jobs.splice(0, 2, ...queue.jobs.filter(({ jobId }) => jobId.includes('kept')));
    runtime.move(10_000);
    await reconcile();
    expect(ids()).toEqual(['sync_incident_kept_1_0']);
    runtime.move(1);
    await reconcile();
    expect(ids()).toEqual(['sync_incident_kept_1_0', 'sync_incident_lost_1_0']);
  });
});

it('counts work as late that nobody is at five seconds after it was due, or after its claim ended', async () => {
  const { core } = opened;
  await ask('waits');
  await ask('held');
  await claim(core, 'sync_incident', 'held');
  const overdue = (): ReturnType<typeof overdueWork> => overdueWork(core.db, runtime.now());
  runtime.move(5_000);
  expect(await overdue()).toEqual({ late: 0, oldestMs: 5_000 });
  runtime.move(1);
  expect(await overdue()).toEqual({ late: 1, oldestMs: 5_001 });
  runtime.move(15_000);
  expect(await overdue()).toEqual({ late: 2, oldestMs: 20_001 });
});

it.each([
  [1, 500, 1_000],
  [2, 1_000, 2_000],
  [7, 30_000, 60_000],
  [20, 30_000, 60_000],
])('pauses before try %i from %i to %i ms', (attempt, least, most) => {
  expect(backoffMs(attempt, runtime)).toBe(least);
  expect(backoffMs(attempt, { ...runtime, randomBytes: (size) => Buffer.alloc(size, 0xff) })).toBe(most);
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Handlers, type Outcome, type Run, startWorker } from '../../jobs/worker.js';
import { LeaseLostError, requestWork, WORK_NAMES } from '../../src/outbox/outbox.js';
import { coreOver } from '../core.js';
import { freshDatabase } from '../fresh-database.js';
import { type PlayedRuntime, playedRuntime } from '../played-runtime.js';
import { takeOver } from '../runs.js';
import { MemoryQueue } from './memory-queue.js';

let opened: ReturnType<typeof coreOver>;
let runtime: PlayedRuntime;
let queue: MemoryQueue;
let dispatched = 0;
let handle: (run: Run) => Promise<Outcome>;
beforeEach(async () => {
  runtime = playedRuntime();
  opened = coreOver(await freshDatabase(), { runtime });
  queue = new MemoryQueue();
  dispatched = 0;
  const { db, log } = opened.core;
  const handlers = Object.fromEntries(WORK_NAMES.map((name) => [name, (run: Run) => handle(run)])) as Handlers;
  const dispatch = (): void => {
    dispatched += 1;
  };
  await startWorker({ db, queue, runtime, log, handlers, leaseMs: 15_000, stuckMs: 60_000, concurrency: 1, dispatch });
  await ask();
}, 120_000);
afterEach(() => {
  jest.useRealTimers();
});

const ask = (): Promise<void> =>
  requestWork(opened.core.db, {
    workspaceId: opened.core.workspaceId,
    name: 'sync_incident',
    ref: 'inc_1',
    correlationId: 'cor',
    now: runtime.now(),
  });
const deliver = (): Promise<void> =>
  queue.deliver({ name: 'sync_incident', data: { workspace_id: opened.core.workspaceId, id: 'sync_incident_inc_1' } });
const row = async () => {
  const { rows } = await opened.core.db.query<{ status: string; attempt: number; token: string | null; inMs: number }>(
    `select status, attempt, lease_token as token, (extract(epoch from run_after) * 1000)::float8 - $1::float8 as "inMs" from work`,
    [runtime.now().getTime()],
  );
  return rows[0];
};

describe('how a run ends', () => {
  it('done: the work is done, and nobody is woken', async () => {
    handle = () => Promise.resolve('completed');
    await deliver();
    expect(await row()).toMatchObject({ status: 'done', attempt: 1, token: null });
    expect([dispatched, runtime.moments]).toEqual([0, [['job.claimed', 'sync_incident_inc_1']]]);
  });

  it('done while it was asked for again: it is run once more', async () => {
    handle = async () => {
      await ask();
      return 'completed';
    };
    await deliver();
    expect(await row()).toMatchObject({ status: 'pending', attempt: 0 });
    expect(dispatched).toBe(1);
  });

  it('ended by the handler itself: the worker writes nothing more', async () => {
    handle = () => Promise.resolve('already_finished');
    await deliver();
    expect(await row()).toMatchObject({ status: 'running' });
  });

  it('once more after a while: that long it waits, unless it was asked for meanwhile', async () => {
    handle = () => Promise.resolve({ againInMs: 9_000 });
    await deliver();
    expect(await row()).toMatchObject({ status: 'pending', attempt: 1, inMs: 9_000 });
    runtime.move(9_000);
    handle = async () => {
      await ask();
      return { againInMs: 9_000 };
    };
    await deliver();
    expect(await row()).toMatchObject({ status: 'pending', inMs: 0 });
    expect(dispatched).toBe(2);
  });

  it('by an unexpected error: it is tried again with growing pauses', async () => {
    handle = () => Promise.reject(new Error('unexpected'));
    for (const [attempt, inMs] of [
      [1, 500],
      [2, 1_000],
      [3, 2_000],
    ] as const) {
      await deliver();
      expect(await row()).toMatchObject({ status: 'pending', attempt, inMs, token: null });
      runtime.move(inMs);
    }
  });

  it('by a lost claim: nothing is written, for another worker has it', async () => {
    handle = async (run) => {
      await takeOver(opened.core, run);
      throw new LeaseLostError(run.lease.id);
    };
    await deliver();
    expect(await row()).toMatchObject({ status: 'running', token: 'another worker' });
    expect(dispatched).toBe(0);
  });

  it.each(['completed', { againInMs: 1 }] as const)(
    'with %j after its claim was lost: the other worker keeps it',
    async (outcome) => {
      handle = async (run) => {
        await takeOver(opened.core, run);
        return outcome;
      };
      await deliver();
      expect(await row()).toMatchObject({ status: 'running', token: 'another worker' });
    },
  );

  it('when the process stops: it is run again by the next one', async () => {
    handle = ({ signal }) => {
      queue.stop.abort(new Error('stopping'));
      return signal.aborted ? Promise.reject(new Error('given up')) : Promise.resolve('completed');
    };
    await deliver();
    expect(await row()).toMatchObject({ status: 'pending', attempt: 1 });
  });
});

describe('what a worker does not run', () => {
  it.each([
    ['is done', `status = 'done'`],
    ['is not due', `run_after = run_after + interval '1 second'`],
    ['another worker holds', `status = 'running', lease_token = 'x', lease_until = run_after + interval '15 seconds'`],
  ])('what %s', async (_what, so) => {
    await opened.core.db.query(`update work set ${so}`);
    const before = await row();
    handle = () => Promise.reject(new Error('it is not to be run'));
    await deliver();
    expect(await row()).toEqual(before);
  });

  it.each(['of_a_newer_version', 'constructor'])(
    'what a newer version requested (%s): it is put off and left to that one, loudly, and not tried again at once',
    async (name) => {
      await opened.core.db.query('update work set name = $1', [name]);
      const said = jest.spyOn(opened.core.log, 'error');
      handle = () => Promise.reject(new Error('it is not to be run'));
      for (const attempt of [1, 2, 3]) {
        await deliver();
        expect(await row()).toMatchObject({ status: 'pending', attempt, inMs: 15_000, token: null });
        runtime.move(15_000);
      }
      expect(said).toHaveBeenCalledTimes(3);
      expect(said).toHaveBeenCalledWith(expect.objectContaining({ name }), expect.stringContaining('does not know'));
      await opened.core.db.query(`update work set name = 'sync_incident'`);
      handle = () => Promise.resolve('completed');
      await deliver();
      expect(await row()).toMatchObject({ status: 'done' });
    },
  );

  it('a job without references', async () => {
    handle = () => Promise.reject(new Error('it is not to be run'));
    await queue.deliver({ name: 'sync_incident', data: {} });
    expect(await row()).toMatchObject({ status: 'pending', attempt: 0 });
  });

  it('but it takes over what was held until now', async () => {
    await opened.core.db.query(
      `update work set status = 'running', lease_token = 'x', lease_until = run_after - interval '1 second'`,
    );
    handle = () => Promise.resolve('completed');
    await deliver();
    expect(await row()).toMatchObject({ status: 'done' });
  });
});

describe('what a handler stores', () => {
  const touch = (run: Run): Promise<unknown> =>
    run.commit((tx) => tx.query(`insert into workers (workspace_id, id, seen_at) values ('w', 'here', now())`));
  const stored = async (): Promise<number> => (await opened.core.db.query('select 1 from workers')).rows.length;

  it('is stored while its claim holds', async () => {
    handle = async (run) => {
      await touch(run);
      return 'completed';
    };
    await deliver();
    expect(await stored()).toBe(1);
  });

  it('is stored no more once another worker has taken over', async () => {
    handle = async (run) => {
      await takeOver(opened.core, run);
      await touch(run);
      return 'completed';
    };
    await deliver();
    expect(await stored()).toBe(0);
  });
});

describe('a run that takes long', () => {
  it('holds its claim as long as it comes forward, and lets go of it when it does not', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    let run: Run | null = null;
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    handle = (given) => {
      run = given;
      begun();
      return new Promise(() => undefined);
    };
    const delivered = deliver();
    await running;
    for (let beat = 0; beat < 12; beat += 1) jest.advanceTimersByTime(5_000);
    (run as Run | null)?.progress();
    for (let beat = 0; beat < 12; beat += 1) jest.advanceTimersByTime(5_000);
    expect((run as Run | null)?.signal.aborted).toBe(false);
    jest.advanceTimersByTime(5_000);
    await delivered;
    expect((run as Run | null)?.signal.aborted).toBe(true);
    expect(await row()).toMatchObject({ status: 'running' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { createDispatcher, type Dispatcher } from '../../jobs/dispatcher.js';
import { holdLease, LeaseLostError, requestWork, WORK_NAMES } from '../../src/outbox/outbox.js';
import { openQueue } from '../../jobs/queue/open.js';
import type { JobQueue } from '../../src/ports/queue.js';
import { callOf, type Handlers, type Outcome, type Run, startWorker } from '../../jobs/worker.js';
import { createMimecastDirectory } from 'identity-sandbox/mimecast';
import { limited } from '../../src/connectors/limits/limited.js';
import { createMimecastConnector } from '../../src/connectors/mimecast/connector.js';
import { mimecastSettings } from '../../src/connectors/mimecast/settings.js';
import type { Connector } from '../../src/ports/connector.js';
import { err } from '../../src/platform/result.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { StoreDatabase } from '../../src/store/connection.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openDatabase } from '../../src/store/open.js';
import { eventually } from './suite.js';

const LEASE_MS = 300;
const STUCK_MS = 600;
const runtime = systemRuntime();
const log = pino({ enabled: false });

let db: StoreDatabase;
let queue: JobQueue;
let dispatcher: Dispatcher;
let rounds: NodeJS.Timeout;

beforeEach(async () => {
  db = await openDatabase({ databaseUrl: null, dataDir: null, runtime });
  await migrate(db, migrations);
  queue = await openQueue({ redisUrl: null, database: db, log, lockMs: 1_000 });
  dispatcher = createDispatcher({ db, queue, runtime, log });
  rounds = setInterval(() => void dispatcher.reconcile(), 100);
});
afterEach(async () => {
  clearInterval(rounds);
  await dispatcher.stop();
  await queue.close(0);
  await db.close();
});

/** Runs `step` for every kind of work, and asks for one. */
async function working(step: (run: Run) => Promise<Outcome>, concurrency = 2): Promise<void> {
  const handlers = Object.fromEntries(WORK_NAMES.map((name) => [name, step])) as Handlers;
  const dispatch = (): void => dispatcher.nudge();
  await startWorker({ db, queue, runtime, log, handlers, leaseMs: LEASE_MS, stuckMs: STUCK_MS, concurrency, dispatch });
  await request('inc_1');
}

async function request(ref: string): Promise<void> {
  const wanted = { workspaceId: 'T1', name: 'sync_incident', ref, correlationId: 'c', now: runtime.now() } as const;
  await requestWork(db, wanted);
  dispatcher.nudge();
}

const isDone = async (ref: string): Promise<boolean> =>
  (await db.query("select 1 from work where id = $1 and status = 'done'", [`sync_incident_${ref}`])).rowCount === 1;

describe('a run that makes no progress', () => {
  it('loses its claim to another one, and what it writes afterwards is refused', async () => {
    const runs: Run[] = [];
    let wake: () => void = () => undefined;
    let written: Promise<unknown> = Promise.resolve();
    await working(async (run) => {
      runs.push(run);
      if (runs.length > 1) return 'completed';
      written = new Promise<void>((resolve) => {
        wake = resolve;
      }).then(() => holdLease(db, run.lease));
      await written;
      return 'completed';
    });
    await eventually(() => isDone('inc_1'));
    expect(runs.length).toBe(2);
    expect(runs[0]?.signal.aborted).toBe(true);
    wake();
    await expect(written).rejects.toThrow(LeaseLostError);
  });

  it('does not keep the place of another one', async () => {
    let wake: () => void = () => undefined;
    const woken = new Promise<Outcome>((resolve) => {
      wake = () => resolve('completed');
    });
    await working((run) => (run.work.ref === 'inc_1' ? woken : Promise.resolve('completed' as const)), 1);
    await request('inc_2');
    await eventually(() => isDone('inc_2'));
    wake();
  });
});

describe('a run that waits for its turn at a slow system', () => {
  it('keeps its claim, for that is progress', async () => {
    const directory = await createMimecastDirectory({
      users: [],
      groups: [],
      clientId: 'slow',
      clientSecret: 'slow',
      clock: () => runtime.now(),
      rateLimit: null,
    });
    const own = createMimecastConnector(
      mimecastSettings.parse({ base_url: directory.url, client_id: 'slow', client_secret: 'slow' }),
      runtime,
    );
    let free: () => void = () => undefined;
    const busy = new Promise<void>((resolve) => {
      free = resolve;
    });
    // The system's one place is taken until the test gives it back.
    const slow: Connector = {
      ...own,
      find: async (person) => {
        if (person.employeeId === 'first') await busy;
        return err({ kind: 'not_found', message: 'nobody' });
      },
    };
    const system = limited(slow, {
      runtime,
      share: () => ({ concurrency: 1, perMinute: null }),
      onBreak: () => undefined,
    });
    const ahead = system.find(
      { emails: [], employeeId: 'first' },
      { signal: new AbortController().signal, correlationId: 'first' },
    );
    let began = 0;
    await working(async (run) => {
      began += 1;
      await system.find({ emails: [], employeeId: 'second' }, callOf(run));
      return 'completed';
    });
    // Three times as long as a run may go without progress.
    const long = runtime.now().getTime() + 3 * STUCK_MS;
    await eventually(async () => {
      const { rows } = await db.query<{ until: Date | null }>('select lease_until as until from work');
      return (rows[0]?.until?.getTime() ?? 0) > long;
    });
    expect(began).toBe(1);
    expect(await isDone('inc_1')).toBe(false);
    free();
    await ahead;
    await eventually(() => isDone('inc_1'));
    expect(began).toBe(1);
    await system.close();
    await directory.close();
  });
});

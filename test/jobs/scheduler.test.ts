import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDispatcher } from '../../jobs/dispatcher.js';
import { type Scheduler, startScheduler } from '../../jobs/scheduler.js';
import { err } from '../../src/platform/result.js';
import type { ConnectorFailure, EventSource } from '../../src/ports/connector.js';
import { requestWork } from '../../src/outbox/outbox.js';
import type { MemoryConnector } from '../memory-connector.js';
import { Scene } from '../scene.js';
import { MemoryQueue } from './memory-queue.js';

let scene: Scene;
let okta: MemoryConnector;
let queue: MemoryQueue;
let running: Scheduler[];
beforeEach(async () => {
  scene = await Scene.open();
  const [first] = scene.systems;
  if (!first) throw new Error('the scene has no system');
  okta = first;
  queue = new MemoryQueue();
  running = [];
}, 120_000);
afterEach(() => Promise.all(running.map((one) => one.stop())));

/** Resolves when something was told often enough; what the scheduler tells is what the test waits for. */
function counted(times: number) {
  let reached = (): void => undefined;
  const told: unknown[] = [];
  const all = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const tell = (what: unknown): void => {
    told.push(what);
    if (told.length >= times) reached();
  };
  return {
    told,
    all,
    tell,
    round: (): Promise<void> => {
      tell('round');
      return Promise.resolve();
    },
  };
}

interface Given {
  readonly polls?: boolean;
  readonly onPoll?: (system: string, notices: number | null) => void;
  readonly onRound?: () => Promise<void>;
}

function start({ polls = true, onPoll = () => undefined, onRound = () => Promise.resolve() }: Given): Scheduler {
  const { core, runtime } = scene;
  const dispatcher = createDispatcher({ db: core.db, queue, runtime, log: core.log });
  const pollMs = (): number => 1;
  const started = startScheduler({ core, dispatcher, onPoll, onRound, polls, pollMs, reconcileMs: 1 });
  running.push(started);
  return started;
}

/** The system tells nothing but this, in order, and then what it told last. */
function answers(...failures: readonly (ConnectorFailure | Error)[]): void {
  const events = okta.events;
  if (!events) throw new Error('the system has no log');
  const left = [...failures];
  const poll: EventSource['poll'] = (cursor, call) => {
    const next = left.shift();
    if (next === undefined) return events.poll(cursor, call);
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(err(next));
  };
  Object.assign(okta, { events: { ...events, poll } });
}

describe('the polls of a system', () => {
  it('go on after a failure and after a fault, each is told, and the cursor follows', async () => {
    answers({ kind: 'transient', message: 'no answer', retryAfterMs: 1 }, new Error('a fault'));
    const polls = counted(3);
    start({ onPoll: (system, notices) => polls.tell([system, notices]) });
    await polls.all;
    expect(polls.told.slice(0, 2)).toEqual([
      ['okta', null],
      ['okta', 0],
    ]);
    const { rows } = await scene.core.db.query('select system, cursor from event_cursors');
    expect(rows).toMatchObject([{ system: 'okta' }]);
  });

  it('are left to others where this process does not read events', async () => {
    const polls = counted(1);
    const rounds = counted(3);
    start({
      polls: false,
      onPoll: polls.tell,
      onRound: rounds.round,
    });
    await rounds.all;
    expect(polls.told).toEqual([]);
  });
});

describe('the rounds', () => {
  it('put forgotten work into the queue', async () => {
    const { db, workspaceId, runtime } = { ...scene.core };
    await requestWork(db, { workspaceId, name: 'call_again', ref: 'inc_1', correlationId: 'cor', now: runtime.now() });
    const rounds = counted(2);
    start({ polls: false, onRound: rounds.round });
    await rounds.all;
    expect(queue.jobs.map(({ name }) => name)).toContain('call_again');
  });

  it('go on when the figures cannot be read', async () => {
    const rounds = counted(3);
    start({
      polls: false,
      onRound: () => {
        rounds.tell('round');
        return Promise.reject(new Error('no figures'));
      },
    });
    await rounds.all;
  });

  it('end with a stop that comes while they run, and nothing begins after it', async () => {
    const rounds = counted(1);
    const scheduler = start({ onRound: rounds.round });
    await rounds.all;
    await scheduler.stop();
    const until = rounds.told.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rounds.told).toHaveLength(until);
  });
});

it('a checkpoint is asked for when none was posted yet', async () => {
  const rounds = counted(2);
  start({ onRound: rounds.round });
  await rounds.all;
  const names = async (): Promise<readonly string[]> => {
    const { rows } = await scene.core.db.query<{ name: string }>('select name from work');
    return rows.map(({ name }) => name);
  };
  for (let tries = 0; tries < 200 && !(await names()).includes('post_checkpoint'); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await names()).toContain('post_checkpoint');
});

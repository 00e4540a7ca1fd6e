import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMimecastDirectory } from 'identity-sandbox/mimecast';
import { RateLimiter } from '../../src/connectors/limits/rate-limiter.js';
import { limited } from '../../src/connectors/limits/limited.js';
import { CircuitBreaker } from '../../src/connectors/limits/circuit-breaker.js';
import { createMimecastConnector } from '../../src/connectors/mimecast/connector.js';
import { mimecastSettings } from '../../src/connectors/mimecast/settings.js';
import type { CallContext, Connector, ConnectorFailure } from '../../src/ports/connector.js';
import { type Runtime, systemRuntime } from '../../src/platform/runtime.js';
import { shareOf } from '../../jobs/worker-share.js';

const transient: ConnectorFailure = { kind: 'transient', message: 'It did not answer.' };
const never = new AbortController().signal;
const call = (): CallContext => ({ signal: never, correlationId: 'limits' });

/** A runtime whose clock stands still until it is moved. */
function playedRuntime(): Runtime & { advance(ms: number): void } {
  let at = Date.parse('2026-03-02T09:00:00Z');
  return { ...systemRuntime(), now: () => new Date(at), advance: (ms) => void (at += ms) };
}

/** A call that ends when it is told to. */
function open(): { work: () => Promise<string>; end: () => void } {
  let end = (): void => undefined;
  const done = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  return { work: () => done, end: () => end() };
}

describe('the rate limiter of a system', () => {
  it('never lets more through at once than allowed, and loses nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 }),
        async (concurrency, turns) => {
          const limiter = new RateLimiter(playedRuntime(), () => ({ concurrency, perMinute: null }));
          let [running, most] = [0, 0];
          const work = async (count: number): Promise<void> => {
            running += 1;
            most = Math.max(most, running);
            for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
            running -= 1;
          };
          const ended = await Promise.all(
            turns.map((count) => limiter.pass(never, () => work(count).then(() => 'through'))),
          );
          expect(ended).toEqual(turns.map(() => 'through'));
          expect(most).toBeLessThanOrEqual(concurrency);
        },
      ),
    );
  });

  it('lets no more begin in a minute than allowed, and goes on when the minute has passed', async () => {
    const runtime = playedRuntime();
    const limiter = new RateLimiter(runtime, () => ({ concurrency: 10, perMinute: 3 }));
    const begun: number[] = [];
    const all = [1, 2, 3, 4, 5].map((number) => limiter.pass(never, () => Promise.resolve(begun.push(number))));
    await Promise.all(all.slice(0, 3));
    runtime.advance(59_000);
    const outside = await limiter.pass(AbortSignal.timeout(600), () => Promise.resolve('too early'));
    expect(outside).toBeNull();
    expect(begun).toEqual([1, 2, 3]);
    runtime.advance(1_001);
    await Promise.all(all);
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives the place of whoever gives up to the next', async () => {
    const limiter = new RateLimiter(playedRuntime(), () => ({ concurrency: 1, perMinute: null }));
    const [first, second] = [open(), open()];
    const running = limiter.pass(never, first.work);
    const impatient = new AbortController();
    const waiting = limiter.pass(impatient.signal, () => Promise.resolve('never called'));
    const patient = limiter.pass(never, second.work);
    impatient.abort();
    expect(await waiting).toBeNull();
    first.end();
    second.end();
    expect(await Promise.all([running, patient])).toEqual(['done', 'done']);
  });

  it('gives the place back when a call throws', async () => {
    const limiter = new RateLimiter(playedRuntime(), () => ({ concurrency: 1, perMinute: null }));
    await expect(limiter.pass(never, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await limiter.pass(never, () => Promise.resolve('through'))).toBe('through');
  });
});

describe('the circuit breaker of a system that keeps failing', () => {
  it('begins at the fifth failure in a row, doubles, and ends with the first answer', () => {
    const runtime = playedRuntime();
    const breaker = new CircuitBreaker(runtime, 'Okta');
    const fail = (times: number): (number | null)[] => Array.from({ length: times }, () => breaker.note(transient));
    expect(fail(4)).toEqual([null, null, null, null]);
    expect(breaker.note(null)).toBeNull();
    expect(fail(5)).toEqual([null, null, null, null, 15_000]);
    expect(breaker.refusal()).toMatchObject({
      retryAfterMs: 15_000,
      message: expect.stringContaining('nothing was sent'),
    });
    runtime.advance(15_000);
    expect(breaker.refusal()).toBeNull();
    expect(fail(1)).toEqual([30_000]);
    runtime.advance(30_000);
    expect(breaker.note(null)).toBeNull();
    expect(fail(5).at(-1)).toBe(15_000);
  });

  it('is not set off by an answer that says no', () => {
    const breaker = new CircuitBreaker(playedRuntime(), 'Okta');
    const no: ConnectorFailure = { kind: 'permission', message: 'Not permitted.' };
    for (let times = 0; times < 20; times += 1) expect(breaker.note(no)).toBeNull();
    expect(breaker.refusal()).toBeNull();
  });
});

describe('a connector under limits', () => {
  async function mimecast() {
    const runtime = playedRuntime();
    const directory = await createMimecastDirectory({
      users: [{ email: 'ada@example.com', name: 'Ada Example' }],
      groups: [],
      clientId: 'notme',
      clientSecret: 'secret',
      clock: () => runtime.now(),
    });
    const connector = createMimecastConnector(
      mimecastSettings.parse({ base_url: directory.url, client_id: 'notme', client_secret: 'secret' }),
      runtime,
    );
    const told: [string, number | null][] = [];
    const parts = {
      runtime,
      share: (limits: Connector['limits']) => limits,
      onBreak: (system: string, ms: number | null) => void told.push([system, ms]),
    };
    return { runtime, directory, connector: limited(connector, parts), told };
  }
  const find = (connector: Connector) => connector.find({ emails: ['ada@example.com'], employeeId: null }, call());

  it('is left alone after five failures, without being called, and says so once', async () => {
    const { runtime, directory, connector, told } = await mimecast();
    try {
      directory.faults.add({ type: 'http_500', times: 100 });
      for (let times = 0; times < 5; times += 1) expect((await find(connector)).ok).toBe(false);
      const calls = directory.calls().length;
      const refused = await find(connector);
      expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining('left alone') } });
      expect(directory.calls().length).toBe(calls);
      expect(told).toEqual([['mimecast', 15_000]]);
      directory.faults.clear();
      runtime.advance(15_001);
      expect((await find(connector)).ok).toBe(true);
      expect(told.at(-1)).toEqual(['mimecast', null]);
    } finally {
      await directory.close();
    }
  });

  it('lets one system be slow while another answers', async () => {
    const [slow, quick] = await Promise.all([mimecast(), mimecast()]);
    try {
      slow.directory.faults.add({ type: 'slow', times: 50, ms: 60_000 });
      const waiting = Array.from({ length: 20 }, () => find(slow.connector));
      expect((await find(quick.connector)).ok).toBe(true);
      expect(waiting).toHaveLength(20);
    } finally {
      await Promise.all([slow.directory.close(), quick.directory.close()]);
    }
  });
});

describe('the parts of several workers', () => {
  it('add up to the whole, and leave nobody with nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20 }), (total, count) => {
        const parts = Array.from({ length: count }, (_, rank) => shareOf(total, { rank, count }));
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(1);
        if (total >= count) expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      }),
    );
  });
});

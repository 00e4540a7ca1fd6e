import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Secret } from '../../src/platform/secret.js';
import { createRateLimit } from '../../src/web/rate-limit.js';
import { createWebServer } from '../../src/web/server.js';
import type { Check } from '../../src/web/readiness.js';
import { playedRuntime } from '../mail/example.js';
import { ask, passing, start } from './start.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function web(over: Parameters<typeof start>[0] = {}) {
  const made = await start(over);
  open.push(made);
  return made;
}

const failing = (name: string): Check => ({ name, run: () => Promise.reject(new Error(`${name} refused; start it.`)) });
const report = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), checked_at: z.iso.datetime() })),
});
const ready = async (url: string) => {
  const answer = await ask(url, '/readyz');
  return { status: answer.status, report: report.parse(JSON.parse(answer.body)) };
};

describe('health and readiness', () => {
  it('is alive even when nothing else is', async () => {
    const { url } = await web({ essential: [failing('database')] });
    const answer = await ask(url, '/healthz');
    expect([answer.status, answer.body]).toEqual([200, '{"status":"ok"}\n']);
    expect(answer.headers['x-correlation-id']).toMatch(/^req_/);
  });

  it('is ready, degraded or down by what fails', async () => {
    const ok = await web({ connectors: [passing('mimecast')] });
    expect(await ready(ok.url)).toMatchObject({ status: 200, report: { status: 'ok' } });
    const degraded = await web({ connectors: [failing('mimecast')] });
    expect(await ready(degraded.url)).toMatchObject({
      status: 200,
      report: {
        status: 'degraded',
        checks: [
          { name: 'database', ok: true },
          { name: 'mimecast', ok: false, detail: 'mimecast refused; start it.' },
        ],
      },
    });
    const down = await web({ essential: [passing('queue'), failing('slack')] });
    expect(await ready(down.url)).toMatchObject({ status: 503, report: { status: 'down' } });
  });

  it('asks each check at most once in five seconds', async () => {
    let asked = 0;
    const counting: Check = { name: 'queue', run: () => Promise.resolve({ ok: (asked += 1) > 1, detail: 'first' }) };
    const { url, runtime } = await web({ essential: [counting] });
    await Promise.all([ready(url), ready(url), ready(url)]);
    expect([asked, (await ready(url)).status]).toEqual([1, 503]);
    runtime.advance(5_000);
    expect([(await ready(url)).status, asked]).toEqual([200, 2]);
  });

  it('gives up a check that hangs, aborts it, and does not pile up more', async () => {
    let asked = 0;
    let aborted = false;
    const hanging: Check = {
      name: 'mimecast',
      run: (signal) => {
        asked += 1;
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise(() => undefined);
      },
    };
    const { url, runtime } = await web({ connectors: [hanging] });
    expect((await ready(url)).report.checks[1]?.detail).toContain('did not answer within 2 s');
    runtime.advance(5_000);
    expect((await ready(url)).report.checks[1]?.detail).toContain('earlier question');
    expect([asked, aborted]).toEqual([1, true]);
  });
});

describe('the server', () => {
  it('shows metrics, behind a token when one is set', async () => {
    const { url, metrics } = await web({ metricsToken: new Secret('m3trics') });
    metrics.steps.inc({ system: 'mimecast', action: 'reset_password', outcome: 'verified' });
    expect((await ask(url, '/metrics')).status).toBe(401);
    expect((await ask(url, '/metrics', { headers: { authorization: 'Bearer no' } })).status).toBe(401);
    const answer = await ask(url, '/metrics', { headers: { authorization: 'Bearer m3trics' } });
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(answer.body).toContain('notme_steps_total{system="mimecast",action="reset_password",outcome="verified"} 1');
    expect(answer.body).toContain('notme_http_requests_total{route="metrics",method="GET",status="401"} 2');
    for (const name of [
      'incidents_opened_total',
      'step_duration_seconds',
      'slack_posts_total',
      'queue_jobs',
      'notices_total',
      'connector_up',
    ]) {
      expect(answer.body).toContain(`# TYPE notme_${name} `);
    }
  });

  it('tells its readiness behind the same token, and that it lives to everybody', async () => {
    let asked = 0;
    const counting: Check = { name: 'queue', run: () => Promise.resolve({ ok: (asked += 1) > 0, detail: '' }) };
    const { url } = await web({ metricsToken: new Secret('m3trics'), essential: [counting] });
    for (const headers of [{}, { authorization: 'Bearer m3tric' }, { authorization: 'm3trics' }]) {
      const refused = await ask(url, '/readyz', { headers });
      expect(refused).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect(refused.body).not.toContain('queue');
    }
    expect(asked).toBe(0);
    expect((await ask(url, '/readyz', { headers: { authorization: 'Bearer m3trics' } })).status).toBe(200);
    expect((await ask(url, '/healthz')).status).toBe(200);
  });

  it.each([
    ['X-Forwarded-For, and none is trusted', 0, { 'x-forwarded-for': '203.0.113.7' }],
    ['Forwarded, which is not read', 1, { forwarded: 'for=203.0.113.7' }],
    ['fewer entries than trusted proxies', 2, { 'x-forwarded-for': '203.0.113.7' }],
  ])('says once that no setting explains %s', async (_, trustedProxies, headers) => {
    let said = 0;
    const { url } = await web({ trustedProxies, onUnexplainedProxy: () => (said += 1) });
    await ask(url, '/healthz');
    expect(said).toBe(0);
    for (const path of ['/healthz', '/nothing', '/healthz']) await ask(url, path, { headers });
    expect(said).toBe(1);
  });

  it('says nothing of a header that the setting explains', async () => {
    let said = 0;
    const { url } = await web({ trustedProxies: 1, onUnexplainedProxy: () => (said += 1) });
    await ask(url, '/healthz', { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7', forwarded: 'for=x' } });
    expect(said).toBe(0);
  });

  it('answers what it does not know, with bounded labels', async () => {
    const { url, metrics } = await web();
    expect((await ask(url, '/nothing')).status).toBe(404);
    expect((await ask(url, '/report/x')).status).toBe(404);
    expect((await ask(url, '/healthz', { method: 'POST', body: 'x'.repeat(9000) })).status).toBe(405);
    expect((await ask(url, '*', { method: 'OPTIONS' })).status).toBe(400);
    expect((await ask(url, '/nothing', { method: 'MKCOL' })).status).toBe(404);
    expect(await metrics.registry.metrics()).toContain(
      'notme_http_requests_total{route="other",method="other",status="404"} 1',
    );
  });

  it('answers what is not HTTP with a correlation id', async () => {
    const { url } = await web();
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('hello\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nx-correlation-id: req_/);
  });

  it.each(['hello\r\n\r\n', 'GET / HTTP/1.1\r\nno colon here\r\n'])(
    'lets go of a client that sends %j and never closes its side',
    async (line) => {
      const { url } = await web();
      const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
      socket.write(line);
      socket.resume();
      await once(socket, 'end');
      // Whether the other side has let go shows only when something more is written.
      const knock = setInterval(() => socket.write('x'), 50);
      const [gone] = (await once(socket, 'error').finally(() => clearInterval(knock))) as [NodeJS.ErrnoException];
      expect(['ECONNRESET', 'EPIPE']).toContain(gone.code);
    },
    10_000,
  );

  it('hands a request over, and answers 500 when the other one fails', async () => {
    const { url, errors } = await web({
      extraHandler: (request, response) => {
        if (request.url === '/broken') throw new Error('not mine');
        if (request.url !== '/slack/events') return false;
        response.end('taken over');
        return true;
      },
    });
    const taken = await ask(url, '/slack/events', { method: 'POST' });
    expect([taken.body, typeof taken.headers['x-correlation-id']]).toEqual(['taken over', 'string']);
    expect((await ask(url, '/healthz')).status).toBe(200);
    expect((await ask(url, '/broken')).status).toBe(500);
    expect(errors).toHaveLength(1);
  });

  it('says which port is taken, and closes twice without harm', async () => {
    const first = await web();
    const { port } = new URL(first.url);
    const { runtime, metrics } = first;
    const second = createWebServer({
      port: Number(port),
      host: '127.0.0.1',
      runtime,
      metrics,
      readiness: { read: () => Promise.resolve({ status: 'ok', checks: [] }) },
      report: null,
    });
    await expect(second).rejects.toThrow('set PORT to a free one');
    await first.close();
    await first.close();
  });
});

describe('the rate limit', () => {
  it('forgets the oldest beyond its memory', () => {
    const limit = createRateLimit({ tries: 1, windowMs: 1000, maxKeys: 2 }, playedRuntime());
    expect([limit.wait('a'), limit.wait('a'), limit.wait('b'), limit.wait('c'), limit.wait('a')]).toEqual([
      0, 1, 0, 0, 0,
    ]);
    expect(limit.wait('c')).toBe(1);
  });
});

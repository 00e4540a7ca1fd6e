import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { baseUrlProblem } from '../../src/connectors/http/base-url.js';
import { createHttpClient, type HttpLogEntry, type HttpRequest } from '../../src/connectors/http/client.js';
import { traceNetworkError } from '../../src/connectors/http/network-failure.js';
import { quote, secretValues } from '../../src/connectors/http/quote.js';
import { fromEpochSeconds, fromMilliseconds, fromRetryAfter } from '../../src/connectors/http/retry-after.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { deadUrl } from './free-port.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const client = (baseUrl: string, log?: (entry: HttpLogEntry) => void, deadlineMs = 2000) =>
  createHttpClient({
    system: 'Acme',
    baseUrl,
    deadlineMs,
    runtime: systemRuntime(),
    ...(log === undefined ? {} : { log }),
    redactKeys: ['password'],
    retryAfter: (headers, now) => fromRetryAfter(headers.get('retry-after'), now),
  });

const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  path: '/thing',
  write: true,
  body: { json: { password: 'hunter2-hunter2' } },
  call: { signal: new AbortController().signal, correlationId: 'corr-1' },
  ...more,
});

async function kindOf(baseUrl: string, more: Partial<HttpRequest> = {}, deadlineMs = 2000): Promise<string> {
  const result = await client(baseUrl, undefined, deadlineMs).request(request(more));
  if (result.ok) return `ok ${result.value.status}`;
  expect(result.error.message).not.toContain('hunter2');
  return result.error.kind;
}

describe('the HTTP client', () => {
  it('sends JSON with the correlation id and gives back the decoded answer', async () => {
    const seen: unknown[] = [];
    const url = await serve((incoming, response) => {
      seen.push(incoming.headers['x-correlation-id'], incoming.headers['content-type'], incoming.method, incoming.url);
      response.writeHead(200, { 'x-request-id': 'r-9' }).end('{"a":1}');
    });
    const entries: HttpLogEntry[] = [];
    const result = await client(url, (entry) => entries.push(entry)).request(request({ path: '/thing?q=who' }));
    expect(result).toMatchObject({ ok: true, value: { status: 200, body: { a: 1 }, requestId: 'r-9' } });
    expect(seen).toEqual(['corr-1', 'application/json', 'POST', '/thing?q=who']);
    expect(entries).toMatchObject([{ path: '/thing', status: 200, correlationId: 'corr-1', requestId: 'r-9' }]);
    expect(JSON.stringify(entries)).not.toMatch(/hunter2|who/);
  });

  it('sends forms', async () => {
    let text = '';
    const url = await serve((incoming, response) => {
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => response.end());
    });
    expect(await kindOf(url, { body: { form: { a: 'b c', d: 'é' } } })).toBe('ok 200');
    expect(text).toBe('a=b+c&d=%C3%A9');
  });

  it('keeps a correlation id from breaking the header', async () => {
    let seen: unknown;
    const url = await serve((incoming, response) => {
      seen = incoming.headers['x-correlation-id'];
      response.end();
    });
    const call = { signal: new AbortController().signal, correlationId: 'a\r\nx: y é' };
    expect(await kindOf(url, { call })).toBe('ok 200');
    expect(seen).toBe('a__x:_y__');
  });

  it.each([
    [500, 'unknown_outcome', 'transient'],
    [503, 'unknown_outcome', 'transient'],
    [408, 'unknown_outcome', 'transient'],
    [302, 'unsupported', 'unsupported'],
    [404, 'unsupported', 'unsupported'],
    [400, 'ok 400', 'ok 400'],
  ])('tells HTTP %i apart for a write and a read', async (status, write, read) => {
    const url = await serve((_, response) => response.writeHead(status, { location: '/else' }).end('<html>'));
    expect(await kindOf(url)).toBe(write);
    expect(await kindOf(url, { write: false })).toBe(read);
  });

  it.each(['', '{"error":"no such thing"}'])('takes HTTP 404 with %j for the word of the vendor', async (body) => {
    const url = await serve((_, response) => response.writeHead(404).end(body));
    expect(await kindOf(url)).toBe('ok 404');
  });

  it('tells throttling with the wait', async () => {
    const url = await serve((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    const result = await client(url).request(request());
    expect(result).toMatchObject({ ok: false, error: { kind: 'throttled', retryAfterMs: 7000 } });
  });

  it.each([502, 503, 504])('repeats a read after HTTP %i when the vendor says, and never a write', async (status) => {
    const url = await serve((_, response) => response.writeHead(status, { 'retry-after': '17' }).end());
    const read = await client(url).request(request({ write: false }));
    expect(read).toMatchObject({ ok: false, error: { kind: 'transient', retryAfterMs: 17_000 } });
    const write = await client(url).request(request());
    expect(write).toMatchObject({ ok: false, error: { kind: 'unknown_outcome' } });
  });

  it("reads an instant to wait for by the vendor's clock", async () => {
    const date = new Date('2026-03-02T09:00:00.000Z').toUTCString();
    const until = new Date('2026-03-02T09:00:30.000Z').toUTCString();
    const url = await serve((_, response) => response.writeHead(429, { date, 'retry-after': until }).end());
    expect(await client(url).request(request())).toMatchObject({ error: { kind: 'throttled', retryAfterMs: 30_000 } });
  });

  it('takes neither HTML nor more than a mebibyte for an answer', async () => {
    const html = await serve((_, response) => response.end('<html>'));
    expect(await kindOf(html)).toBe('unknown_outcome');
    expect(await kindOf(html, { write: false })).toBe('transient');
    const huge = await serve((_, response) => response.end(JSON.stringify('x'.repeat(2 * 1024 * 1024))));
    expect(await kindOf(huge, { write: false })).toBe('transient');
  });

  it('knows that a refused connection sent nothing, and that a broken or silent one may have', async () => {
    const url = await serve((incoming) => incoming.socket.destroy());
    expect(await kindOf(url)).toBe('unknown_outcome');
    expect(await kindOf(url, { write: false })).toBe('transient');
    const silent = await serve(() => undefined);
    expect(await kindOf(silent, {}, 100)).toBe('unknown_outcome');
    expect(await kindOf(silent, { write: false }, 100)).toBe('transient');
    const halfway = await serve((incoming, response) => {
      response.writeHead(200).write('{"a":');
      setImmediate(() => incoming.socket.destroy());
    });
    expect(await kindOf(halfway)).toBe('unknown_outcome');
    expect(await kindOf(await deadUrl())).toBe('transient');
    expect(await kindOf('https://no-such-host.invalid')).toBe('transient');
  });

  it('does not trust a certificate that proves nothing', () => {
    const error = new TypeError('fetch failed', {
      cause: Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    });
    expect(traceNetworkError(error)).toEqual({ lostAt: 'certificate', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('gives up when told to', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    const call = { signal: controller.signal, correlationId: 'c' };
    expect(await kindOf(url, { call })).toBe('unknown_outcome');
    expect(await kindOf(url, { call })).toBe('transient');
  });

  it('refuses a base URL that would send tokens in the clear', () => {
    for (const wrong of [
      'http://example.com',
      'ftp://127.0.0.1',
      'nonsense',
      'https://u:p@example.com',
      'https://example.com/?a=b',
    ]) {
      expect(baseUrlProblem(wrong)).not.toBeNull();
      expect(() => client(wrong)).toThrow('The base URL of Acme cannot be used.');
    }
    for (const right of ['https://example.com', 'http://127.0.0.1:80', 'http://localhost:1', 'http://[::1]:2'])
      expect(baseUrlProblem(right)).toBeNull();
  });
});

describe('texts that are quoted', () => {
  it('never hold a secret of the request, however it is nested', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
        const secrets = secretValues({ data: [{ deep: { password: secret } }] }, new Set(['password']));
        expect(secrets).toEqual([secret]);
        expect(quote(`${before} ${secret} ${after}`, secrets).includes(secret) && !'[redacted]'.includes(secret)).toBe(
          // What is left may hold the secret only when the surroundings spell it once more across the cut.
          quote(`${before} [redacted] ${after}`, []).includes(secret) && !'[redacted]'.includes(secret),
        );
      }),
    );
  });

  it('are one short line', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1000 }), (text) => {
        const line = quote(text, []);
        expect(line.length).toBeLessThanOrEqual(201);
        expect(line).not.toMatch(/[\r\n\u2028]/);
      }),
    );
  });
});

describe('how long to wait', () => {
  const now = new Date('2026-03-02T09:00:00.000Z');

  it('reads every unit', () => {
    expect(fromRetryAfter('120', now)).toBe(120_000);
    expect(fromRetryAfter('Mon, 02 Mar 2026 09:00:30 GMT', now)).toBe(30_000);
    expect(fromRetryAfter('Mon, 02 Mar 2026 08:00:00 GMT', now)).toBe(0);
    expect(fromEpochSeconds(String(now.getTime() / 1000 + 5), now)).toBe(5000);
    expect(fromMilliseconds('250')).toBe(250);
  });

  it('is null for what cannot be read', () => {
    for (const wrong of [null, '', ' ', '-1', '1.5', 'soon', '1e3', 'GMT']) {
      expect([fromRetryAfter(wrong, now), fromEpochSeconds(wrong, now), fromMilliseconds(wrong)]).toEqual([
        null,
        null,
        null,
      ]);
    }
  });

  it('is never negative, endless or no number, whatever the header says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.integer().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (value) => {
          for (const wait of [fromRetryAfter(value, now), fromEpochSeconds(value, now), fromMilliseconds(value)]) {
            if (wait !== null) expect(Number.isInteger(wait) && wait >= 0 && wait <= 3_600_000).toBe(true);
          }
        },
      ),
    );
  });
});

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reportToken } from '../../src/web/report-port.js';
import { ask, nonceIn, portOf, press, start, TOKEN } from './start.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function page(over: Parameters<typeof start>[0] = {}) {
  const made = portOf();
  const web = await start({ report: made.port, ...over });
  open.push(web);
  return { ...made, ...web, reports: made.answers, show: () => ask(web.url, `/report/${TOKEN}`) };
}

describe('the report page', () => {
  it('only shows, however often it is fetched', async () => {
    const { show, url, reports } = await page();
    for (let times = 0; times < 5; times += 1) expect((await show()).status).toBe(200);
    const head = await ask(url, `/report/${TOKEN}`, { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, '']);
    expect(reports).toHaveLength(0);
    const { body, headers } = await show();
    expect(body).toContain('The password of the Mimecast account ada@example.com was reset.');
    expect(body).toContain('13:00 GMT+1 (Europe/Berlin)');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toContain('<script');
    expect(body).toContain('<html lang="en">');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['content-security-policy']).toMatch(
      /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    );
    expect(headers['x-correlation-id']).toMatch(/^req_/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? '';
    expect(headers['content-security-policy']).toContain(createHash('sha256').update(style).digest('base64'));
    expect(body).not.toContain(' style="');
  });

  it('reports once', async () => {
    const { show, url, reports } = await page();
    const nonce = nonceIn((await show()).body);
    const done = await press(url, nonce, {
      headers: { 'user-agent': 'Phone\t1', 'sec-fetch-site': 'same-origin', origin: 'null' },
    });
    expect(done.status).toBe(200);
    expect(done.body).toContain('INC-7');
    expect(reports).toEqual([
      {
        token: TOKEN,
        answer: 'not_me',
        correlationId: done.headers['x-correlation-id'],
        ip: '127.0.0.1',
        userAgent: 'Phone 1',
      },
    ]);
    const again = await press(url, nonce);
    expect([again.status, reports.length]).toEqual([410, 1]);
    expect((await show()).body).toContain('This link has already been used');
  });

  it('of ten presses at once only one reports', async () => {
    const { show, url, reports } = await page();
    const nonce = nonceIn((await show()).body);
    const pressed = await Promise.all(Array.from({ length: 10 }, () => press(url, nonce)));
    expect(pressed.map((one) => one.status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 410)]);
    expect(reports).toHaveLength(1);
  });

  it('does not vouch for "This was me", and takes "not me" after it', async () => {
    const { show, url, reports } = await page();
    const nonce = nonceIn((await show()).body);
    for (let times = 0; times < 2; times += 1) {
      const answer = await press(url, nonce, { answer: 'me' });
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('It does not prove that it was you');
      expect(answer.body).toContain(`href="/report/${TOKEN}"`);
    }
    expect(reports.map(({ answer }) => answer)).toEqual(['me', 'me']);
    const again = await show();
    expect([again.status, again.body.includes('Somebody has already answered here')]).toEqual([200, true]);
    expect(again.body).not.toContain('value="me"');
    expect((await press(url, nonce)).body).toContain('INC-7');
  });

  it('refuses "This was me" after "not me", and says what happens', async () => {
    const { show, url, reports } = await page();
    const nonce = nonceIn((await show()).body);
    await press(url, nonce);
    const answer = await press(url, nonce, { answer: 'me' });
    expect(answer.status).toBe(409);
    for (const part of ['You have already told us', 'does not take it back', 'a person is looking at it'])
      expect(answer.body).toContain(part);
    expect(reports).toHaveLength(1);
  });

  it.each(['GET', 'HEAD'])('takes no answer by %s, as a scanner of links asks', async (method) => {
    const { show, url, reports } = await page();
    const nonce = nonceIn((await show()).body);
    const answer = await ask(url, `/report/${TOKEN}?answer=me&nonce=${nonce}`, { method });
    expect([answer.status, reports.length]).toEqual([200, 0]);
  });

  it.each(['', '1.x'])('notes no "This was me" with the nonce %j', async (bad) => {
    const { url, reports } = await page();
    expect((await press(url, bad, { answer: 'me' })).status).toBe(403);
    expect(reports).toEqual([]);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another site, said by the browser', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site', origin: 'null' }],
    ['an origin that is no address', { origin: 'evil' }],
  ])('refuses a form from %s', async (_what, headers) => {
    const { show, url, reports, metrics } = await page();
    const answer = await press(url, nonceIn((await show()).body), { headers });
    expect(answer.status).toBe(403);
    expect(reports).toHaveLength(0);
    expect(await metrics.registry.metrics()).toContain('notme_rejected_inputs_total{edge="web",reason="cross_site"} 1');
  });

  it('knows its public address behind a proxy', async () => {
    const { show, url, reports } = await page({ publicUrl: 'https://notme.example/', trustedProxies: 1 });
    const nonce = nonceIn((await show()).body);
    expect((await press(url, nonce, { headers: { origin: url } })).status).toBe(403);
    const headers = { origin: 'https://notme.example', 'x-forwarded-for': '6.6.6.6, 198.51.100.9' };
    expect((await press(url, nonce, { headers })).status).toBe(200);
    expect(reports[0]?.ip).toBe('198.51.100.9');
  });

  it('refuses a nonce that is old, foreign or made up, and shows the form again', async () => {
    const { show, url, reports, runtime } = await page();
    const nonce = nonceIn((await show()).body);
    for (const bad of ['', '1.x', `1.${'A'.repeat(43)}`, nonce.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))]) {
      expect((await press(url, bad)).status).toBe(403);
    }
    runtime.advance(60 * 60 * 1000 + 1);
    const stale = await press(url, nonce);
    expect(stale.body).toContain('had been open for too long');
    expect(reports).toHaveLength(0);
    expect((await press(url, nonceIn(stale.body))).status).toBe(200);
  });

  it('refuses a form that is not ours', async () => {
    const { show, url, reports } = await page();
    const nonce = nonceIn((await show()).body);
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const post = (body: string, headers: Record<string, string> = type) =>
      ask(url, `/report/${TOKEN}`, { method: 'POST', headers, body });
    expect((await post(`answer=maybe&nonce=${nonce}`)).status).toBe(400);
    expect((await post(`answer=not_me&answer=me&nonce=${nonce}`)).status).toBe(400);
    expect((await post(`answer=not_me&nonce=${nonce}&more=1`)).status).toBe(400);
    expect((await post('')).status).toBe(400);
    expect((await post('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await post('x'.repeat(5000))).status).toBe(413);
    expect((await post('x'.repeat(5000), { ...type, 'transfer-encoding': 'chunked' })).status).toBe(413);
    expect(reports).toHaveLength(0);
  });

  it('has a page for an expired and for an unknown link, and one when the core is down', async () => {
    const { url } = await page();
    expect((await ask(url, `/report/expired${'a'.repeat(36)}`)).status).toBe(410);
    expect((await ask(url, `/report/${'a'.repeat(43)}`)).status).toBe(404);
    const broken = () => Promise.reject(new Error('the database is away'));
    const down = await start({ report: { look: broken, answer: broken } });
    open.push(down);
    const answer = await ask(down.url, `/report/${TOKEN}`);
    expect(answer.status).toBe(503);
    expect(answer.body).toContain(String(answer.headers['x-correlation-id']));
    expect(answer.body).not.toContain('database');
    expect(down.errors).toHaveLength(1);
  });

  it('takes only the methods that it names', async () => {
    const { url } = await page();
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND']) {
      const answer = await ask(url, `/report/${TOKEN}`, { method });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    }
  });

  it('slows down whoever tries too often, per token, and lets go after a minute', async () => {
    const { show, runtime } = await page();
    const seen: number[] = [];
    for (let times = 0; times < 32; times += 1) seen.push((await show()).status);
    expect(seen.filter((status) => status === 429)).toHaveLength(2);
    expect((await show()).headers['retry-after']).toBe('60');
    runtime.advance(60_000);
    expect((await show()).status).toBe(200);
  });

  it('asks the core only for what looks like a token, and survives any path', async () => {
    const { url, looks, runtime } = await page();
    const segment = fc.oneof(
      fc.webPath(),
      fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
      fc.constantFrom('../healthz', '%2e%2e', `${TOKEN}/`, `${TOKEN}%00`, `${TOKEN}.`, `//${TOKEN}`, '%'),
    );
    await fc.assert(
      fc.asyncProperty(segment, async (text) => {
        runtime.advance(60_000);
        const path = `/report/${text.replace(/[^\x21-\x7e]/g, '_')}`;
        const raw = path.split(/[?#]/, 1)[0]?.slice('/report/'.length) ?? '';
        const before = looks();
        const answer = await ask(url, path);
        expect([404, 410]).toContain(answer.status);
        expect(looks() - before).toBe(reportToken.safeParse(raw).success ? 1 : 0);
      }),
      { numRuns: 150 },
    );
  });
});

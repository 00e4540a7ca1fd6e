import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { HTTPReceiver, App } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import { createReplayGuard } from '../../src/web/slack-http.js';

const SECRET = 'a signing secret';
const receiver = new HTTPReceiver({ signingSecret: SECRET, endpoints: ['/slack/events'] });
const rejected: string[] = [];
const guard = createReplayGuard(receiver, systemRuntime(), (reason) => rejected.push(reason));
const server = createServer((request, response) => {
  guard(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
});
let url = '';

beforeAll(async () => {
  const app = new App({
    receiver,
    authorize: () => Promise.resolve({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'U1' }),
  });
  app.event('app_home_opened', () => Promise.resolve());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/slack/events`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const event = {
  type: 'event_callback',
  team_id: 'T1',
  event_id: 'Ev1',
  event: { type: 'app_home_opened', user: 'U2', tab: 'home', channel: 'D1', event_ts: '1.1' },
};
const body = JSON.stringify(event);
const stamp = (): string => String(Math.floor(systemRuntime().now().getTime() / 1000));
const sign = (at: string, of = body): string =>
  `v0=${createHmac('sha256', SECRET).update(`v0:${at}:${of}`).digest('hex')}`;

async function post(at: string, signature: string, text = body, type = 'application/json'): Promise<number> {
  const headers = { 'content-type': type, 'x-slack-request-timestamp': at, 'x-slack-signature': signature };
  const answer = await fetch(url, { method: 'POST', headers, body: text });
  await answer.arrayBuffer();
  return answer.status;
}

describe("the guard of Slack's signed requests", () => {
  it('forgets forged signatures, so that they cannot push a real one out', async () => {
    const at = stamp();
    const forged = `v0=${'0'.repeat(64)}`;
    rejected.length = 0;
    expect(await post(at, forged)).toBe(401);
    expect(await post(at, forged)).toBe(401);
    expect(await post(at, 'x'.repeat(8000))).toBe(401);
    expect(rejected).toEqual(['bad_signature', 'bad_signature', 'bad_signature']);
  });

  it('refuses what it took once', async () => {
    const at = stamp();
    expect(await post(at, sign(at))).toBe(200);
    rejected.length = 0;
    expect(await post(at, sign(at))).toBe(401);
    expect(await post(at, sign(at))).toBe(401);
    expect(rejected).toEqual(['replayed_signature', 'replayed_signature']);
  });

  it('refuses a stamp further in the future than one of the past may be, rightly signed as it is', async () => {
    const ahead = (seconds: number): string => String(Number(stamp()) + seconds);
    const [near, far] = [ahead(4 * 60), ahead(6 * 60)];
    expect(await post(near, sign(near))).toBe(200);
    rejected.length = 0;
    expect(await post(far, sign(far))).toBe(401);
    expect(rejected).toEqual(['future_stamp']);
  });

  const FORM = 'application/x-www-form-urlencoded';
  it.each([
    ['null', 'application/json'],
    ['17', 'application/json'],
    ['[]', 'application/json'],
    ['payload=null', FORM],
    ['payload=%22text%22', FORM],
  ])('refuses the signed body %s and lives on', async (text, type) => {
    const at = stamp();
    expect(await post(at, sign(at, text), text, type)).toBe(400);
    const fresh = JSON.stringify({ ...event, event_id: text });
    expect(await post(at, sign(at, fresh), fresh)).toBe(200);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('answers %s with 405 and what is allowed', async (method) => {
    rejected.length = 0;
    const answer = await fetch(url, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(rejected).toEqual(['http_405']);
  });
});

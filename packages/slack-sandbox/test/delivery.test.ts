import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createSlackSandbox } from '../src/index.js';
import type { Demo } from './demo-app.js';
import { SEED, form, manifest, startDemo } from './demo-app.js';

async function withDemo(
  choice: Parameters<typeof startDemo>[0],
  options: Parameters<typeof startDemo>[1],
  use: (demo: Demo) => Promise<void>,
) {
  const demo = await startDemo(choice, options);
  try {
    await use(demo);
  } finally {
    await demo.close();
  }
}

const say = (demo: Demo, channel: string, text: string) =>
  demo.slack.act({ as: demo.ada, do: 'message', channel: demo.channel(channel), text });
const names = (demo: Demo, kind: string) => demo.slack.journal().filter((one) => one.kind === kind);

describe('delivery', () => {
  it.each([
    ['Socket Mode', true, 'timeout'],
    ['signed HTTP', false, 'timeout'],
  ])('sends an unacked event again over %s, with the reason', async (_name, socket, reason) => {
    await withDemo({ socket }, { ackTimeoutMs: 1000, retryDelaysMs: [0, 50, 50] }, async (demo) => {
      demo.slack.faults.add({ target: 'delivery', type: 'drop_ack', times: 2 });
      await say(demo, 'general', 'again and again');
      await demo.slack.wait({ until: { journal: { kind: 'ack', name: 'message', status: 'acked' } } });
      expect(names(demo, 'retry').map((one) => one.detail)).toMatchObject([{ retry: 1 }, { retry: 2 }]);
      expect(names(demo, 'ack').map((one) => one.status)).toEqual([reason, reason, 'acked']);
      const received = demo.seen.filter((one) => one.kind === 'message');
      expect(received.map((one) => one.retry ?? 0)).toEqual([0, 1, 2]);
      const ids = received.map((one) => z.object({ event_id: z.string() }).parse(one.body).event_id);
      expect(new Set(ids).size).toBe(1);
    });
  });

  it('gives up after three retries, and never repeats an interaction', async () => {
    await withDemo({}, { ackTimeoutMs: 100, retryDelaysMs: [0, 0, 0] }, async (demo) => {
      demo.slack.faults.add({ target: 'delivery', type: 'drop_ack', times: 100 });
      await say(demo, 'general', 'into the void');
      await expect(
        demo.slack.act({ as: demo.ada, do: 'command', channel: demo.channel('general'), text: '/silent x' }),
      ).rejects.toMatchObject({
        code: 'operation_timeout',
        message: '/silent failed with the error "operation_timeout"',
      });
      let after = 0;
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const ack = await demo.slack.wait({
          until: { journal: { kind: 'ack', name: 'message', status: 'timeout', after } },
        });
        after = z.object({ seq: z.number() }).parse(ack).seq;
      }
      const sent = (kind: string, name: string) => names(demo, kind).filter((one) => one.name === name).length;
      expect([sent('delivery', 'message'), sent('retry', 'message')]).toEqual([1, 3]);
      expect([sent('delivery', '/silent'), sent('retry', '/silent')]).toEqual([1, 0]);
      expect(demo.slack.state().delivery_failures).toMatchObject([{ what: '/silent', user: demo.ada }]);
    });
  });

  it('reconnects after a disconnect envelope and goes on', async () => {
    await withDemo({}, {}, async (demo) => {
      demo.slack.faults.add({ target: 'socket', type: 'disconnect' });
      await demo.slack.wait({ until: { connected: false }, timeout_ms: 5000 });
      await demo.slack.wait({ until: { connected: true }, timeout_ms: 15_000 });
      await say(demo, 'general', 'card');
      await demo.slack.wait({ until: { message: { text_contains: 'A card' } }, timeout_ms: 5000 });
    });
  });

  it('injects a 429 that the client obeys, and errors for one method', async () => {
    await withDemo({}, {}, async (demo) => {
      demo.slack.faults.add({ target: 'api', method: 'chat.postMessage', type: 'rate_limited', retry_after_s: 0 });
      await say(demo, 'general', 'card');
      await demo.slack.wait({ until: { message: { text_contains: 'A card' } }, timeout_ms: 10_000 });
      expect(
        names(demo, 'api_call')
          .filter((one) => one.name === 'chat.postMessage')
          .map((one) => one.status),
      ).toEqual(['ratelimited', 'ok']);
      demo.slack.faults.add({ target: 'api', method: 'chat.postMessage', type: 'error', error: 'fatal_error' });
      await expect(demo.app.client.chat.postMessage({ channel: '#general', text: 'x' })).rejects.toMatchObject({
        data: { error: 'fatal_error' },
      });
    });
  });

  it('sends only what is subscribed, scoped, and seen by the bot', async () => {
    await withDemo(
      { events: ['message.channels', 'message.groups'], scopes: ['channels:history', 'chat:write'] },
      {},
      async (demo) => {
        await say(demo, 'elsewhere', 'the bot is not here');
        await say(demo, 'vault', 'no groups:history');
        await say(demo, 'general', '@demo not subscribed to mentions');
        await demo.slack.wait({ until: { journal: { kind: 'ack', name: 'message' } } });
        expect(demo.seen.map((one) => one.kind)).toEqual(['message']);
        expect(demo.seen[0]!.body).toMatchObject({
          event: { channel: demo.channel('general'), channel_type: 'channel' },
        });
      },
    );
  });

  it('refuses a message to an app whose messages tab is off', async () => {
    await withDemo({ messagesTab: false }, {}, async (demo) => {
      const opened = await demo.slack.act({ as: demo.ada, do: 'open_dm', with: demo.slack.botUserId });
      const { channel } = z.object({ channel: z.string() }).parse(opened);
      await expect(demo.slack.act({ as: demo.ada, do: 'message', channel, text: 'hello?' })).rejects.toMatchObject({
        code: 'messages_tab_disabled',
      });
    });
  });

  it('lets a trigger live three seconds and once, and a response_url five times in thirty minutes', async () => {
    let now = new Date('2026-03-02T09:00:00Z').getTime();
    await withDemo({}, { clock: () => new Date(now) }, async (demo) => {
      const run = async () => {
        await demo.slack.act({ as: demo.ada, do: 'command', channel: demo.channel('general'), text: '/demo x' });
        const body = demo.seen.filter((one) => one.kind === '/demo').at(-1)!.body;
        return z.object({ trigger_id: z.string(), response_url: z.string() }).parse(body);
      };
      const open = (trigger_id: string) => demo.app.client.views.open({ trigger_id, view: form() });
      const late = await run();
      now += 3001;
      await expect(open(late.trigger_id)).rejects.toMatchObject({ data: { error: 'expired_trigger_id' } });
      const used = await run();
      await open(used.trigger_id);
      await expect(open(used.trigger_id)).rejects.toMatchObject({ data: { error: 'exchanged_trigger_id' } });

      const respond = async (url: string) => {
        const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'again' }) });
        return answer.ok ? answer.text() : JSON.stringify(await answer.json());
      };
      const said = [];
      for (let n = 0; n < 5; n += 1) said.push(await respond(used.response_url));
      // the command's own respond() was the first of the five
      expect(said).toEqual(['ok', 'ok', 'ok', 'ok', '{"ok":false,"error":"used_url"}']);
      now += 31 * 60_000;
      expect(await respond(late.response_url)).toBe('{"ok":false,"error":"expired_url"}');
    });
  });

  it('numbers its retries over HTTP with the reason, and stops when the app says so', async () => {
    const received: IncomingHttpHeaders[] = [];
    const app = createServer((request, response) => {
      received.push(request.headers);
      request.resume();
      response.writeHead(500, received.length === 2 ? { 'X-Slack-No-Retry': '1' } : {});
      response.end();
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(app.address());
    const requestUrl = `http://127.0.0.1:${port}/`;
    const choice = { manifest: manifest({ socket: false }), seed: SEED, page: false, requestUrl };
    const slack = await createSlackSandbox({ ...choice, retryDelaysMs: [0, 0, 0] });
    const { users, channels } = slack.state();
    await slack.act({ as: users[0]!.id, do: 'message', channel: channels[0]!.id, text: 'x' });
    const { seq } = z
      .object({ seq: z.number() })
      .parse(await slack.wait({ until: { journal: { kind: 'retry', name: 'message' } } }));
    await slack.wait({ until: { journal: { kind: 'ack', name: 'message', status: 'http_error', after: seq } } });
    await slack.act({ as: users[0]!.id, do: 'home' });
    await slack.wait({ until: { journal: { kind: 'ack', name: 'app_home_opened', status: 'http_error' } } });
    expect(slack.journal().filter((one) => one.kind === 'retry' && one.name === 'message')).toHaveLength(1);
    expect(received[0]).not.toHaveProperty('x-slack-retry-num');
    expect(received[0]).toMatchObject({ 'x-slack-signature': expect.stringMatching(/^v0=[0-9a-f]{64}$/) });
    expect(received[1]).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' });
    await slack.close();
    await new Promise((resolve) => app.close(resolve));
  });

  it('tells the person at once when no app is connected', async () => {
    const slack = await createSlackSandbox({ manifest: manifest(), seed: SEED, page: false });
    const state = slack.state();
    const command = { as: state.users[0]!.id, do: 'command', channel: state.channels[0]!.id, text: '/demo' } as const;
    await expect(slack.act(command)).rejects.toMatchObject({
      message: '/demo failed with the error "dispatch_failed"',
    });
    await slack.close();
  });
});

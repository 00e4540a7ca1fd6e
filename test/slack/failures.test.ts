import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import type { MessengerFailure } from '../../src/ports/messenger.js';
import { Secret } from '../../src/platform/secret.js';
import { createSlackClient } from '../../src/slack/client.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { createMessenger } from '../../src/slack/messenger.js';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

describe('what Slack, or something on the way to it, answers to a message', () => {
  let server: Server;
  let answer: Answer = { body: '' };
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(answer.status ?? 200, answer.headers ?? {});
        response.end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function failureOf(given: Answer): Promise<MessengerFailure> {
    answer = given;
    const { port } = server.address() as AddressInfo;
    const client = createSlackClient(new Secret('xoxb-1'), `http://127.0.0.1:${port}/api/`, pino({ level: 'silent' }));
    const posted = await createMessenger(client, { channel: 'C0SECURITY', allowPublic: false }, systemRuntime()).post(
      { channel: 'C1', threadTs: null },
      { text: 'a', blocks: [] },
      'p',
    );
    if (posted.ok) throw new Error('the message was taken');
    return posted.error;
  }
  const refusedWith = (error: unknown): Answer => ({ body: JSON.stringify({ ok: false, error }) });

  it.each([
    'invalid_blocks',
    'msg_too_long',
    'no_text',
    'msg_blocks_too_long',
    'metadata_too_large',
    'user_disabled',
    'not_found',
    'view_too_large',
  ])('takes %s for a refusal of this very message, or window', async (code) => {
    expect(await failureOf(refusedWith(code))).toEqual({ kind: 'refused', detail: code });
  });

  it.each([
    'rate_limited',
    'internal_error',
    'team_is_moving',
    'invalid_auth',
    'message_limit_exceeded',
    'a_code_of_next_year',
  ])('takes %s for something that may pass', async (code) => {
    expect(await failureOf(refusedWith(code))).toEqual({ kind: 'transient', detail: code });
  });

  it.each<[string, Answer]>([
    ["a proxy's page with HTTP 200", { body: '<html><body>Please sign in to the proxy</body></html>' }],
    ["a proxy's word with HTTP 200", { body: 'Forbidden by policy' }],
    ['nothing with HTTP 200', { body: '' }],
    ['JSON that is not Slack’s', { body: '{"message":"Internal server error"}' }],
    ['JSON null', { body: 'null' }],
    ['an error that is no text', refusedWith({ reason: 'no' })],
    ['ok without a message', { body: '{"ok":true}' }],
    ['a page with HTTP 502', { status: 502, body: '<html>Bad gateway</html>' }],
    ['HTTP 429 without a time', { status: 429, body: '' }],
  ])('takes %s for no answer, and repeats no page of it', async (_, given) => {
    const failure = await failureOf(given);
    expect(failure.kind).toBe('transient');
    expect(JSON.stringify(failure)).not.toMatch(/<html|sign in/);
  });

  it.each(['messages_tab_disabled', 'restricted_action', 'not_in_channel', 'is_archived', 'channel_not_found'])(
    'takes %s for something that a person has to mend',
    async (code) => {
      expect((await failureOf(refusedWith(code))).kind).toBe('unreachable');
    },
  );

  it('waits as long as HTTP 429 says', async () => {
    const limited = { status: 429, headers: { 'retry-after': '7' }, body: '' };
    expect(await failureOf(limited)).toEqual({ kind: 'throttled', retryAfterMs: 7000 });
  });
});

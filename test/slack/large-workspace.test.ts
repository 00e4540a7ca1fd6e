import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { Secret } from '../../src/platform/secret.js';
import { createSlackClient, resolveChannel } from '../../src/slack/client.js';
import { findMember } from '../../src/slack/find-member.js';

const CHANNELS = Array.from({ length: 10_000 }, (_, at) => ({ id: `C0${1_000_000 + at}`, name: `room-${at}` }));
const MEMBERS = Array.from({ length: 10_000 }, (_, at) => ({ id: `U0${1_000_000 + at}`, name: `person-${at}` }));
const nobody = {
  bySlackId: (slackUserId: string) => Promise.resolve(person(slackUserId)),
  byEmail: () => Promise.resolve(null),
};
const person = (slackUserId: string) => ({
  slackUserId,
  email: null,
  name: slackUserId,
  title: null,
  manager: null,
  timeZone: 'UTC',
  standing: 'member' as const,
});

describe('a workspace of 10,000 channels and people', () => {
  let server: Server;
  let calls: string[] = [];
  let ownChannels: typeof CHANNELS = [];
  /** The next so many calls are refused. */
  let throttled = 0;

  function answerTo(method: string, form: URLSearchParams): object {
    const all = method === 'users.list' ? MEMBERS : method === 'users.conversations' ? ownChannels : CHANNELS;
    const from = Number(form.get('cursor') ?? 0);
    const to = from + Math.min(1000, Number(form.get('limit')));
    const page = { response_metadata: { next_cursor: to < all.length ? String(to) : '' } };
    return { ok: true, [method === 'users.list' ? 'members' : 'channels']: all.slice(from, to), ...page };
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const method = request.url?.split('/').at(-1) ?? '';
        calls.push(method);
        const refused = throttled > 0;
        throttled -= refused ? 1 : 0;
        response.writeHead(refused ? 429 : 200, { 'content-type': 'application/json', 'retry-after': '1' });
        response.end(
          JSON.stringify(refused ? { ok: false, error: 'ratelimited' } : answerTo(method, new URLSearchParams(body))),
        );
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    calls = [];
    throttled = 0;
  });
  const client = () => {
    const { port } = server.address() as AddressInfo;
    return createSlackClient(new Secret('xoxb-1'), `http://127.0.0.1:${port}/api/`, pino({ level: 'silent' }));
  };

  it("finds a channel by name with one call among the bot's own, as long as Slack makes it wait", async () => {
    ownChannels = [{ id: 'C0SECURITY', name: 'security-incidents' }];
    throttled = 2;
    expect(await resolveChannel(client(), '#security-incidents')).toBe('C0SECURITY');
    expect(calls).toEqual(['users.conversations', 'users.conversations', 'users.conversations']);
  }, 240_000);

  it('finds one that the bot is not in on the last page, with ten calls more', async () => {
    ownChannels = [];
    expect(await resolveChannel(client(), '#room-9999')).toBe('C01009999');
    expect(calls).toHaveLength(11);
  });

  it('finds a person by user name, as long as Slack makes it wait', async () => {
    throttled = 1;
    expect(await findMember(client(), nobody, '@person-9999')).toMatchObject({ slackUserId: 'U01009999' });
    expect(calls).toHaveLength(11);
  }, 240_000);
});

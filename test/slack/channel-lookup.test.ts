import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { Secret } from '../../src/platform/secret.js';
import { createSlackClient, identify, resolveChannel } from '../../src/slack/client.js';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The client of a Slack that gives these answers, and the last of them again and again. */
async function clientOf(...answers: readonly Answer[]): Promise<WebClient> {
  const left = [...answers];
  const server = createServer((request, response) => {
    request.resume();
    const { status = 200, body } = (left.length > 1 ? left.shift() : left[0]) ?? { body: {} };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return createSlackClient(new Secret('xoxb-1'), `http://127.0.0.1:${port}/api/`, pino({ level: 'silent' }));
}

const lookedFor = async (...answers: readonly Answer[]): Promise<string> =>
  resolveChannel(await clientOf(...answers), '#security');

const FOUND: Answer = { body: { ok: true, channels: [{ id: 'C1', name: 'security' }] } };

describe('the security channel, looked for by its name', () => {
  it.each<[string, Answer]>([
    ['a gateway that is away', { status: 503, body: 'no' }],
    ['a limit that does not say how long it lasts', { status: 429, body: { ok: false, error: 'ratelimited' } }],
  ])('is found in spite of %s', async (_title, first) => {
    expect(await lookedFor(first, FOUND)).toBe('C1');
  });

  it.each<[string, string]>([
    ['missing_scope', 'reinstall the app to the workspace, or set workspace.security_channel in notme.yml to its id'],
    ['fatal_error', 'Start Notme again, or set workspace.security_channel in notme.yml to its id'],
  ])('is not looked for in vain without a word of what to do: %s', async (error, words) => {
    await expect(lookedFor({ body: { ok: false, error } })).rejects.toThrow(words);
  });
});

describe('the first call of a start', () => {
  it.each(['invalid_auth', 'account_inactive', 'token_revoked'])('says which token is wrong (%s)', async (error) => {
    await expect(identify(await clientOf({ body: { ok: false, error } }))).rejects.toThrow(
      `Slack does not take SLACK_BOT_TOKEN (${error}). Set it to the Bot User OAuth Token (xoxb-…)`,
    );
  });

  it.each<[string, Answer]>([
    ['a gateway that is away', { status: 503, body: 'no' }],
    ["a proxy's own page", { status: 403, body: '<html>' }],
  ])('says where to look at %s', async (_title, answer) => {
    await expect(identify(await clientOf(answer))).rejects.toThrow(/at http:\S+ .*Look at the network, the proxy/);
  });

  it('says where to look where nobody listens', async () => {
    const client = createSlackClient(new Secret('xoxb-1'), 'http://127.0.0.1:1/api/', pino({ level: 'silent' }));
    await expect(identify(client)).rejects.toThrow(/at http:\S+ .*Look at the network, the proxy/);
  });
});

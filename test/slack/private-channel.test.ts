import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { Secret } from '../../src/platform/secret.js';
import { createSlackClient } from '../../src/slack/client.js';
import { createMessenger } from '../../src/slack/messenger.js';
import { describedChannel, exposureOf, refuseExposed } from '../../src/slack/private-channel.js';
import { playedRuntime } from '../played-runtime.js';

const PRIVATE = { is_member: true, is_private: true, is_shared: false, is_ext_shared: false, is_org_shared: false };

describe('who reads a channel', () => {
  it.each([
    ['a private one', PRIVATE, null, null],
    ['a public one', { ...PRIVATE, is_private: false }, 'public', null],
    ['one shared by Slack Connect', { ...PRIVATE, is_ext_shared: true }, 'shared_outside', 'shared_outside'],
    ['one about to be shared', { ...PRIVATE, is_pending_ext_shared: true }, 'shared_outside', 'shared_outside'],
    [
      'a public one that is shared',
      { ...PRIVATE, is_private: false, is_ext_shared: true },
      'shared_outside',
      'shared_outside',
    ],
    ['one shared, without saying with whom', { is_private: true, is_shared: true }, 'shared_outside', 'shared_outside'],
    [
      'one of several workspaces of the own organisation',
      { ...PRIVATE, is_shared: true, is_org_shared: true },
      null,
      null,
    ],
    ['one of which Slack says nothing', {}, null, null],
  ] as const)('%s', (_, described, exposure, confirmed) => {
    const read = describedChannel.parse(described);
    expect([exposureOf(read, false), exposureOf(read, true)]).toEqual([exposure, confirmed]);
  });
});

describe('the security channel', () => {
  let server: Server;
  let channel: object | null = PRIVATE;
  const called: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      const method = request.url?.split('/').at(-1) ?? '';
      called.push(method);
      const answer =
        method === 'conversations.info'
          ? channel === null
            ? { ok: false, error: 'missing_scope' }
            : { ok: true, channel }
          : { ok: true, channel: 'C1', ts: '1.0' };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    channel = PRIVATE;
    called.length = 0;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const runtime = playedRuntime();
  const client = () => {
    const { port } = server.address() as AddressInfo;
    return createSlackClient(new Secret('xoxb-1'), `http://127.0.0.1:${port}/api/`, pino({ level: 'silent' }));
  };
  const messenger = (allowPublic = false) => createMessenger(client(), { channel: 'C1', allowPublic }, runtime);
  const drawn = { text: 'evidence', blocks: [] };
  const post = (to: ReturnType<typeof messenger>, where = 'C1') =>
    to.post({ channel: where, threadTs: null }, drawn, 'post_1');
  const refused = (detail: string) => ({ ok: false, error: { kind: 'unreachable', detail } });

  it('is asked about once in half a minute, and posted in while it is private', async () => {
    const to = messenger();
    expect((await Promise.all([post(to), post(to)])).map(({ ok }) => ok)).toEqual([true, true]);
    expect(called.filter((method) => method === 'conversations.info')).toHaveLength(1);
  });

  it('gets nothing once others could read it, and again when they no longer can', async () => {
    const to = messenger();
    expect((await post(to)).ok).toBe(true);
    channel = { ...PRIVATE, is_ext_shared: true };
    runtime.move(31_000);
    called.length = 0;
    expect(await post(to)).toEqual(refused('shared_outside'));
    expect(await to.update({ channel: 'C1', ts: '1.0' }, drawn)).toEqual(refused('shared_outside'));
    expect(
      await to.attach({ channel: 'C1', threadTs: '1.0' }, { png: new Uint8Array(), title: '', alt: '' }, 'post_2'),
    ).toEqual(refused('shared_outside'));
    expect(await to.standing('C1')).toEqual(refused('shared_outside'));
    expect(called.filter((method) => method !== 'conversations.info')).toEqual([]);
    channel = PRIVATE;
    runtime.move(31_000);
    expect((await post(to)).ok).toBe(true);
  });

  it('gets nothing from the very moment in which it is looked at, and again from the next look on', async () => {
    const to = messenger();
    expect((await post(to)).ok).toBe(true);
    channel = { ...PRIVATE, is_private: false };
    expect((await post(to)).ok).toBe(true);
    expect(await to.standing('C1')).toEqual(refused('public'));
    expect(await post(to)).toEqual(refused('public'));
    channel = PRIVATE;
    expect((await to.standing('C1')).ok).toBe(true);
    expect((await post(to)).ok).toBe(true);
  });

  it('may be public where that was confirmed', async () => {
    channel = { ...PRIVATE, is_private: false };
    expect(await post(messenger())).toEqual(refused('public'));
    expect((await post(messenger(true))).ok).toBe(true);
  });

  it('says nothing about other conversations', async () => {
    channel = { ...PRIVATE, is_ext_shared: true };
    expect((await post(messenger(), 'D1')).ok).toBe(true);
    expect(called).toEqual(['chat.postMessage']);
  });

  it('keeps the last answer while Slack gives none', async () => {
    const to = messenger();
    channel = { ...PRIVATE, is_ext_shared: true };
    expect(await post(to)).toEqual(refused('shared_outside'));
    channel = null;
    runtime.move(31_000);
    expect(await post(to)).toEqual(refused('shared_outside'));
    expect((await post(messenger())).ok).toBe(true);
  });

  it('keeps Notme from starting, and the sentence says what to do', async () => {
    const start = (allowPublic = false) => refuseExposed(client(), { channel: 'C1', allowPublic });
    await expect(start()).resolves.toBeUndefined();
    channel = { ...PRIVATE, is_private: false };
    await expect(start()).rejects.toThrow(/is public.*workspace\.allow_public_channel/);
    await expect(start(true)).resolves.toBeUndefined();
    channel = { ...PRIVATE, is_pending_ext_shared: true };
    await expect(start(true)).rejects.toThrow(/another organisation.*Stop sharing/);
    channel = null;
    await expect(start()).resolves.toBeUndefined();
  });
});

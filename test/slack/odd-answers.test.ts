import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { Secret } from '../../src/platform/secret.js';
import { createSlackClient, resolveChannel } from '../../src/slack/client.js';
import { createPeopleDirectory, createUserGroupReader } from '../../src/slack/directory.js';
import { findMember } from '../../src/slack/find-member.js';
import { appMention, clickPayload, commandPayload, shortcutPayload } from '../../src/slack/listeners/payloads.js';
import { createMessenger } from '../../src/slack/messenger.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';
import { Desk } from './desk.js';

const NOT_ME = "I didn't do this";

describe("an odd detail of Slack's answer", () => {
  let server: Server;
  let answer: object = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ok: true, ...answer }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const client = () => {
    const { port } = server.address() as AddressInfo;
    return createSlackClient(new Secret('xoxb-1'), `http://127.0.0.1:${port}/api/`, pino({ level: 'silent' }));
  };

  it.each<[string, object | null]>([
    ["another app's metadata with a number for a post", { ts: '2.0', metadata: { event_payload: { post_id: 17 } } }],
    ['metadata without what it is about', { ts: '2.0', metadata: { event_type: 'x' } }],
    ['metadata that is null', { ts: '2.0', metadata: null }],
    ['a post that is null', { ts: '2.0', metadata: { event_payload: { post_id: null } } }],
    ['files that are null', { ts: '2.0', files: null }],
    ['a file that is null', { ts: '2.0', files: [null] }],
    ['a message without a stamp', { text: 'x' }],
    ['a message that is null', null],
  ])('does not hide a post: %s', async (_, other) => {
    const own = { ts: '1.0', metadata: { event_type: 'notme_post', event_payload: { post_id: 'post_1' } } };
    answer = { messages: [other, own], response_metadata: null };
    const found = await createMessenger(client(), { channel: 'C0SECURITY', allowPublic: false }, systemRuntime()).find(
      { channel: 'C1', threadTs: null },
      'post_1',
      new Date(),
    );
    expect(found).toEqual({ ok: true, value: { channel: 'C1', ts: '1.0' } });
  });

  it('does not keep a post back: messages that are null are none', async () => {
    answer = { messages: null };
    const found = await createMessenger(client(), { channel: 'C0SECURITY', allowPublic: false }, systemRuntime()).find(
      { channel: 'C1', threadTs: null },
      'post_1',
      new Date(),
    );
    expect(found).toEqual({ ok: true, value: null });
  });

  it('does not make a channel unreachable', async () => {
    answer = { channel: { id: 'C1', is_member: null, is_archived: null } };
    expect(
      await createMessenger(client(), { channel: 'C0SECURITY', allowPublic: false }, systemRuntime()).standing('C1'),
    ).toEqual({ ok: true, value: null });
  });

  it('does not hide a user group, a channel or a member beside it', async () => {
    answer = { users: [null, 'U0BEA'] };
    const membersOf = createUserGroupReader(client(), systemRuntime(), pino({ level: 'silent' }));
    expect(await membersOf('S1')).toEqual(['U0BEA']);
    answer = { channels: [{ id: 'G1', name: null }, null, { id: 'C1', name: 'security' }], response_metadata: null };
    expect(await resolveChannel(client(), '#security')).toBe('C1');
    const bea = { id: 'U0000BEA', name: 'bea', deleted: null };
    answer = { members: [null, { id: 'U0000ADA', name: null }, bea], response_metadata: null, user: bea };
    const people = createPeopleDirectory(client(), { teamId: 'T0MEADOW', defaultTimeZone: 'UTC', overrides: [] });
    expect(await findMember(client(), people, '@bea')).toMatchObject({ slackUserId: bea.id });
  });
});

describe('an odd detail of what Slack delivers', () => {
  it('does not make a click, a command, a shortcut or a mention unreadable', () => {
    const user = { id: 'U0ELI' };
    const actions = [{ action_id: 'a', value: 'v', selected_option: null, action_ts: null }];
    const none = { channel: null, container: null, trigger_id: null };
    expect(clickPayload.safeParse({ user, team: null, actions, ...none }).success).toBe(true);
    const command = { user_id: 'U0ELI', team_id: 'T1', channel_id: 'C1', trigger_id: 't', text: null };
    expect(commandPayload.parse(command).text).toBe('');
    expect(shortcutPayload.safeParse({ user, trigger_id: 't', message: { text: null } }).success).toBe(true);
    const mention = { channel: 'C1', user: 'U0ELI', text: 'x', ts: '1.0', thread_ts: null };
    expect(appMention.safeParse({ ...mention, bot_id: null }).success).toBe(true);
    expect(appMention.safeParse({ ...mention, bot_id: 17 }).success).toBe(false);
  });
});

describe('a report', () => {
  let db: Database;
  let desk: Desk;
  beforeAll(async () => {
    db = await openMemoryDatabase();
  }, 240_000);
  afterAll(() => db.close());
  beforeEach(async () => {
    desk = await Desk.open(db);
  });
  afterEach(() => desk.close());

  const email = 'eli@meadow.example';
  it.each<[string, object]>([
    ['tz', { tz: null }],
    ['real_name', { real_name: null }],
    ['is_bot', { is_bot: null }],
    ['deleted', { deleted: null }],
    ['profile.title', { profile: { email, title: null } }],
    ['profile.real_name', { profile: { email, real_name: null } }],
    ['profile.title that is a number', { profile: { email, title: 7 } }],
  ])('is taken of somebody of whom Slack tells an odd %s', async (_, profile) => {
    await desk.start('http');
    desk.profiles.set('U0ELI', { ...profile });
    await desk.deliver('D0ELI', { user: 'U0ELI', text: NOT_ME, ts: desk.stamp() });
    await desk.reported(NOT_ME);
  });

  it.each<[string, object]>([
    ['subtype', { subtype: null }],
    ['bot_id', { bot_id: null }],
    ['thread_ts', { thread_ts: null }],
    ['files', { files: null }],
  ])('is taken when its message says null for its %s, delivered or read', async (_, odd) => {
    const written = { user: 'U0ELI', text: NOT_ME, ts: desk.stamp(), ...odd };
    desk.history.set('D0ELI', [written]);
    await desk.start('http');
    await desk.reported(NOT_ME);
    await desk.deliver('D0ELI', { ...written, text: `${NOT_ME}, too`, ts: desk.stamp() });
    await desk.reported(NOT_ME, `${NOT_ME}, too`);
  });

  it('is read beside conversations and messages that cannot be', async () => {
    const written = { user: 'U0ELI', text: NOT_ME, ts: desk.stamp() };
    desk.history.set('D0ELI', [{ user: 'U0ELI', text: 'no stamp' }, written]);
    desk.page = {
      channels: [null, { id: null }, { id: 'D0ELI', is_user_deleted: null }],
      response_metadata: null,
    };
    await desk.start('http');
    await desk.reported(NOT_ME);
  });
});

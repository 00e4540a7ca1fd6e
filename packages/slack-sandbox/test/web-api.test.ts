import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { SlackSandbox } from '../src/index.js';
import { createSlackSandbox, derivedId } from '../src/index.js';
import { SEED, card, form, manifest } from './demo-app.js';

const START = new Date('2026-03-02T09:00:00Z').getTime();

describe('the Web API', () => {
  let slack: SlackSandbox;
  let client: WebClient;
  let now = START;
  const channel = (name: string) => slack.state().channels.find((one) => one.name === name)!.id;
  const user = (name: string) => slack.state().users.find((one) => one.name === name)!.id;
  const call = async (method: string, args: Record<string, unknown>, token = slack.botToken) => {
    const answer = await fetch(`${slack.apiUrl}${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(args),
    });
    return z.looseObject({ ok: z.boolean(), error: z.string().optional() }).parse(await answer.json());
  };
  const post = (args: Record<string, unknown>) => call('chat.postMessage', { text: 'x', ...args });

  beforeAll(async () => {
    slack = await createSlackSandbox({
      manifest: manifest(),
      seed: SEED,
      page: false,
      clock: () => new Date(now),
      userTokens: { 'xoxp-ada': derivedId('U', 'ada') },
    });
    client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  });
  afterAll(() => slack.close());

  it('refuses unknown tokens, methods and places in Slack’s words', async () => {
    expect(await call('auth.test', {}, 'xoxb-forged')).toMatchObject({ ok: false, error: 'invalid_auth' });
    expect(await call('auth.test', {}, '')).toMatchObject({ error: 'not_authed' });
    expect(await call('auth.test', {}, slack.appToken)).toMatchObject({ error: 'not_allowed_token_type' });
    expect(await call('apps.connections.open', {})).toMatchObject({ error: 'not_allowed_token_type' });
    expect(await call('admin.users.list', {})).toMatchObject({ error: 'unknown_method' });
    expect(await post({ channel: channel('elsewhere') })).toMatchObject({ error: 'not_in_channel' });
    expect(await post({ channel: channel('secret') })).toMatchObject({ error: 'channel_not_found' });
    expect(await post({ channel: 'C0NOWHERE' })).toMatchObject({ error: 'channel_not_found' });
    expect(await post({ channel: channel('old') })).toMatchObject({ error: 'is_archived' });
    expect(await call('users.info', { user: 'U0NOBODY' })).toMatchObject({ error: 'user_not_found' });
    expect(await call('users.lookupByEmail', { email: 'no@body.test' })).toMatchObject({ error: 'users_not_found' });
    expect(await call('conversations.replies', { channel: channel('general'), ts: '1.1' })).toMatchObject({
      error: 'thread_not_found',
    });
  });

  it('refuses content that Slack refuses', async () => {
    const general = channel('general');
    expect(await call('chat.postMessage', { channel: general })).toMatchObject({ error: 'no_text' });
    expect(await post({ channel: general, text: 'x'.repeat(40_001) })).toMatchObject({ error: 'msg_too_long' });
    expect(await post({ channel: general, blocks: [{ type: 'header' }] })).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] missing required field: text [json-pointer:/blocks/0]'] },
    });
    const long = { type: 'section', text: { type: 'mrkdwn', text: 'y'.repeat(2900) } };
    expect(await post({ channel: general, blocks: [long, long, long, long, long] })).toMatchObject({
      error: 'msg_blocks_too_long',
    });
    expect(await call('chat.postMessage', { text: 'x' })).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: channel'] },
    });
  });

  it('takes forms as well as JSON, through the real client', async () => {
    const posted = await client.chat.postMessage({
      channel: channel('general'),
      text: 'formed',
      blocks: card(),
      metadata: { event_type: 'seen', event_payload: { id: 1 } },
    });
    const got = (all: boolean) =>
      client.conversations.replies({ channel: posted.channel!, ts: posted.ts!, include_all_metadata: all });
    expect((await got(true)).messages![0]).toMatchObject({ metadata: { event_payload: { id: 1 } }, blocks: card() });
    expect((await got(false)).messages![0]).not.toHaveProperty('metadata');
  });

  it('opens the direct conversation when a message goes to a person', async () => {
    const sent = await client.chat.postMessage({ channel: user('ada'), text: 'psst' });
    const opened = await client.conversations.open({ users: user('ada') });
    expect(opened.channel!.id).toBe(sent.channel);
    expect(slack.state().channels.find((one) => one.id === sent.channel)).toMatchObject({
      is_im: true,
      user: user('ada'),
    });
  });

  it('updates and deletes only what the app wrote', async () => {
    const general = channel('general');
    const { ts } = z
      .object({ ts: z.string() })
      .parse(await slack.act({ as: user('ada'), do: 'message', channel: general, text: 'mine' }));
    expect(await call('chat.update', { channel: general, ts, text: 'y' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call('chat.delete', { channel: general, ts })).toMatchObject({ error: 'cant_delete_message' });
    expect(await call('chat.update', { channel: general, ts: '1.1', text: 'y' })).toMatchObject({
      error: 'message_not_found',
    });
    const own = await client.chat.postMessage({ channel: general, text: 'first', blocks: card() });
    await client.chat.update({ channel: general, ts: own.ts!, text: 'second' });
    const after = slack.state().messages[general]!.find((one) => one.ts === own.ts)!;
    expect(after).toMatchObject({ text: 'second', edited: { user: slack.botUserId } });
    expect(after).not.toHaveProperty('blocks');
    await client.chat.delete({ channel: general, ts: own.ts! });
    expect(slack.state().messages[general]!.some((one) => one.ts === own.ts)).toBe(false);
  });

  it('lets a configured user token write as that person, within the user scopes', async () => {
    const sent = await call('chat.postMessage', { channel: channel('elsewhere'), text: 'as me' }, 'xoxp-ada');
    expect(sent).toMatchObject({ ok: true, message: { user: user('ada'), text: 'as me' } });
    expect(await call('users.info', { user: user('ada') }, 'xoxp-ada')).toMatchObject({
      error: 'missing_scope',
      needed: 'users:read',
    });
  });

  it('stamps strictly upwards while the clock stands still', async () => {
    const sent = [];
    for (let n = 0; n < 5; n += 1)
      sent.push((await client.chat.postMessage({ channel: channel('general'), text: 'tick' })).ts!);
    expect([...sent].sort()).toEqual(sent);
    expect(new Set(sent).size).toBe(5);
  });

  it('keeps views honest: unknown trigger, hash, size, home and modal', async () => {
    expect(await call('views.open', { trigger_id: '1.2.x', view: form() })).toMatchObject({
      error: 'invalid_trigger_id',
    });
    expect(await call('views.update', { view_id: 'V0GONE', view: form() })).toMatchObject({ error: 'not_found' });
    const home = { type: 'home', blocks: [{ type: 'divider' }] };
    const first = await client.views.publish({
      user_id: user('ada'),
      view: { type: 'home', blocks: [{ type: 'divider' }] },
    });
    await client.views.publish({ user_id: user('ada'), view: { type: 'home', blocks: [{ type: 'divider' }] } });
    expect(await call('views.publish', { user_id: user('ada'), view: home, hash: first.view!.hash })).toMatchObject({
      error: 'hash_conflict',
    });
    const huge = { ...form(), private_metadata: 'z'.repeat(260_000) };
    expect(await call('views.publish', { user_id: user('ada'), view: huge })).toMatchObject({
      error: 'invalid_arguments',
    });
    expect(await call('views.open', { trigger_id: 'x', view: huge })).toMatchObject({ error: 'view_too_large' });
  });

  it('gives user groups, members and pages', async () => {
    const groups = await client.usergroups.list({ include_users: true });
    expect(groups.usergroups![0]).toMatchObject({ handle: 'crew', users: [user('ada'), user('ben')] });
    const page = await client.conversations.members({ channel: channel('general'), limit: 2 });
    expect(page.members).toHaveLength(2);
    const rest = await client.conversations.members({
      channel: channel('general'),
      cursor: page.response_metadata!.next_cursor!,
    });
    expect(rest.members).toEqual([slack.botUserId]);
    expect((await client.users.info({ user: user('ada') })).user).toMatchObject({
      tz: 'America/New_York',
      tz_offset: -18_000,
      profile: { email: 'ada@harbour.test', title: 'Pilot' },
    });
  });

  it('uploads a file into a thread', async () => {
    const general = channel('general');
    const parent = await client.chat.postMessage({ channel: general, text: 'parent' });
    await client.filesUploadV2({
      channel_id: general,
      thread_ts: parent.ts!,
      filename: 'a.txt',
      file: Buffer.from('content'),
    });
    const replies = await client.conversations.replies({ channel: general, ts: parent.ts! });
    const file = z.object({ url_private: z.string(), name: z.string() }).parse(replies.messages![1]!.files![0]);
    expect(file.name).toBe('a.txt');
    const authorized = { headers: { Authorization: `Bearer ${slack.botToken}` } };
    expect(await (await fetch(file.url_private, authorized)).text()).toBe('content');
    expect((await fetch(file.url_private)).status).toBe(404);
  });

  it('posts a scheduled message when its time has come', async () => {
    const at = Math.floor(now / 1000) + 60;
    await client.chat.scheduleMessage({ channel: channel('general'), text: 'later', post_at: at });
    expect(await call('chat.scheduleMessage', { channel: channel('general'), text: 'x', post_at: 5 })).toMatchObject({
      error: 'time_in_past',
    });
    expect(slack.state().messages[channel('general')]!.some((one) => one.text === 'later')).toBe(false);
    now += 61_000;
    await slack.wait({ until: { message: { text_contains: 'later' } }, timeout_ms: 5000 });
  });
});

describe('scopes and rate limits', () => {
  it('names the missing scope and what the token has', async () => {
    const slack = await createSlackSandbox({ manifest: manifest({ scopes: ['users:read'] }), seed: SEED, page: false });
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
    await expect(client.chat.postMessage({ channel: 'C1', text: 'x' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'chat:write', provided: 'users:read' },
    });
    const ada = slack.state().users[0]!.id;
    expect((await client.users.info({ user: ada })).user!.profile).not.toHaveProperty('email');
    await slack.close();
  });

  it('limits by tier on the handed-in clock, and the client comes back after Retry-After', async () => {
    let now = START;
    const slack = await createSlackSandbox({
      manifest: manifest(),
      seed: SEED,
      page: false,
      rateLimits: 'tiers',
      clock: () => new Date(now),
    });
    const post = () =>
      fetch(`${slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${slack.botToken}` },
        body: new URLSearchParams({ channel: '#general', text: 'x' }),
      });
    const statuses = [];
    for (let n = 0; n < 7; n += 1) statuses.push((await post()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = await post();
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toEqual({ ok: false, error: 'ratelimited' });
    now += 1000;
    expect((await post()).status).toBe(200);
    await slack.close();
  });
});

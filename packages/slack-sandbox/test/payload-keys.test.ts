import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Demo } from './demo-app.js';
import { card, startDemo } from './demo-app.js';

const Json = z.record(z.string(), z.unknown());
const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${path}.json`, import.meta.url), 'utf8'));

/** What the app itself wrote; the samples leave it out of views. */
const OPAQUE = new Set(['blocks', 'attachments', 'values']);

/** Newer than its sample: docs.slack.dev/reference/events/user_change */
const NEWER = new Set(['.event.event_ts']);

/** Paths that the payload has and the sample has not; an object that the sample shows empty is not compared. */
function invented(payload: unknown, sample: unknown, path = ''): string[] {
  if (Array.isArray(payload)) {
    const first: unknown = Array.isArray(sample) ? sample[0] : undefined;
    return first === undefined ? [] : payload.flatMap((one) => invented(one, first, `${path}[]`));
  }
  const read = Json.safeParse(payload);
  const known = Json.safeParse(sample);
  if (!read.success || !known.success || Object.keys(known.data).length === 0) return [];
  return Object.entries(read.data).flatMap(([key, value]) => {
    if (OPAQUE.has(key)) return [];
    const here = `${path}.${key}`;
    if (key in known.data) return invented(value, known.data[key], here);
    return NEWER.has(here) ? [] : [here];
  });
}

const EVENT_FILES: Record<string, string> = {
  app_home_opened: 'AppHomeOpened',
  app_mention: 'AppMention',
  member_joined_channel: 'MemberJoinedChannel',
  message: 'Message',
  'message/message_changed': 'MessageChanged',
  'message/message_deleted': 'MessageDeleted',
  'message/file_share': 'MessageFileShare',
  'message/thread_broadcast': 'MessageThreadBroadcast',
  user_change: 'UserChange',
};
const INTERACTION_FILES: Record<string, string> = {
  block_actions: 'interactive-components/BlockActionPayload',
  message_action: 'interactive-components/MessageShortcutPayload',
  view_submission: 'views/ViewSubmissionPayload',
  view_closed: 'views/ViewClosedPayload',
};

const Event = z.looseObject({ event: z.looseObject({ type: z.string(), subtype: z.string().optional() }) });

function fileFor(body: unknown): string | undefined {
  const event = Event.safeParse(body);
  if (event.success) {
    const { type, subtype } = event.data.event;
    const name = EVENT_FILES[subtype === undefined ? type : `${type}/${subtype}`];
    return name && `events/${name}Payload`;
  }
  const { type } = z.looseObject({ type: z.string().default('command') }).parse(body);
  if (type === 'command') return 'app-backend/slash-commands/SlashCommandPayload';
  return INTERACTION_FILES[type] && `app-backend/${INTERACTION_FILES[type]}`;
}

describe('what the simulator sends has no key that Slack does not send', () => {
  let demo: Demo;
  let general: string;
  const checked = new Set<string>();

  beforeAll(async () => {
    demo = await startDemo();
    general = demo.channel('general');
  });
  afterAll(() => demo.close());

  it('in events, interactions and commands', async () => {
    const { slack, ada, app } = demo;
    const as = { as: ada } as const;
    const { ts } = z
      .object({ ts: z.string() })
      .parse(await slack.act({ ...as, do: 'message', channel: general, text: '@demo card' }));
    await slack.act({ ...as, do: 'message', channel: general, text: 'a reply', thread_ts: ts });
    const posted = z
      .object({ ts: z.string() })
      .parse(await slack.wait({ until: { message: { user: slack.botUserId, text_contains: 'A card' } } }));
    await app.client.chat.update({ channel: general, ts: posted.ts, text: 'A card', blocks: card() });
    await app.client.chat.postMessage({ channel: general, thread_ts: ts, text: 'to all', reply_broadcast: true });
    const gone = await app.client.chat.postMessage({ channel: general, text: 'soon gone' });
    await app.client.chat.delete({ channel: general, ts: gone.ts! });
    await app.client.filesUploadV2({ channel_id: general, filename: 'a.txt', file: Buffer.from('x') });
    await slack.act({ ...as, do: 'home' });
    await slack.wait({ until: { home: { user: ada } } });
    await slack.act({ ...as, do: 'home' });
    await app.client.conversations.join({ channel: demo.channel('elsewhere') });
    const at = { ...as, channel: general, ts: posted.ts, block_id: 'a' };
    await slack.act({ ...at, do: 'action', action_id: 'pick', selected_option: card()[1]!.elements![1]!.options![0]! });
    await slack.act({ ...at, do: 'action', action_id: 'open' });
    const view = z.object({ id: z.string() }).parse(await slack.wait({ until: { view: { user: ada } } }));
    await slack.act({ ...as, do: 'action', view_id: view.id, block_id: 'more', action_id: 'deeper' });
    const deeper = z
      .object({ id: z.string() })
      .parse(await slack.wait({ until: { view: { user: ada, callback_id: 'deeper_form' } } }));
    await slack.act({ ...as, do: 'close', view_id: deeper.id });
    const values = { why: { text: { type: 'plain_text_input', value: 'because' } } };
    await slack.act({ ...as, do: 'submit', view_id: view.id, state: { values } });
    await slack.act({ ...as, do: 'message_shortcut', callback_id: 'inspect', channel: general, ts: posted.ts });
    await slack.act({ ...as, do: 'command', channel: general, text: '/demo x' });
    slack.administer({ do: 'role', user: ada, role: 'admin', by: demo.ben });
    await slack.wait({ until: { journal: { kind: 'ack', name: 'member_joined_channel' } } });
    await slack.wait({ until: { journal: { kind: 'ack', name: 'user_change' } } });

    for (const entry of slack.journal().filter((one) => one.kind === 'delivery')) {
      const { payload } = z.object({ payload: Json }).parse(entry.detail);
      const file = fileFor(payload);
      if (file === undefined) continue;
      checked.add(file);
      expect({ file, invented: invented(payload, fixture(file)) }).toEqual({ file, invented: [] });
    }
    expect([...checked].sort()).toEqual(
      [
        ...Object.values(EVENT_FILES).map((name) => `events/${name}Payload`),
        ...Object.values(INTERACTION_FILES).map((name) => `app-backend/${name}`),
        'app-backend/slash-commands/SlashCommandPayload',
      ].sort(),
    );
  });

  it('and has those that Slack always sends', () => {
    const delivered = demo.slack.journal().filter((one) => one.kind === 'delivery');
    const payloads = delivered.map(({ detail }) => z.object({ payload: Json }).parse(detail).payload);
    const event = (wanted: object): unknown =>
      payloads.find((one) => expect.objectContaining({ event: expect.objectContaining(wanted) }).asymmetricMatch(one));
    expect(event({ type: 'user_change' })).toMatchObject({
      event: { event_ts: expect.stringMatching(/^\d+\.\d{6}$/) },
    });
    expect(event({ type: 'app_home_opened', view: expect.anything() })).toMatchObject({
      event: { view: { title: { type: 'plain_text', text: 'View Title', emoji: true } } },
    });
    expect(event({ subtype: 'file_share' })).toMatchObject({
      event: { files: [{ pretty_type: 'TXT', external_type: '', public_url_shared: false, username: '' }] },
    });
    expect(event({ type: 'message', bot_id: expect.anything() })).toMatchObject({
      event: { bot_profile: { icons: { image_72: expect.any(String) } } },
    });
  });

  it('in the answers of the Web API', async () => {
    const { slack, ada } = demo;
    const call = async (method: string, args: Record<string, unknown>) => {
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${slack.botToken}` };
      const answer = await fetch(slack.apiUrl + method, { method: 'POST', headers, body: JSON.stringify(args) });
      return z.looseObject({ ok: z.literal(true) }).parse(await answer.json());
    };
    const { ts } = await demo.app.client.chat.postMessage({ channel: general, text: 'x' });
    const calls: Record<string, Record<string, unknown>> = {
      'auth.test': {},
      'chat.getPermalink': { channel: general, message_ts: ts },
      'chat.postEphemeral': { channel: general, user: ada, text: 'x' },
      'conversations.info': { channel: general, include_num_members: true },
      'conversations.members': { channel: general },
      'files.getUploadURLExternal': { filename: 'a.txt', length: 1 },
      'reactions.add': { channel: general, timestamp: ts, name: 'eyes' },
      'team.info': {},
      'usergroups.list': { include_users: true, include_count: true },
      'usergroups.users.list': { usergroup: slack.state().usergroups[0]!.id },
      'users.info': { user: ada },
      'users.list': {},
      'users.lookupByEmail': { email: 'ada@harbour.test' },
      'views.publish': { user_id: ada, view: { type: 'home', blocks: [{ type: 'divider' }] } },
    };
    for (const [method, args] of Object.entries(calls)) {
      const keys = invented(await call(method, args), fixture(`api/${method}`));
      expect({ method, invented: keys }).toEqual({ method, invented: [] });
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { allMatches, filesIn, read } from './source.js';

const manifestSchema = z.object({
  display_information: z.object({
    name: z.string().max(35),
    description: z.string().max(140),
    // Slack refuses a shorter one. Source: docs.slack.dev, app manifest reference.
    long_description: z.string().min(174).max(4000),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/i),
  }),
  features: z.object({
    app_home: z.object({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.object({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z.array(
      z.object({
        command: z.string().regex(/^\/[a-z_-]{1,31}$/),
        description: z.string().max(2000),
        usage_hint: z.string().max(1000),
        should_escape: z.literal(true),
      }),
    ),
    shortcuts: z.array(
      z.object({
        name: z.string().max(24),
        type: z.enum(['global', 'message']),
        callback_id: z.string().max(255),
        description: z.string().max(150),
      }),
    ),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.boolean() }),
    socket_mode_enabled: z.boolean(),
  }),
});

const manifest = manifestSchema.parse(parse(read('manifest.yml')));
const edge = filesIn(['src/slack'], '.ts')
  .map((file) => file.text)
  .join('\n');

/** What a Bolt event listener needs to be subscribed to. A message event is subscribed to by the kind of conversation. */
const EVENTS: Readonly<Record<string, { readonly subscribe: string; readonly scopes: readonly string[] }>> = {
  message: { subscribe: 'message.im', scopes: ['im:history'] },
  app_mention: { subscribe: 'app_mention', scopes: ['app_mentions:read'] },
  app_home_opened: { subscribe: 'app_home_opened', scopes: [] },
  channel_archive: { subscribe: 'channel_archive', scopes: ['channels:read'] },
  channel_deleted: { subscribe: 'channel_deleted', scopes: ['channels:read'] },
  // Also of a private one.
  channel_shared: { subscribe: 'channel_shared', scopes: ['channels:read', 'groups:read'] },
  group_archive: { subscribe: 'group_archive', scopes: ['groups:read'] },
  group_deleted: { subscribe: 'group_deleted', scopes: ['groups:read'] },
};

/**
 * The bot scopes of every Web API method that the edge calls, for what it calls them with.
 * Source: docs.slack.dev, the "Scopes" section of each method's page.
 */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  // The security channel may be public or private; a status message stands in a direct message.
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  filesUploadV2: ['files:write'],
  // The security channel by its name; the app's direct messages: what was written while it was away.
  'users.conversations': ['channels:read', 'groups:read', 'im:read'],
  'usergroups.users.list': ['usergroups:read'],
  // The e-mail address in a profile needs a scope of its own.
  'users.info': ['users:read', 'users:read.email'],
  'users.list': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
};

/** Commands and shortcuts need one scope together. */
const COMMANDS = 'commands';

/** The client's own upload stands for three methods that share one scope. */
const called = allMatches(edge, /\bclient\.((?:[a-z]+(?:\.[a-z]+)*\.[a-zA-Z]+)|filesUploadV2)\(/g);
const listened = allMatches(edge, /\bapp\.event\('([^']+)'/g);

describe('manifest.yml against src/slack', () => {
  it('declares exactly the slash commands that the code answers', () => {
    const answered = allMatches(edge, /\bapp\.command\('([^']+)'/g);
    expect(manifest.features.slash_commands.map((one) => one.command).toSorted()).toEqual(answered);
  });

  it('declares exactly the shortcuts that the code answers, of the same kind', () => {
    const pattern = /\bapp\.shortcut\(\{ callback_id: '([^']+)', type: '([^']+)' \}/g;
    const kinds: Readonly<Record<string, string>> = { shortcut: 'global', message_action: 'message' };
    const answered = [...edge.matchAll(pattern)].map(([, id, kind]) => `${kinds[kind ?? ''] ?? 'unknown'} ${id ?? ''}`);
    expect(answered).toHaveLength((edge.match(/\bapp\.shortcut\(/g) ?? []).length);
    const declared = manifest.features.shortcuts.map((one) => `${one.type} ${one.callback_id}`);
    expect(declared.toSorted()).toEqual(answered.toSorted());
  });

  it('subscribes to exactly the events that the code listens to', () => {
    expect(listened.filter((event) => !(event in EVENTS))).toEqual([]);
    expect(edge).not.toMatch(/\bapp\.message\(/);
    const needed = listened.map((event) => EVENTS[event]!.subscribe);
    expect(manifest.settings.event_subscriptions.bot_events.toSorted()).toEqual(needed.toSorted());
  });

  it('knows the scopes of every Web API method that the code calls', () => {
    expect(called.length).toBeGreaterThan(10);
    expect(called.filter((method) => !(method in METHODS))).toEqual([]);
    expect(Object.keys(METHODS).filter((method) => !called.includes(method))).toEqual([]);
  });

  it('asks for every scope that is needed, and for no other', () => {
    const needed = new Set([
      COMMANDS,
      ...called.flatMap((method) => METHODS[method] ?? []),
      ...listened.flatMap((event) => EVENTS[event]?.scopes ?? []),
    ]);
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
  });

  it('switches on what the listeners need', () => {
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
    expect(manifest.settings.socket_mode_enabled).toBe(true);
    expect(manifest.features.app_home.home_tab_enabled).toBe(listened.includes('app_home_opened'));
    expect(manifest.features.app_home.messages_tab_enabled).toBe(listened.includes('message'));
    expect(manifest.features.app_home.messages_tab_read_only_enabled).toBe(false);
  });

  it('names the bot as the texts that say "/invite @…" do', () => {
    const texts = `${edge}\n${read('src/texts/en.ts')}`;
    expect(allMatches(texts, /\/invite @(\w+)/g)).toEqual([manifest.features.bot_user.display_name]);
  });
});

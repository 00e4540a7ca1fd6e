import type { Core } from '../core.js';
import type { JsonObject } from '../json.js';
import { withoutUndefined } from '../json.js';
import type { Channel, Message, User } from '../workspace/model.js';

/** The kind of conversation in Slack's words. */
export const channelType = (channel: Channel): 'im' | 'group' | 'channel' =>
  channel.is_im ? 'im' : channel.is_private ? 'group' : 'channel';

const MESSAGE_EVENTS = {
  im: { event: 'message.im', scope: 'im:history' },
  group: { event: 'message.groups', scope: 'groups:history' },
  channel: { event: 'message.channels', scope: 'channels:history' },
} as const;

/** Wraps an event as the Events API does and sends it. */
function send(core: Core, event: JsonObject, user: string | undefined): void {
  const { workspace, manifest, delivery, verificationToken } = core;
  const { team, app } = workspace.data;
  delivery.event({
    name: String(event['type']),
    user,
    payload: {
      token: verificationToken,
      team_id: team.id,
      api_app_id: app.id,
      event: withoutUndefined(event),
      type: 'event_callback',
      event_id: workspace.nextId('Ev'),
      event_time: workspace.nowSeconds(),
      authorizations: [
        {
          enterprise_id: null,
          team_id: team.id,
          user_id: app.bot_user_id,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
      event_context: workspace.nextId('4-').toLowerCase() + manifest.name.length.toString(),
    },
  });
}

/** Sends the event when the app subscribed to it and its bot holds the scope. */
function sendIfSubscribed(core: Core, subscription: string, scope: string | null, event: JsonObject): void {
  if (!core.manifest.events.has(subscription)) return;
  if (scope !== null && !core.manifest.botScopes.has(scope)) return;
  const user = typeof event['user'] === 'string' ? event['user'] : undefined;
  send(core, event, user);
}

function sendMessageEvent(core: Core, channel: Channel, event: JsonObject): void {
  if (!channel.members.includes(core.workspace.botUserId)) return;
  const { event: subscription, scope } = MESSAGE_EVENTS[channelType(channel)];
  sendIfSubscribed(core, subscription, scope, {
    ...event,
    channel: channel.id,
    channel_type: channelType(channel),
  });
}

function eventFields(message: Message): JsonObject {
  const shared = message.subtype === 'file_share';
  return {
    type: 'message',
    subtype: message.subtype,
    user: message.user,
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    files: message.files,
    ts: message.ts,
    thread_ts: message.thread_ts,
    parent_user_id: message.parent_user_id,
    // the event of a shared file names neither team nor bot
    ...(shared
      ? {}
      : {
          client_msg_id: message.client_msg_id,
          bot_id: message.bot_id,
          bot_profile: message.bot_profile,
          team: message.team,
        }),
  };
}

const nestedFields = (message: Message): JsonObject =>
  withoutUndefined({
    ...eventFields(message),
    files: undefined,
    edited: message.edited,
    reply_count: message.reply_count,
    reply_users_count: message.reply_users_count,
    latest_reply: message.latest_reply,
  });

/** A broadcast reply carries its thread's root, and no team or bot fields. */
function broadcastFields(core: Core, channel: Channel, message: Message): JsonObject {
  const root = message.thread_ts === undefined ? undefined : core.workspace.message(channel.id, message.thread_ts);
  return {
    ...eventFields(message),
    team: undefined,
    bot_id: undefined,
    bot_profile: undefined,
    parent_user_id: undefined,
    files: undefined,
    root:
      root &&
      withoutUndefined({
        type: 'message',
        text: root.text,
        user: root.user,
        team: root.team,
        ts: root.ts,
        thread_ts: root.thread_ts,
        reply_count: root.reply_count,
        reply_users_count: root.reply_users_count,
        latest_reply: root.latest_reply,
      }),
  };
}

/** A new message: the `message` event, and `app_mention` when it names the app outside a DM. */
export function messagePosted(core: Core, channel: Channel, message: Message): void {
  const broadcast = message.subtype === 'thread_broadcast';
  const fields = broadcast ? broadcastFields(core, channel, message) : eventFields(message);
  sendMessageEvent(core, channel, { ...fields, event_ts: message.ts });
  const { botUserId } = core.workspace;
  const mentioned = message.text.includes(`<@${botUserId}>`) || message.text.includes(`<@${botUserId}|`);
  if (!mentioned || channel.is_im || message.user === botUserId || !channel.members.includes(botUserId)) return;
  sendIfSubscribed(core, 'app_mention', 'app_mentions:read', {
    type: 'app_mention',
    client_msg_id: message.client_msg_id,
    user: message.user,
    text: message.text,
    blocks: message.blocks,
    team: message.team,
    ts: message.ts,
    thread_ts: message.thread_ts,
    channel: channel.id,
    event_ts: message.ts,
  });
}

export function messageChanged(core: Core, channel: Channel, message: Message, before: Message): void {
  const ts = core.workspace.nextTs();
  sendMessageEvent(core, channel, {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: nestedFields(message),
    previous_message: nestedFields(before),
    ts,
    event_ts: ts,
  });
}

export function messageDeleted(core: Core, channel: Channel, message: Message): void {
  const ts = core.workspace.nextTs();
  sendMessageEvent(core, channel, {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: message.ts,
    previous_message: nestedFields(message),
    ts,
    event_ts: ts,
  });
}

export function memberJoined(core: Core, channel: Channel, user: string): void {
  if (!channel.members.includes(core.workspace.botUserId)) return;
  sendIfSubscribed(core, 'member_joined_channel', channel.is_private ? 'groups:read' : 'channels:read', {
    type: 'member_joined_channel',
    user,
    channel: channel.id,
    channel_type: channel.is_private ? 'G' : 'C',
    team: core.workspace.data.team.id,
    event_ts: core.workspace.nextTs(),
  });
}

export function reactionAdded(
  core: Core,
  channel: Channel,
  message: Message,
  by: { user: string; name: string },
): void {
  if (!channel.members.includes(core.workspace.botUserId)) return;
  sendIfSubscribed(core, 'reaction_added', 'reactions:read', {
    type: 'reaction_added',
    user: by.user,
    reaction: by.name,
    item_user: message.user,
    item: { type: 'message', channel: channel.id, ts: message.ts },
    event_ts: core.workspace.nextTs(),
  });
}

/** The person looks at the app: its home tab, or its messages. */
export function appHomeOpened(core: Core, user: string, tab: 'home' | 'messages'): void {
  const { workspace } = core;
  const view = tab === 'home' ? workspace.data.homes[user] : undefined;
  sendIfSubscribed(core, 'app_home_opened', null, {
    type: 'app_home_opened',
    user,
    channel: workspace.directMessage(user, workspace.botUserId).id,
    tab,
    view,
    event_ts: workspace.nextTs(),
  });
}

/** A person was deactivated, reactivated, or has another role. The second factor is for administrators and not told. */
export function userChanged(core: Core, user: User): void {
  const { email, ...profile } = user.profile;
  sendIfSubscribed(core, 'user_change', 'users:read', {
    type: 'user_change',
    user: withoutUndefined({
      ...user,
      has_2fa: undefined,
      profile: withoutUndefined({
        ...profile,
        email: core.manifest.botScopes.has('users:read.email') ? email : undefined,
      }),
    }),
    cache_ts: core.workspace.nowSeconds(),
  });
}

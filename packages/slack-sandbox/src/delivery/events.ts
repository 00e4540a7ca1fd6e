import type { Core } from '../core.js';
import { stringOf, withoutUndefined } from '../json.js';
import type { Slack } from '../vendor/index.js';
import type { Channel, Message, User } from '../workspace/model.js';
import { shownView } from '../workspace/viewing.js';
import type { Sent } from './payload.js';
import { sentAs } from './sent.js';

/** The kind of conversation in Slack's words. */
export const channelType = (channel: Channel): 'im' | 'group' | 'channel' =>
  channel.is_im ? 'im' : channel.is_private ? 'group' : 'channel';

const MESSAGE_EVENTS = {
  im: { event: 'message.im', scope: 'im:history' },
  group: { event: 'message.groups', scope: 'groups:history' },
  channel: { event: 'message.channels', scope: 'channels:history' },
} as const;

/** Wraps an event as the Events API does and sends it. */
function send(core: Core, { body: event }: Sent, user: string | undefined): void {
  const { workspace, manifest, delivery, verificationToken } = core;
  const { team, app } = workspace.data;
  delivery.event({
    name: String(event['type']),
    user,
    payload: sentAs<Slack.Envelope>()({
      token: verificationToken,
      team_id: team.id,
      api_app_id: app.id,
      event,
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
    }),
  });
}

/** Sends the event when the app subscribed to it and its bot holds the scope. */
function sendIfSubscribed(core: Core, subscription: string, scope: string | null, event: Sent): void {
  if (!core.manifest.events.has(subscription)) return;
  if (scope !== null && !core.manifest.botScopes.has(scope)) return;
  send(core, event, stringOf(event.body['user']));
}

function sendMessageEvent(core: Core, channel: Channel, event: Sent): void {
  if (!channel.members.includes(core.workspace.botUserId)) return;
  const { event: subscription, scope } = MESSAGE_EVENTS[channelType(channel)];
  sendIfSubscribed(core, subscription, scope, event);
}

const placeOf = (channel: Channel) => ({ channel: channel.id, channel_type: channelType(channel) });

/** What every message's event tells. */
const commonFields = (message: Message) =>
  ({
    type: 'message',
    user: message.user,
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    ts: message.ts,
    thread_ts: message.thread_ts,
  }) as const;

const authorFields = (message: Message) => ({
  client_msg_id: message.client_msg_id,
  bot_id: message.bot_id,
  bot_profile: message.bot_profile,
  team: message.team,
});

const nestedFields = (message: Message) =>
  withoutUndefined({
    ...commonFields(message),
    // a shared file's message names neither team nor bot
    ...(message.subtype === 'file_share' ? {} : authorFields(message)),
    subtype: message.subtype,
    parent_user_id: message.parent_user_id,
    edited: message.edited,
    reply_count: message.reply_count,
    reply_users_count: message.reply_users_count,
    latest_reply: message.latest_reply,
  });

/** A broadcast reply carries its thread's root, and no team or bot fields. */
function broadcastEvent(channel: Channel, message: Message, root: Message): Sent {
  return sentAs<Slack.Messages['thread_broadcast']>()({
    ...commonFields(message),
    ...placeOf(channel),
    subtype: 'thread_broadcast',
    client_msg_id: message.client_msg_id,
    root: withoutUndefined({
      type: 'message',
      text: root.text,
      user: root.user,
      team: root.team,
      ts: root.ts,
      thread_ts: root.thread_ts,
      reply_count: root.reply_count,
      reply_users_count: root.reply_users_count,
      latest_reply: root.latest_reply,
    } as const),
    event_ts: message.ts,
  });
}

function postedEvent(core: Core, channel: Channel, message: Message): Sent {
  const fields = { ...commonFields(message), ...placeOf(channel), event_ts: message.ts };
  const { subtype, parent_user_id, thread_ts = '' } = message;
  const root = core.workspace.message(channel.id, thread_ts);
  if (subtype === 'thread_broadcast' && root) return broadcastEvent(channel, message, root);
  if (subtype === 'file_share')
    return sentAs<Slack.Messages['file_share']>()({ ...fields, subtype, parent_user_id, files: message.files });
  return sentAs<Slack.Messages['plain']>()({ ...fields, ...authorFields(message), parent_user_id });
}

/** A new message: the `message` event, and `app_mention` when it names the app outside a DM. */
export function messagePosted(core: Core, channel: Channel, message: Message): void {
  sendMessageEvent(core, channel, postedEvent(core, channel, message));
  const { botUserId } = core.workspace;
  const mentioned = message.text.includes(`<@${botUserId}>`) || message.text.includes(`<@${botUserId}|`);
  if (!mentioned || channel.is_im || message.user === botUserId || !channel.members.includes(botUserId)) return;
  sendIfSubscribed(
    core,
    'app_mention',
    'app_mentions:read',
    sentAs<Slack.Events['app_mention']>()({
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
    }),
  );
}

export function messageChanged(core: Core, channel: Channel, message: Message, before: Message): void {
  const ts = core.workspace.nextTs();
  sendMessageEvent(
    core,
    channel,
    sentAs<Slack.Messages['message_changed']>()({
      type: 'message',
      subtype: 'message_changed',
      hidden: true,
      ...placeOf(channel),
      message: nestedFields(message),
      previous_message: nestedFields(before),
      ts,
      event_ts: ts,
    }),
  );
}

export function messageDeleted(core: Core, channel: Channel, message: Message): void {
  const ts = core.workspace.nextTs();
  sendMessageEvent(
    core,
    channel,
    sentAs<Slack.Messages['message_deleted']>()({
      type: 'message',
      subtype: 'message_deleted',
      hidden: true,
      ...placeOf(channel),
      deleted_ts: message.ts,
      previous_message: nestedFields(message),
      ts,
      event_ts: ts,
    }),
  );
}

export function memberJoined(core: Core, channel: Channel, user: string): void {
  if (!channel.members.includes(core.workspace.botUserId)) return;
  sendIfSubscribed(
    core,
    'member_joined_channel',
    channel.is_private ? 'groups:read' : 'channels:read',
    sentAs<Slack.Events['member_joined_channel']>()({
      type: 'member_joined_channel',
      user,
      channel: channel.id,
      channel_type: channel.is_private ? 'G' : 'C',
      team: core.workspace.data.team.id,
      event_ts: core.workspace.nextTs(),
    }),
  );
}

export function reactionAdded(
  core: Core,
  channel: Channel,
  message: Message,
  by: { user: string; name: string },
): void {
  if (!channel.members.includes(core.workspace.botUserId)) return;
  sendIfSubscribed(
    core,
    'reaction_added',
    'reactions:read',
    sentAs<Slack.Events['reaction_added']>()({
      type: 'reaction_added',
      user: by.user,
      reaction: by.name,
      item_user: message.user,
      item: { type: 'message', channel: channel.id, ts: message.ts },
      event_ts: core.workspace.nextTs(),
    }),
  );
}

/** The person looks at the app: its home tab, or its messages. */
export function appHomeOpened(core: Core, user: string, tab: 'home' | 'messages'): void {
  const { workspace } = core;
  const view = tab === 'home' ? workspace.data.homes[user] : undefined;
  sendIfSubscribed(
    core,
    'app_home_opened',
    null,
    sentAs<Slack.Events['app_home_opened']>()({
      type: 'app_home_opened',
      user,
      channel: workspace.directMessage(user, workspace.botUserId).id,
      tab,
      view: view && shownView(view),
      event_ts: workspace.nextTs(),
    }),
  );
}

/** A person was deactivated, reactivated, or has another role. The second factor is for administrators and not told. */
export function userChanged(core: Core, user: User): void {
  const { email, ...profile } = user.profile;
  sendIfSubscribed(
    core,
    'user_change',
    'users:read',
    sentAs<Slack.Events['user_change']>()({
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
      event_ts: core.workspace.nextTs(),
    }),
  );
}

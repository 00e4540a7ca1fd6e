import type { Core } from '../core.js';
import { appHomeOpened, memberJoined, messagePosted, reactionAdded } from '../delivery/events.js';
import type { Channel, Message, User } from '../workspace/model.js';
import { addReaction, postMessage } from '../workspace/posting.js';
import { composed } from './composing.js';
import type { ActResult } from './refusal.js';
import { Refusal } from './refusal.js';

/** A conversation that the person is in. @throws Refusal naming what to do */
export function ownChannel(core: Core, user: User, id: string): Channel {
  const channel = core.workspace.channel(id);
  if (!channel || (channel.is_private && !channel.members.includes(user.id)))
    throw new Refusal('channel_not_found', `${user.name} knows no conversation ${id}: look it up in the state.`, 404);
  if (!channel.members.includes(user.id))
    throw new Refusal('not_in_channel', `${user.name} is not in #${channel.name}: send the action "join" first.`, 403);
  return channel;
}

export function ownMessage(core: Core, channel: Channel, ts: string): Message {
  const message = core.workspace.message(channel.id, ts);
  if (!message) throw new Refusal('message_not_found', `No message ${ts} stands in ${channel.id} any more.`, 404);
  return message;
}

/** Whether people may write to the app at all, as its manifest says. */
function checkMessagesTab(core: Core, channel: Channel): void {
  const { home } = core.manifest;
  if (!channel.is_im || !channel.members.includes(core.workspace.botUserId)) return;
  if (home.messages_tab_enabled && !home.messages_tab_read_only_enabled) return;
  throw new Refusal(
    'messages_tab_disabled',
    'Sending messages to this app has been turned off: set app_home.messages_tab_enabled to true and messages_tab_read_only_enabled to false in the manifest.',
    403,
  );
}

export function write(
  core: Core,
  user: User,
  args: { channel: string; text: string; thread_ts?: string | undefined },
): ActResult {
  const channel = ownChannel(core, user, args.channel);
  if (channel.is_archived)
    throw new Refusal('is_archived', `#${channel.name} is archived: nobody can write there.`, 403);
  checkMessagesTab(core, channel);
  const parent = args.thread_ts === undefined ? undefined : ownMessage(core, channel, args.thread_ts);
  const message = postMessage(core.workspace, channel.id, {
    user: user.id,
    byBot: false,
    text: composed(core.workspace, args.text),
    threadTs: parent && (parent.thread_ts ?? parent.ts),
  });
  messagePosted(core, channel, message);
  return { ok: true, ts: message.ts };
}

export function openDirectMessage(core: Core, user: User, withUser: string): ActResult {
  if (!core.workspace.user(withUser))
    throw new Refusal('user_not_found', `Nobody has the id ${withUser}: look people up in the state.`, 404);
  const channel = core.workspace.directMessage(user.id, withUser);
  if (withUser === core.workspace.botUserId) appHomeOpened(core, user.id, 'messages');
  return { ok: true, channel: channel.id };
}

export function react(core: Core, user: User, args: { channel: string; ts: string; name: string }): ActResult {
  const channel = ownChannel(core, user, args.channel);
  const message = ownMessage(core, channel, args.ts);
  if (addReaction(core.workspace, message, args.name, user.id))
    reactionAdded(core, channel, message, { user: user.id, name: args.name });
  return { ok: true };
}

export function join(core: Core, user: User, channelId: string): ActResult {
  const channel = core.workspace.channel(channelId);
  if (!channel || channel.is_im)
    throw new Refusal('channel_not_found', `There is no channel ${channelId} to join: look it up in the state.`, 404);
  if (channel.is_archived) throw new Refusal('is_archived', `#${channel.name} is archived: nobody can join it.`, 403);
  if (!channel.members.includes(user.id)) {
    channel.members.push(user.id);
    core.workspace.changed('channel');
    memberJoined(core, channel, user.id);
  }
  return { ok: true };
}

export function openHome(core: Core, user: User): ActResult {
  if (!core.manifest.home.home_tab_enabled)
    throw new Refusal('not_enabled', 'The app has no home tab: set app_home.home_tab_enabled in the manifest.', 403);
  core.workspace.directMessage(user.id, core.workspace.botUserId);
  appHomeOpened(core, user.id, 'home');
  return { ok: true };
}

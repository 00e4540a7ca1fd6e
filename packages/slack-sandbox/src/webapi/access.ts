import { channelType } from '../delivery/events.js';
import type { Channel, Message } from '../workspace/model.js';
import { ApiError } from './errors.js';
import type { Call } from './method.js';
import { isMember } from './method.js';

const PREFIX = { im: 'im', group: 'groups', channel: 'channels' } as const;

/** @throws ApiError `missing_scope` with what is needed and what the token has */
export function needScope(call: Call, needed: string): void {
  if (call.caller.scopes.has(needed)) return;
  throw new ApiError('missing_scope', { needed, provided: [...call.caller.scopes].join(',') });
}

/** The scope that reading this conversation takes, e.g. `groups:history` for a private channel. */
export const needScopeFor = (call: Call, channel: Channel, right: 'read' | 'history'): void =>
  needScope(call, `${PREFIX[channelType(channel)]}:${right}`);

/** A conversation as far as the caller may know of it: private ones exist for their members alone. */
export function visibleChannel(call: Call, id: string): Channel {
  const channel = call.core.workspace.channel(id);
  if (!channel || (channel.is_private && !isMember(channel, call.caller))) throw new ApiError('channel_not_found');
  return channel;
}

/**
 * Where a message is to go: a channel id, `#name`, or a person's id, which opens the direct conversation.
 * Public channels that the caller is not in need `chat:write.public`.
 */
export function writableChannel(call: Call, target: string): Channel {
  const { workspace } = call.core;
  if (/^[UW]/.test(target)) {
    if (!workspace.user(target) || target === call.caller.userId) throw new ApiError('channel_not_found');
    return workspace.directMessage(call.caller.userId, target);
  }
  const named = target.startsWith('#') ? workspace.channelNamed(target.slice(1))?.id : undefined;
  const channel = visibleChannel(call, named ?? target);
  if (!isMember(channel, call.caller) && !call.caller.scopes.has('chat:write.public'))
    throw new ApiError('not_in_channel');
  if (channel.is_archived) throw new ApiError('is_archived');
  return channel;
}

/** A conversation whose messages the caller may read. */
export function readableChannel(call: Call, id: string): Channel {
  const channel = visibleChannel(call, id);
  needScopeFor(call, channel, 'history');
  if (!isMember(channel, call.caller)) throw new ApiError('not_in_channel');
  return channel;
}

export function existingMessage(call: Call, channel: Channel, ts: string, error = 'message_not_found'): Message {
  const message = call.core.workspace.message(channel.id, ts);
  if (!message) throw new ApiError(error);
  return message;
}

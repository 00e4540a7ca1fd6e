import { z } from 'zod';
import { checkMessage } from '../blockkit/check.js';
import { messageChanged, messageDeleted, messagePosted, reactionAdded } from '../delivery/events.js';
import { lengthOf, withoutUndefined } from '../json.js';
import type { Channel, Message } from '../workspace/model.js';
import type { Draft } from '../workspace/posting.js';
import { addReaction, editMessage, postEphemeral, postMessage, removeMessage } from '../workspace/posting.js';
import { existingMessage, visibleChannel, writableChannel } from './access.js';
import { ApiError, invalidArguments } from './errors.js';
import type { Call } from './method.js';
import { anyObject, flag, held, isMember, json, method, whole } from './method.js';

const MAX_TEXT = 40_000;
const MAX_UPDATE_TEXT = 4000;
const SCHEDULE_AHEAD_S = 120 * 24 * 3600;

const content = {
  channel: z.string().min(1),
  text: z.string().optional(),
  blocks: json(z.array(z.unknown())).optional(),
  attachments: json(z.array(anyObject)).optional(),
  metadata: json(z.object({ event_type: z.string().min(1), event_payload: anyObject })).optional(),
};
const posting = {
  ...content,
  thread_ts: z.string().optional(),
  reply_broadcast: flag.optional(),
  username: z.string().optional(),
};

/** Blocks that passed the check, as objects. @throws ApiError naming each wrong place */
export function checkedBlocks(blocks: readonly unknown[] | undefined) {
  if (blocks === undefined) return undefined;
  const verdict = checkMessage(blocks);
  if (verdict.ok) return z.array(anyObject).parse(blocks);
  throw new ApiError(verdict.error, { response_metadata: { messages: verdict.messages } });
}

interface Content {
  readonly text?: string | undefined;
  readonly blocks?: unknown[] | undefined;
  readonly attachments?: unknown[] | undefined;
}

function checkContent(args: Content, maxText: number): void {
  if (!args.text && !args.blocks?.length && !args.attachments?.length) throw new ApiError('no_text');
  if (lengthOf(args.text ?? '') > maxText) throw new ApiError('msg_too_long');
}

function draftOf(call: Call, channel: Channel, args: z.output<z.ZodObject<typeof posting>>): Draft {
  checkContent(args, MAX_TEXT);
  const parent = args.thread_ts === undefined ? undefined : call.core.workspace.message(channel.id, args.thread_ts);
  if (args.thread_ts !== undefined && !parent) throw new ApiError('thread_not_found');
  if (args.username !== undefined && !call.caller.scopes.has('chat:write.customize')) {
    throw new ApiError('missing_scope', {
      needed: 'chat:write.customize',
      provided: [...call.caller.scopes].join(','),
    });
  }
  return {
    user: call.caller.userId,
    byBot: call.caller.isBot,
    text: args.text ?? '',
    blocks: checkedBlocks(args.blocks),
    attachments: args.attachments,
    metadata: args.metadata,
    // a reply to a reply goes to its thread, as in Slack
    threadTs: parent?.thread_ts ?? args.thread_ts,
    username: args.username,
    broadcast: args.reply_broadcast,
  };
}

/** A message as the Web API gives it: metadata only to those who ask for it. */
export const withoutMetadata = (message: Message) => withoutUndefined({ ...message, metadata: undefined });

const postTo = method({ scopes: ['chat:write'], tier: 'message' }, z.object(posting), (args, call) => {
  const channel = writableChannel(call, args.channel);
  const message = postMessage(call.core.workspace, channel.id, draftOf(call, channel, args));
  messagePosted(call.core, channel, message);
  return { channel: channel.id, ts: message.ts, message: withoutUndefined({ ...message }) };
});

const update = method({ scopes: ['chat:write'], tier: 3 }, z.object({ ...content, ts: z.string() }), (args, call) => {
  const channel = writableChannel(call, args.channel);
  const message = existingMessage(call, channel, args.ts);
  if (message.user !== call.caller.userId) throw new ApiError('cant_update_message');
  checkContent(args, MAX_UPDATE_TEXT);
  const edit = { ...args, blocks: checkedBlocks(args.blocks) };
  const before = editMessage(call.core.workspace, message, edit, call.caller.userId);
  messageChanged(call.core, channel, message, before);
  return { channel: channel.id, ts: message.ts, text: message.text, message: withoutMetadata(message) };
});

const remove = method(
  { scopes: ['chat:write'], tier: 3 },
  z.object({ channel: z.string(), ts: z.string() }),
  (args, call) => {
    const channel = writableChannel(call, args.channel);
    const message = existingMessage(call, channel, args.ts);
    if (message.user !== call.caller.userId) throw new ApiError('cant_delete_message');
    removeMessage(call.core.workspace, channel.id, message);
    messageDeleted(call.core, channel, message);
    return { channel: channel.id, ts: message.ts };
  },
);

const ephemeral = method(
  { scopes: ['chat:write'], tier: 4 },
  z.object({ ...posting, user: z.string() }),
  (args, call) => {
    const channel = writableChannel(call, args.channel);
    if (!call.core.workspace.user(args.user)) throw new ApiError('user_not_found');
    if (!channel.members.includes(args.user)) throw new ApiError('user_not_in_channel');
    const posted = postEphemeral(call.core.workspace, channel.id, args.user, draftOf(call, channel, args));
    return { message_ts: posted.ts };
  },
);

const permalink = method(
  { scopes: [], tier: 'none' },
  z.object({ channel: z.string(), message_ts: z.string() }),
  (args, call) => {
    const channel = visibleChannel(call, args.channel);
    const message = existingMessage(call, channel, args.message_ts);
    const thread = message.thread_ts === undefined ? '' : `?thread_ts=${message.thread_ts}&cid=${channel.id}`;
    const path = `/archives/${channel.id}/p${message.ts.replace('.', '')}`;
    return { channel: channel.id, permalink: `${call.core.url()}${path}${thread}` };
  },
);

const schedule = method({ scopes: ['chat:write'], tier: 3 }, z.object({ ...posting, post_at: whole }), (args, call) => {
  const { workspace } = call.core;
  const channel = writableChannel(call, args.channel);
  const draft = draftOf(call, channel, args);
  if (args.post_at <= workspace.nowSeconds()) throw new ApiError('time_in_past');
  if (args.post_at > workspace.nowSeconds() + SCHEDULE_AHEAD_S) throw new ApiError('time_too_far');
  const id = workspace.nextId('Q');
  workspace.data.scheduled.push({ id, channel: channel.id, post_at: args.post_at, draft: { ...draft } });
  return { channel: channel.id, scheduled_message_id: id, post_at: args.post_at };
});

const react = method(
  { scopes: ['reactions:write'], tier: 3 },
  z.object({ channel: z.string(), timestamp: z.string(), name: z.string().min(1) }),
  (args, call) => {
    const channel = writableChannel(call, args.channel);
    const message = existingMessage(call, channel, args.timestamp);
    if (!isMember(channel, call.caller)) throw new ApiError('not_in_channel');
    if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(args.name))
      throw invalidArguments(['[ERROR] invalid_name [json-pointer:/name]']);
    if (!addReaction(call.core.workspace, message, args.name, call.caller.userId))
      throw new ApiError('already_reacted');
    reactionAdded(call.core, channel, message, { user: call.caller.userId, name: args.name });
    return {};
  },
);

export const CHAT_METHODS = held({
  'chat.postMessage': postTo,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': ephemeral,
  'chat.getPermalink': permalink,
  'chat.scheduleMessage': schedule,
  'reactions.add': react,
});

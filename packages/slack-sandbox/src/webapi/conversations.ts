import { z } from 'zod';
import { channelType, memberJoined } from '../delivery/events.js';
import { withoutUndefined } from '../json.js';
import type { Channel, Message } from '../workspace/model.js';
import { repliesOf } from '../workspace/posting.js';
import { existingMessage, needScope, needScopeFor, readableChannel, visibleChannel } from './access.js';
import { withoutMetadata } from './chat.js';
import { ApiError } from './errors.js';
import type { Call } from './method.js';
import { flag, held, isMember, method, page, paging } from './method.js';

/** A direct message: whose it is, seen from the caller. */
const shownDirect = (call: Call, channel: Channel) => ({
  id: channel.id,
  created: channel.created,
  is_archived: false,
  is_im: true,
  is_org_shared: false,
  context_team_id: call.core.workspace.data.team.id,
  user: channel.members.find((member) => member !== call.caller.userId) ?? channel.user,
});

function shownChannel(call: Call, channel: Channel) {
  const { team } = call.core.workspace.data;
  const note = { value: channel.topic, creator: channel.creator, last_set: channel.created };
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.is_private,
    is_group: channel.is_private,
    is_im: false,
    is_mpim: false,
    is_private: channel.is_private,
    is_archived: channel.is_archived,
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_org_shared: false,
    created: channel.created,
    creator: channel.creator,
    context_team_id: team.id,
    shared_team_ids: [team.id],
    topic: note,
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}

/** A conversation as `users.conversations` shows it: without `is_member`. */
const shownConversation = (call: Call, channel: Channel) =>
  channel.is_im ? shownDirect(call, channel) : shownChannel(call, channel);

/** As everything else shows it; a direct message has no members to be one of. */
const described = (call: Call, channel: Channel) => ({
  ...shownConversation(call, channel),
  ...(channel.is_im ? {} : { is_member: isMember(channel, call.caller) }),
});

const open = method(
  { scopes: [], tier: 3 },
  z.object({ users: z.string().optional(), channel: z.string().optional(), return_im: flag.optional() }),
  (args, call) => {
    needScope(call, 'im:write');
    const { workspace } = call.core;
    const users = args.users?.split(',').map((user) => user.trim()) ?? [];
    if (users.length > 1) throw new ApiError('not_enabled', { detail: 'group direct messages are not simulated' });
    const known = args.channel === undefined ? undefined : visibleChannel(call, args.channel);
    const [user] = users;
    if (!known && user === undefined) throw new ApiError('users_list_not_supplied');
    if (user !== undefined && !workspace.user(user)) throw new ApiError('user_not_found');
    const im = known ?? workspace.directMessage(call.caller.userId, user ?? '');
    return { channel: args.return_im === true && im.is_im ? shownDirect(call, im) : { id: im.id } };
  },
);

const info = method(
  { scopes: [], tier: 3 },
  z.object({ channel: z.string(), include_num_members: flag.optional() }),
  (args, call) => {
    const channel = visibleChannel(call, args.channel);
    needScopeFor(call, channel, 'read');
    const count = args.include_num_members === true ? { num_members: channel.members.length } : {};
    return { channel: { ...described(call, channel), ...count } };
  },
);

const TYPES = { public_channel: 'channel', private_channel: 'group', im: 'im', mpim: 'mpim' } as const;
const SCOPES = { channel: 'channels:read', group: 'groups:read', im: 'im:read', mpim: 'mpim:read' } as const;

const listed = z.object({ ...paging, types: z.string().default('public_channel'), exclude_archived: flag.optional() });

/** Conversations of the kinds that are asked for, each kind for its own scope. @throws ApiError `missing_scope`, `invalid_types` */
function wantedChannels(args: z.output<typeof listed>, call: Call): readonly Channel[] {
  const wanted = args.types.split(',').map((given) => {
    const name = z.enum(['public_channel', 'private_channel', 'im', 'mpim']).safeParse(given.trim());
    if (!name.success) throw new ApiError('invalid_types');
    return TYPES[name.data];
  });
  for (const type of wanted) needScope(call, SCOPES[type]);
  return call.core.workspace.data.channels.filter(
    (channel) => wanted.includes(channelType(channel)) && !(args.exclude_archived === true && channel.is_archived),
  );
}

/** Of the caller: for a bot, also the direct messages that people began. Source: docs.slack.dev, users.conversations. */
const mine = method({ scopes: [], tier: 3 }, listed, (args, call) => {
  const { items, metadata } = page(
    wantedChannels(args, call).filter((channel) => isMember(channel, call.caller)),
    args,
  );
  return { channels: items.map((channel) => shownConversation(call, channel)), response_metadata: metadata };
});

const list = method({ scopes: [], tier: 2 }, listed, (args, call) => {
  const { items, metadata } = page(
    wantedChannels(args, call).filter((channel) => !channel.is_private || isMember(channel, call.caller)),
    args,
  );
  return { channels: items.map((channel) => described(call, channel)), response_metadata: metadata };
});

const members = method({ scopes: [], tier: 4 }, z.object({ ...paging, channel: z.string() }), (args, call) => {
  const channel = visibleChannel(call, args.channel);
  needScopeFor(call, channel, 'read');
  const { items, metadata } = page(channel.members, args);
  return { members: items, response_metadata: metadata };
});

const join = method({ scopes: ['channels:join'], tier: 3 }, z.object({ channel: z.string() }), (args, call) => {
  const channel = visibleChannel(call, args.channel);
  if (channel.is_private) throw new ApiError('method_not_supported_for_channel_type');
  if (channel.is_archived) throw new ApiError('is_archived');
  if (!isMember(channel, call.caller)) {
    channel.members.push(call.caller.userId);
    call.core.workspace.changed('channel');
    memberJoined(call.core, channel, call.caller.userId);
  }
  return { channel: { ...shownChannel(call, channel), is_member: true } };
});

const range = {
  ...paging,
  channel: z.string(),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
};

type Range = z.output<z.ZodObject<typeof range>>;

function within(messages: readonly Message[], args: Range): Message[] {
  const { oldest, latest, inclusive = false } = args;
  return messages.filter(
    ({ ts }) =>
      (oldest === undefined || Number(ts) > Number(oldest) || (inclusive && Number(ts) === Number(oldest))) &&
      (latest === undefined || Number(ts) < Number(latest) || (inclusive && Number(ts) === Number(latest))),
  );
}

function messagePage(messages: readonly Message[], args: Range) {
  const { items, metadata } = page(messages, args);
  return {
    messages: items.map((message) =>
      args.include_all_metadata === true ? withoutUndefined({ ...message }) : withoutMetadata(message),
    ),
    has_more: metadata.next_cursor !== '',
    response_metadata: metadata,
  };
}

const history = method({ scopes: [], tier: 3 }, z.object(range), (args, call) => {
  const channel = readableChannel(call, args.channel);
  const top = call.core.workspace
    .messages(channel.id)
    .filter((one) => one.thread_ts === undefined || one.thread_ts === one.ts || one.subtype === 'thread_broadcast');
  return messagePage(within(top, args).reverse(), args);
});

const replies = method({ scopes: [], tier: 3 }, z.object({ ...range, ts: z.string() }), (args, call) => {
  const channel = readableChannel(call, args.channel);
  const asked = existingMessage(call, channel, args.ts, 'thread_not_found');
  const root = existingMessage(call, channel, asked.thread_ts ?? asked.ts, 'thread_not_found');
  return messagePage([root, ...within(repliesOf(call.core.workspace, channel.id, root.ts), args)], args);
});

export const CONVERSATION_METHODS = held({
  'conversations.open': open,
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.join': join,
  'conversations.history': history,
  'conversations.replies': replies,
  'users.conversations': mine,
});

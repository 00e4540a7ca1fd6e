import type { JsonObject } from '../json.js';
import { isObject, objectsOf } from '../json.js';
import { BOT_ICONS } from './model.js';
import type { Ephemeral, Message } from './model.js';
import type { Workspace } from './workspace.js';

/** What an author gives; the workspace adds stamps and ids. */
export interface Draft {
  readonly text: string;
  readonly user: string;
  readonly byBot: boolean;
  readonly threadTs?: string | undefined;
  readonly blocks?: JsonObject[] | undefined;
  readonly attachments?: JsonObject[] | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly files?: JsonObject[] | undefined;
  readonly username?: string | undefined;
  readonly broadcast?: boolean | undefined;
}

const ELEMENT_LISTS = new Set(['actions', 'context_actions']);

/** Blocks with the ids that Slack fills in where the author gave none. */
export function withIds(workspace: Workspace, blocks: JsonObject[]): JsonObject[] {
  const short = () => workspace.nextId('b').slice(-5).toLowerCase();
  const element = (value: unknown) =>
    isObject(value) && !('action_id' in value) && value['type'] !== 'image' ? { ...value, action_id: short() } : value;
  return blocks.map((block) => {
    const named: JsonObject = 'block_id' in block ? { ...block } : { ...block, block_id: short() };
    if ('accessory' in named) named['accessory'] = element(named['accessory']);
    if (named['type'] === 'input') named['element'] = element(named['element']);
    if (ELEMENT_LISTS.has(String(named['type']))) named['elements'] = objectsOf(named['elements']).map(element);
    return named;
  });
}

function botFields(workspace: Workspace, username: string | undefined): Partial<Message> {
  const { app, team } = workspace.data;
  const bot = workspace.user(app.bot_user_id);
  return {
    bot_id: app.bot_id,
    app_id: app.id,
    bot_profile: {
      id: app.bot_id,
      app_id: app.id,
      name: bot?.real_name ?? '',
      deleted: false,
      updated: bot?.updated ?? 0,
      team_id: team.id,
      icons: BOT_ICONS,
    },
    username,
  };
}

function drafted(workspace: Workspace, draft: Draft): Message {
  return {
    type: 'message',
    ts: workspace.nextTs(),
    user: draft.user,
    team: workspace.data.team.id,
    text: draft.text,
    thread_ts: draft.threadTs,
    blocks: draft.blocks && draft.blocks.length > 0 ? withIds(workspace, draft.blocks) : undefined,
    attachments: draft.attachments && draft.attachments.length > 0 ? draft.attachments : undefined,
    metadata: draft.metadata,
    files: draft.files,
    ...(draft.byBot ? botFields(workspace, draft.username) : { client_msg_id: workspace.nextId('m').toLowerCase() }),
  };
}

/** A thread's replies, oldest first, without its parent. */
export const repliesOf = (workspace: Workspace, channelId: string, threadTs: string): Message[] =>
  workspace
    .messagesFrom(channelId, threadTs)
    .filter((message) => message.thread_ts === threadTs && message.ts !== threadTs);

function recount(workspace: Workspace, channelId: string, threadTs: string): void {
  const parent = workspace.message(channelId, threadTs);
  if (!parent) return;
  const replies = repliesOf(workspace, channelId, threadTs);
  const users = [...new Set(replies.map((reply) => reply.user))];
  parent.thread_ts = replies.length > 0 ? threadTs : undefined;
  parent.reply_count = replies.length > 0 ? replies.length : undefined;
  parent.reply_users_count = replies.length > 0 ? users.length : undefined;
  parent.reply_users = replies.length > 0 ? users : undefined;
  parent.latest_reply = replies.at(-1)?.ts;
}

/** Adds a message; a reply's parent gets its counts. The thread's parent must exist. */
export function postMessage(workspace: Workspace, channelId: string, draft: Draft): Message {
  const message = drafted(workspace, draft);
  if (draft.broadcast) message.subtype = 'thread_broadcast';
  if (draft.threadTs !== undefined) message.parent_user_id = workspace.message(channelId, draft.threadTs)?.user;
  workspace.messages(channelId).push(message);
  if (draft.threadTs !== undefined) recount(workspace, channelId, draft.threadTs);
  workspace.changed('message');
  return message;
}

/** Adds a message that only one person sees; it is gone after a restart in Slack, and kept here. */
export function postEphemeral(workspace: Workspace, channelId: string, forUser: string, draft: Draft): Ephemeral {
  const ephemeral: Ephemeral = { ...drafted(workspace, draft), channel: channelId, for: forUser };
  workspace.data.ephemerals.push(ephemeral);
  workspace.changed('ephemeral');
  return ephemeral;
}

export interface Edit {
  readonly text?: string | undefined;
  readonly blocks?: JsonObject[] | undefined;
  readonly attachments?: JsonObject[] | undefined;
  readonly metadata?: JsonObject | undefined;
}

/**
 * Changes a message in place and returns it as it was before. Text without blocks removes the blocks; a message
 * with blocks does not get the edited mark, as in Slack.
 */
export function editMessage(workspace: Workspace, message: Message, edit: Edit, editor: string): Message {
  const before = structuredClone(message);
  if (edit.text !== undefined) message.text = edit.text;
  if (edit.blocks !== undefined) {
    message.blocks = edit.blocks.length > 0 ? withIds(workspace, edit.blocks) : undefined;
  } else if (edit.text !== undefined) {
    message.blocks = undefined;
  }
  if (edit.attachments !== undefined) message.attachments = edit.attachments;
  if (edit.metadata !== undefined) message.metadata = edit.metadata;
  if (!message.blocks) message.edited = { user: editor, ts: workspace.nextTs() };
  workspace.changed('message_changed');
  return before;
}

export function removeMessage(workspace: Workspace, channelId: string, message: Message): void {
  const list = workspace.messages(channelId);
  list.splice(list.indexOf(message), 1);
  if (message.thread_ts !== undefined && message.thread_ts !== message.ts) {
    recount(workspace, channelId, message.thread_ts);
  }
  workspace.changed('message_deleted');
}

/** False when this person already reacted so. */
export function addReaction(workspace: Workspace, message: Message, name: string, user: string): boolean {
  const reactions = (message.reactions ??= []);
  const found = reactions.find((reaction) => reaction.name === name);
  if (found?.users.includes(user)) return false;
  if (found) {
    found.users.push(user);
    found.count = found.users.length;
  } else {
    reactions.push({ name, count: 1, users: [user] });
  }
  workspace.changed('reaction');
  return true;
}

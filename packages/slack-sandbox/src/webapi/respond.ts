import { z } from 'zod';
import type { Core } from '../core.js';
import { messageChanged, messageDeleted, messagePosted } from '../delivery/events.js';
import type { ResponseTarget } from '../delivery/response-urls.js';
import type { Ephemeral, Message } from '../workspace/model.js';
import type { Draft } from '../workspace/posting.js';
import { editMessage, postEphemeral, postMessage, removeMessage, withIds } from '../workspace/posting.js';
import { checkedBlocks } from './chat.js';
import { ApiError } from './errors.js';
import { anyObject } from './method.js';

/** What an app may send to a response_url, or put into the ack of a slash command. */
const Body = z.object({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  attachments: z.array(anyObject).optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
});

type Source = { kind: 'message'; message: Message } | { kind: 'ephemeral'; ephemeral: Ephemeral } | null;

function sourceOf(core: Core, target: ResponseTarget): Source {
  if (target.messageTs === undefined) return null;
  if (target.ephemeral === true) {
    const ephemeral = core.workspace.data.ephemerals.find((one) => one.ts === target.messageTs);
    return ephemeral ? { kind: 'ephemeral', ephemeral } : null;
  }
  const message = core.workspace.message(target.channelId, target.messageTs);
  return message ? { kind: 'message', message } : null;
}

function deleteSource(core: Core, target: ResponseTarget, source: NonNullable<Source>): void {
  const { workspace } = core;
  const channel = workspace.channel(target.channelId);
  if (source.kind === 'ephemeral') {
    workspace.data.ephemerals = workspace.data.ephemerals.filter((one) => one !== source.ephemeral);
    workspace.changed('ephemeral');
  } else if (channel) {
    removeMessage(workspace, channel.id, source.message);
    messageDeleted(core, channel, source.message);
  }
}

function replaceSource(core: Core, target: ResponseTarget, source: NonNullable<Source>, draft: Draft): void {
  const { workspace } = core;
  const channel = workspace.channel(target.channelId);
  if (source.kind === 'ephemeral') {
    const { text, blocks } = draft;
    Object.assign(source.ephemeral, { text, blocks: blocks && withIds(workspace, blocks) });
    workspace.changed('ephemeral');
  } else if (channel) {
    const before = editMessage(workspace, source.message, draft, draft.user);
    messageChanged(core, channel, source.message, before);
  }
}

/**
 * Carries out one response.
 * @throws ApiError when the body is not one Slack takes, or the message is gone
 */
export function respond(core: Core, target: ResponseTarget, given: unknown): void {
  const read = Body.safeParse(given);
  if (!read.success) throw new ApiError('invalid_payload');
  const body = read.data;
  const source = sourceOf(core, target);
  if (body.delete_original === true) {
    if (!source) throw new ApiError('message_not_found');
    deleteSource(core, target, source);
    return;
  }
  if (!body.text && !body.blocks?.length && !body.attachments?.length) throw new ApiError('no_text');
  const draft: Draft = {
    user: core.workspace.botUserId,
    byBot: true,
    text: body.text ?? '',
    blocks: checkedBlocks(body.blocks),
    attachments: body.attachments,
    threadTs: body.thread_ts,
  };
  if (body.replace_original === true && source) {
    replaceSource(core, target, source, draft);
    return;
  }
  const channel = core.workspace.channel(target.channelId);
  if (!channel) throw new ApiError('channel_not_found');
  if (body.response_type === 'in_channel') {
    messagePosted(core, channel, postMessage(core.workspace, channel.id, draft));
  } else {
    postEphemeral(core.workspace, channel.id, target.userId, draft);
  }
}

/** True when an ack carries something to show. */
export const hasWords = (body: unknown): boolean => {
  const read = Body.safeParse(body);
  return read.success && Boolean(read.data.text ?? read.data.blocks ?? read.data.attachments);
};

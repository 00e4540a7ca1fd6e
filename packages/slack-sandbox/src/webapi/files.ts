import { z } from 'zod';
import { messagePosted } from '../delivery/events.js';
import type { StoredFile } from '../workspace/model.js';
import { postMessage } from '../workspace/posting.js';
import { writableChannel } from './access.js';
import { checkedBlocks } from './chat.js';
import { ApiError } from './errors.js';
import type { Call } from './method.js';
import { held, json, method, whole } from './method.js';

const MIMETYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  csv: 'text/csv',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
};

const ending = (name: string): string => name.split('.').pop() ?? '';

/** A file object as messages and answers carry it. */
export function fileObject(call: Pick<Call, 'core'>, file: StoredFile) {
  const url = `${call.core.url()}/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: ending(file.name),
    pretty_type: ending(file.name).toUpperCase(),
    user: file.user,
    user_team: call.core.workspace.data.team.id,
    size: file.size,
    mode: 'hosted' as const,
    is_external: false,
    external_type: '',
    is_public: false,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    editable: false,
    url_private: url,
    url_private_download: url,
    permalink: url,
  };
}

const getUrl = method(
  { scopes: ['files:write'], tier: 4 },
  z.object({ filename: z.string().min(1), length: whole.min(1).max(10_000_000) }),
  (args, call) => {
    const { workspace } = call.core;
    const id = workspace.nextId('F');
    workspace.data.files.push({
      id,
      name: args.filename,
      title: args.filename,
      mimetype: MIMETYPES[ending(args.filename).toLowerCase()] ?? 'application/octet-stream',
      size: args.length,
      user: call.caller.userId,
      created: workspace.nowSeconds(),
      complete: false,
      content_base64: '',
      channels: [],
    });
    return { upload_url: `${call.core.url()}/files/upload/${id}`, file_id: id };
  },
);

const complete = method(
  { scopes: ['files:write'], tier: 4 },
  z.object({
    files: json(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
    channel_id: z.string().optional(),
    thread_ts: z.string().optional(),
    initial_comment: z.string().optional(),
    blocks: json(z.array(z.unknown())).optional(),
  }),
  (args, call) => {
    const { workspace } = call.core;
    const files = args.files.map(({ id, title }) => {
      const file = workspace.data.files.find((one) => one.id === id && one.user === call.caller.userId);
      if (!file || file.content_base64 === '') throw new ApiError('file_not_found');
      file.title = title ?? file.title;
      return file;
    });
    const channel = args.channel_id === undefined ? undefined : writableChannel(call, args.channel_id);
    if (args.thread_ts !== undefined && channel && !workspace.message(channel.id, args.thread_ts))
      throw new ApiError('invalid_arguments');
    for (const file of files) file.complete = true;
    const objects = files.map((file) => fileObject(call, file));
    if (channel) {
      for (const file of files) file.channels.push(channel.id);
      const message = postMessage(workspace, channel.id, {
        user: call.caller.userId,
        byBot: call.caller.isBot,
        text: args.initial_comment ?? '',
        threadTs: args.thread_ts,
        blocks: checkedBlocks(args.blocks),
        files: objects,
      });
      message.subtype = 'file_share';
      messagePosted(call.core, channel, message);
    }
    workspace.changed('file');
    return { files: objects };
  },
);

export const FILE_METHODS = held({
  'files.getUploadURLExternal': getUrl,
  'files.completeUploadExternal': complete,
});

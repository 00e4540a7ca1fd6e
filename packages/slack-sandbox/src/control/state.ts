import type { Core } from '../core.js';
import { withoutUndefined } from '../json.js';
import type { Channel, Message } from '../workspace/model.js';

/** What this simulator leaves out; shown on the page and in its documentation. */
export const NOT_SIMULATED: readonly string[] = [
  'Web API methods other than the documented ones (they answer unknown_method)',
  'group direct messages, Slack Connect, shared and moved channels, several workspaces of one organisation',
  'passwords and second factors, SCIM groups, creating and editing people by SCIM',
  'OAuth installation, token rotation, several workspaces at once',
  'system messages such as "has joined the channel", typing, presence and unread counts',
  "rich_text blocks of people's own messages (the event carries the text alone)",
  'workflows, functions, canvases, lists, huddles, bookmarks, pins, search, link unfurling',
  'the url_verification handshake of a request URL',
  'posting as an unfurled attachment, message attachments beyond storing them',
];

export interface StateMessage extends Record<string, unknown> {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
}

const shownMessage = (message: Message): StateMessage => {
  const { ts, user, text } = message;
  return { ...withoutUndefined({ ...message }), ts, user, text };
};

const shownChannel = (channel: Channel) => ({
  id: channel.id,
  name: channel.name,
  is_im: channel.is_im,
  is_private: channel.is_private,
  is_archived: channel.is_archived,
  ...(channel.user === undefined ? {} : { user: channel.user }),
  members: [...channel.members],
  topic: channel.topic,
});

/** Everything a person could see, of all persons at once; the shape is part of the control API. */
export function readState(core: Core) {
  const { workspace, manifest, socket, delivery } = core;
  const { data } = workspace;
  const transport = socket.connections > 0 ? 'socket' : delivery.requestUrl === undefined ? null : 'http';
  return {
    seq: workspace.seq,
    team: { ...data.team },
    app: {
      id: data.app.id,
      name: manifest.name,
      bot_user_id: data.app.bot_user_id,
      transport: transport ?? (manifest.socketMode ? ('socket' as const) : null),
      connected: transport !== null,
      home_tab: manifest.home.home_tab_enabled,
      commands: manifest.commands.map(({ command, description, usage_hint }) => ({ command, description, usage_hint })),
      shortcuts: manifest.shortcuts.map((one) => ({ ...one })),
    },
    users: structuredClone(data.users),
    office: structuredClone(data.office),
    usergroups: data.usergroups.map(({ id, handle, name, users }) => ({ id, handle, name, users: [...users] })),
    channels: data.channels.map(shownChannel),
    messages: Object.fromEntries(
      data.channels.map((channel) => [channel.id, (data.messages[channel.id] ?? []).map(shownMessage)]),
    ),
    ephemerals: data.ephemerals.map((one) => ({
      channel: one.channel,
      user: one.for,
      ts: one.ts,
      ...(one.thread_ts === undefined ? {} : { thread_ts: one.thread_ts }),
      text: one.text,
      ...(one.blocks === undefined ? {} : { blocks: one.blocks }),
      bot_id: one.bot_id,
    })),
    views: structuredClone(data.views),
    homes: Object.fromEntries(data.users.map((user) => [user.id, structuredClone(data.homes[user.id] ?? null)])),
    delivery_failures: data.failures.map((one) => ({ ...one })),
    not_simulated: NOT_SIMULATED,
  };
}

export type SandboxState = ReturnType<typeof readState>;

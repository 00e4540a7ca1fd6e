import type { Core } from '../core.js';
import type { JsonObject } from '../json.js';
import { withoutUndefined } from '../json.js';
import type { Channel, Message, User, View } from '../workspace/model.js';

/** What every interaction payload carries. */
export function interactionBase(core: Core, type: string, user: User): JsonObject {
  const { team, app } = core.workspace.data;
  return {
    type,
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: app.id,
    token: core.verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** What a shortcut's payload carries: less of the app and the person than the others. */
export function shortcutBase(core: Core, type: 'shortcut' | 'message_action', user: User): JsonObject {
  const base = withoutUndefined({ ...interactionBase(core, type, user), api_app_id: undefined });
  const { id, name, team_id } = user;
  const who = type === 'shortcut' ? { id, username: name, team_id } : { id, name, team_id };
  return { ...base, user: who };
}

/** A channel's name as payloads show it: private ones and DMs are not named. */
export const payloadChannelName = (channel: Channel): string =>
  channel.is_im ? 'directmessage' : channel.is_private ? 'privategroup' : channel.name;

export const payloadChannel = (channel: Channel): JsonObject => ({ id: channel.id, name: payloadChannelName(channel) });

/** A message as interaction payloads carry it. */
export const payloadMessage = (message: Message): JsonObject =>
  withoutUndefined({
    type: message.type,
    subtype: message.subtype,
    team: message.team,
    user: message.user,
    username: message.username,
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    ts: message.ts,
    thread_ts: message.thread_ts,
    app_id: message.app_id,
    bot_id: message.bot_id,
    bot_profile: message.bot_profile,
  });

export const payloadView = (view: View): JsonObject => ({ ...view });

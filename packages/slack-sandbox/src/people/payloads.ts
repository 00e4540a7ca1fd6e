import type { Core } from '../core.js';
import { withoutUndefined } from '../json.js';
import type { Channel, Message, User } from '../workspace/model.js';

function around({ workspace, verificationToken: token }: Core) {
  const { id, domain } = workspace.data.team;
  return { team: { id, domain }, token, enterprise: null, is_enterprise_install: false };
}

/** What every interaction payload carries. */
export function interactionBase<Type extends string>(core: Core, type: Type, user: User) {
  const { team, app } = core.workspace.data;
  return {
    ...around(core),
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: app.id,
  };
}

/** What a shortcut's payload carries: less of the app and the person than the others. */
export function shortcutBase<Type extends 'shortcut' | 'message_action', Who>(core: Core, type: Type, user: Who) {
  const { team, token, enterprise, is_enterprise_install } = around(core);
  return { type, team, user, token, enterprise, is_enterprise_install };
}

/** A channel's name as payloads show it: private ones and DMs are not named. */
export const payloadChannelName = (channel: Channel): string =>
  channel.is_im ? 'directmessage' : channel.is_private ? 'privategroup' : channel.name;

export const payloadChannel = (channel: Channel) => ({ id: channel.id, name: payloadChannelName(channel) });

/** A message as interaction payloads carry it. */
export const payloadMessage = (message: Message) =>
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

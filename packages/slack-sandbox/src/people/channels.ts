import type { Core } from '../core.js';
import { memberJoined } from '../delivery/events.js';
import type { User } from '../workspace/model.js';
import { ownChannel } from './messages.js';
import { type ActResult, Refusal } from './refusal.js';

interface Membership {
  readonly channel: string;
  /** The member, a person or the app's bot. */
  readonly user: string;
}

/** `/invite @somebody`, also of the app. */
export function invite(core: Core, by: User, { channel: id, user }: Membership): ActResult {
  const channel = ownChannel(core, by, id);
  if (channel.is_archived)
    throw new Refusal('is_archived', `#${channel.name} is archived: nobody can be invited to it.`, 403);
  if (!channel.members.includes(user)) {
    channel.members.push(user);
    core.workspace.changed('channel');
    memberJoined(core, channel, user);
  }
  return { ok: true };
}

/** `/remove @somebody`, also of the app. Slack then sends the app `channel_left`, which is not simulated. */
export function remove(core: Core, by: User, { channel: id, user }: Membership): ActResult {
  const channel = ownChannel(core, by, id);
  const at = channel.members.indexOf(user);
  if (at < 0) throw new Refusal('not_in_channel', `${user} is not in #${channel.name}.`, 404);
  channel.members.splice(at, 1);
  core.workspace.changed('channel');
  return { ok: true };
}

export function archive(core: Core, by: User, id: string, archived: boolean): ActResult {
  ownChannel(core, by, id).is_archived = archived;
  core.workspace.changed('channel');
  return { ok: true };
}

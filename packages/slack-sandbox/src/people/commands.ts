import type { Core } from '../core.js';
import { sentAs } from '../delivery/sent.js';
import type { Slack } from '../vendor/index.js';
import type { User } from '../workspace/model.js';
import { hasWords, respond } from '../webapi/respond.js';
import { escapedCommand, typedCommand } from './composing.js';
import { ownChannel, ownMessage } from './messages.js';
import { payloadChannel, payloadChannelName, payloadMessage, shortcutBase } from './payloads.js';
import type { ActResult } from './refusal.js';
import { Refusal } from './refusal.js';
import { tooSlow, unanswered } from './telling.js';

/** @throws Refusal when the app may have no commands and shortcuts */
function needCommandsScope(core: Core): void {
  if (core.manifest.botScopes.has('commands')) return;
  throw new Refusal('missing_scope', 'The app lacks the bot scope "commands": add it to the manifest.', 403);
}

/** Sends a slash command and waits for its ack. */
export async function command(core: Core, user: User, args: { channel: string; text: string }): Promise<ActResult> {
  const channel = ownChannel(core, user, args.channel);
  const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(args.text.trim()) ?? [];
  const declared = core.manifest.commands.find((one) => one.command === name);
  if (!declared) {
    const message = `${name} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands. (The app's manifest does not declare it.)`;
    core.workspace.fail(user.id, name, message);
    throw new Refusal('unknown_command', message, 404);
  }
  needCommandsScope(core);
  const target = { userId: user.id, channelId: channel.id };
  const { team, app } = core.workspace.data;
  const text = (declared.should_escape ? escapedCommand : typedCommand)(core.workspace, rest.trim());
  const outcome = await core.delivery.interaction('slash_commands', {
    name,
    user: user.id,
    acceptsResponse: true,
    payload: sentAs<Slack.Command>()({
      token: core.verificationToken,
      team_id: team.id,
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: payloadChannelName(channel),
      user_id: user.id,
      user_name: user.name,
      command: name,
      text,
      api_app_id: app.id,
      is_enterprise_install: 'false',
      response_url: core.responses.issue(target),
      trigger_id: core.triggers.issue(user.id),
    }),
  });
  if (!outcome.acked)
    throw unanswered(core, user.id, name, { outcome, sentence: (word) => `${name} failed with the error "${word}"` });
  if (hasWords(outcome.body)) respond(core, target, outcome.body);
  return { ok: true };
}

/** Runs a global shortcut. */
export async function shortcut(core: Core, user: User, args: { callback_id: string }): Promise<ActResult> {
  const declared = core.manifest.shortcuts.find((one) => one.type === 'global' && one.callback_id === args.callback_id);
  if (!declared)
    throw new Refusal('unknown_shortcut', `The manifest has no global shortcut "${args.callback_id}".`, 404);
  needCommandsScope(core);
  const outcome = await core.delivery.interaction('interactive', {
    name: args.callback_id,
    user: user.id,
    payload: sentAs<Slack.Interactions['shortcut']>()({
      ...shortcutBase(core, 'shortcut', { id: user.id, username: user.name, team_id: user.team_id }),
      callback_id: args.callback_id,
      trigger_id: core.triggers.issue(user.id),
      action_ts: core.workspace.nextTs(),
    }),
  });
  if (!outcome.acked)
    throw unanswered(core, user.id, declared.name, { outcome, sentence: tooSlow(`"${declared.name}"`) });
  return { ok: true };
}

/** Runs a shortcut on a message. */
export async function messageShortcut(
  core: Core,
  user: User,
  args: { callback_id: string; channel: string; ts: string },
): Promise<ActResult> {
  const declared = core.manifest.shortcuts.find(
    (one) => one.type === 'message' && one.callback_id === args.callback_id,
  );
  if (!declared)
    throw new Refusal('unknown_shortcut', `The manifest has no message shortcut "${args.callback_id}".`, 404);
  needCommandsScope(core);
  const channel = ownChannel(core, user, args.channel);
  const message = ownMessage(core, channel, args.ts);
  const outcome = await core.delivery.interaction('interactive', {
    name: args.callback_id,
    user: user.id,
    payload: sentAs<Slack.Interactions['message_action']>()({
      ...shortcutBase(core, 'message_action', { id: user.id, name: user.name, team_id: user.team_id }),
      callback_id: args.callback_id,
      trigger_id: core.triggers.issue(user.id),
      action_ts: core.workspace.nextTs(),
      message_ts: message.ts,
      channel: payloadChannel(channel),
      message: payloadMessage(message),
      response_url: core.responses.issue({
        userId: user.id,
        channelId: channel.id,
        messageTs: message.ts,
      }),
    }),
  });
  if (!outcome.acked)
    throw unanswered(core, user.id, declared.name, { outcome, sentence: tooSlow(`"${declared.name}"`) });
  return { ok: true };
}

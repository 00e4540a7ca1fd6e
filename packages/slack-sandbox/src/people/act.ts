import { z } from 'zod';
import type { Core } from '../core.js';
import { act, suggest } from './actions.js';
import { command, messageShortcut, shortcut } from './commands.js';
import { archive, invite, remove } from './channels.js';
import { join, openDirectMessage, openHome, react, write } from './messages.js';
import { closeView, submit } from './modals.js';
import { signInAgain } from '../office/desk.js';
import type { User } from '../workspace/model.js';
import type { ActResult } from './refusal.js';
import { Refusal } from './refusal.js';

const object = z.record(z.string(), z.unknown());
const state = z.record(z.string(), z.record(z.string(), object));
const place = {
  channel: z.string().optional(),
  ts: z.string().optional(),
  ephemeral: z.boolean().optional(),
  view_id: z.string().optional(),
  block_id: z.string(),
  action_id: z.string(),
};
const chosen = {
  selected_option: object.nullable().optional(),
  selected_options: z.array(object).optional(),
  selected_user: z.string().nullable().optional(),
  selected_users: z.array(z.string()).optional(),
  selected_conversation: z.string().nullable().optional(),
  selected_conversations: z.array(z.string()).optional(),
  selected_channel: z.string().nullable().optional(),
  selected_channels: z.array(z.string()).optional(),
  selected_date: z.string().nullable().optional(),
  selected_time: z.string().nullable().optional(),
  value: z.string().nullable().optional(),
};
const as = { as: z.string() };
const PLACE = z.object(place);
const CHOSEN = z.object(chosen);

/** What a person can do, as the control API takes it. */
export const Act = z.discriminatedUnion('do', [
  z.strictObject({
    ...as,
    do: z.literal('message'),
    channel: z.string(),
    text: z.string().min(1).max(40_000),
    thread_ts: z.string().optional(),
  }),
  z.strictObject({ ...as, do: z.literal('open_dm'), with: z.string() }),
  z.strictObject({ ...as, do: z.literal('react'), channel: z.string(), ts: z.string(), name: z.string() }),
  z.strictObject({ ...as, do: z.literal('join'), channel: z.string() }),
  z.strictObject({ ...as, do: z.literal('invite'), channel: z.string(), user: z.string() }),
  z.strictObject({ ...as, do: z.literal('remove'), channel: z.string(), user: z.string() }),
  z.strictObject({ ...as, do: z.literal('archive'), channel: z.string() }),
  z.strictObject({ ...as, do: z.literal('unarchive'), channel: z.string() }),
  z.strictObject({ ...as, do: z.literal('command'), channel: z.string(), text: z.string().startsWith('/') }),
  z.strictObject({ ...as, do: z.literal('shortcut'), callback_id: z.string() }),
  z.strictObject({
    ...as,
    do: z.literal('message_shortcut'),
    callback_id: z.string(),
    channel: z.string(),
    ts: z.string(),
  }),
  z.strictObject({ ...as, do: z.literal('home') }),
  z.strictObject({
    ...as,
    do: z.literal('action'),
    ...place,
    ...chosen,
    state: z.object({ values: state }).optional(),
  }),
  z.strictObject({ ...as, do: z.literal('options'), ...place, value: z.string() }),
  z.strictObject({
    ...as,
    do: z.literal('submit'),
    view_id: z.string(),
    state: z.object({ values: state }).optional(),
  }),
  z.strictObject({ ...as, do: z.literal('close'), view_id: z.string(), all: z.boolean().optional() }),
]);
export type ActInput = z.input<typeof Act>;

type Parsed = z.output<typeof Act>;

/** What is said, and what needs no answer of the app. */
function performQuiet(core: Core, user: User, args: Parsed): ActResult | null {
  switch (args.do) {
    case 'message':
      return write(core, user, args);
    case 'open_dm':
      return openDirectMessage(core, user, args.with);
    case 'react':
      return react(core, user, args);
    case 'join':
      return join(core, user, args.channel);
    case 'invite':
      return invite(core, user, args);
    case 'remove':
      return remove(core, user, args);
    case 'archive':
    case 'unarchive':
      return archive(core, user, args.channel, args.do === 'archive');
    case 'home':
      return openHome(core, user);
    case 'close':
      return closeView(core, user, args);
    default:
      return null;
  }
}

/** What the app must ack. */
async function performAcked(core: Core, user: User, args: Parsed): Promise<ActResult> {
  switch (args.do) {
    case 'command':
      return command(core, user, args);
    case 'shortcut':
      return shortcut(core, user, args);
    case 'message_shortcut':
      return messageShortcut(core, user, args);
    case 'action': {
      const where = PLACE.parse(args);
      return act(core, user, { ...where, chosen: CHOSEN.parse(args), state: args.state?.values });
    }
    case 'options':
      return suggest(core, user, args);
    case 'submit':
      return submit(core, user, args);
    default:
      throw new Refusal('invalid_arguments', `The action "${args.do}" is not known.`);
  }
}

/**
 * Does what a person would do. Interactions settle when the app has acked.
 * @throws Refusal with a code and a sentence
 */
export async function perform(core: Core, given: unknown): Promise<ActResult> {
  const read = Act.safeParse(given);
  if (!read.success)
    throw new Refusal('invalid_arguments', `The action cannot be read: ${z.prettifyError(read.error)}`);
  const user = core.workspace.user(read.data.as);
  if (!user || user.is_bot)
    throw new Refusal('user_not_found', `No person has the id ${read.data.as}: look people up in the state.`, 404);
  if (user.deleted) throw new Refusal('account_inactive', `${user.name} is deactivated and can do nothing.`, 403);
  signInAgain(core, user);
  return performQuiet(core, user, read.data) ?? performAcked(core, user, read.data);
}

import { z } from 'zod';
import type { Placed } from '../blockkit/elements.js';
import { mergedState, placedElements } from '../blockkit/elements.js';
import type { Core } from '../core.js';
import { sentAs } from '../delivery/sent.js';
import type { Given, JsonObject } from '../json.js';
import { objectsOf, withoutUndefined } from '../json.js';
import type { Slack } from '../vendor/index.js';
import type { Channel, Ephemeral, Message, User, View, ViewState } from '../workspace/model.js';
import { shownView } from '../workspace/viewing.js';
import { ownChannel, ownMessage } from './messages.js';
import { interactionBase, payloadChannel, payloadMessage } from './payloads.js';
import type { ActResult } from './refusal.js';
import { Refusal } from './refusal.js';
import { tooSlow, unanswered } from './telling.js';

/** Where the acted-on element stands. */
export interface ActionPlace {
  readonly channel?: string | undefined;
  readonly ts?: string | undefined;
  readonly ephemeral?: boolean | undefined;
  readonly view_id?: string | undefined;
  readonly block_id: string;
  readonly action_id: string;
}

/** What the person chose or typed, and what else they had entered in the modal meanwhile. */
export interface ActionInput extends ActionPlace {
  readonly chosen: JsonObject;
  readonly state?: ViewState | undefined;
}

type Surface =
  | {
      readonly kind: 'message';
      readonly channel: Channel;
      readonly message: Message | Ephemeral;
      readonly ephemeral: boolean;
    }
  | { readonly kind: 'view'; readonly view: View };

export function ownView(core: Core, user: User, id: string): View {
  const found = core.workspace.view((view) => view.id === id);
  if (found?.userId !== user.id)
    throw new Refusal('view_not_found', `${user.name} has no view ${id} open any more: read the state again.`, 404);
  return found.view;
}

function surfaceOf(core: Core, user: User, place: ActionPlace): Surface {
  if (place.view_id !== undefined) return { kind: 'view', view: ownView(core, user, place.view_id) };
  if (place.channel === undefined || place.ts === undefined)
    throw new Refusal('invalid_arguments', 'Say where the element stands: "view_id", or "channel" and "ts".');
  const channel = ownChannel(core, user, place.channel);
  if (place.ephemeral !== true)
    return { kind: 'message', channel, message: ownMessage(core, channel, place.ts), ephemeral: false };
  const message = core.workspace.data.ephemerals.find((one) => one.ts === place.ts && one.for === user.id);
  if (!message) throw new Refusal('message_not_found', `${user.name} sees no ephemeral message ${place.ts}.`, 404);
  return { kind: 'message', channel, message, ephemeral: true };
}

const blocksOf = (surface: Surface): JsonObject[] =>
  surface.kind === 'view' ? surface.view.blocks : (surface.message.blocks ?? []);

function placedIn(surface: Surface, place: ActionPlace): Placed {
  const found = placedElements(blocksOf(surface)).find(
    (one) => one.blockId === place.block_id && one.actionId === place.action_id,
  );
  if (found) return found;
  throw new Refusal(
    'element_not_found',
    `No element "${place.action_id}" stands in block "${place.block_id}": the message or view has changed, read the state again.`,
    404,
  );
}

const DEFINING = ['text', 'value', 'style', 'url', 'confirm', 'placeholder'];

/** The action as block_actions carries it: how the element is defined, and what was chosen. */
function actionOf(core: Core, placed: Placed, chosen: JsonObject): Given {
  const { element, blockId, actionId } = placed;
  const initial = Object.keys(element).filter((key) => key.startsWith('initial_'));
  const defined = [...DEFINING, ...initial].map((key): [string, unknown] => [key, element[key]]);
  return withoutUndefined({
    ...Object.fromEntries(defined),
    type: element['type'],
    action_id: actionId,
    block_id: blockId,
    ...chosen,
    action_ts: core.workspace.nextTs(),
  });
}

const Choice = z.object({ selected_option: z.object({ value: z.string() }).loose() });

/** A choice must be one that the element offers. */
function checkOffered({ element }: Placed, chosen: JsonObject): void {
  const read = Choice.safeParse(chosen);
  const offered = [
    ...objectsOf(element['options']),
    ...objectsOf(element['option_groups']).flatMap((group) => objectsOf(group['options'])),
  ];
  if (!read.success || offered.length === 0) return;
  const { value } = read.data.selected_option;
  if (offered.some((option) => option['value'] === value)) return;
  throw new Refusal('unknown_option', `The element offers no option "${value}".`);
}

function remember(core: Core, surface: Surface, placed: Placed, input: ActionInput): ViewState {
  const entry: ViewState = {
    [placed.blockId]: { [placed.actionId]: { type: placed.element['type'], ...input.chosen } },
  };
  const blocks = blocksOf(surface);
  if (surface.kind === 'view') {
    surface.view.state = { values: mergedState(blocks, surface.view.state.values, input.state ?? {}, entry) };
    return surface.view.state.values;
  }
  const key = `${surface.channel.id}/${surface.message.ts}`;
  const state = mergedState(blocks, core.messageStates.get(key) ?? {}, input.state ?? {}, entry);
  core.messageStates.set(key, state);
  return state;
}

function placeFields(core: Core, user: User, surface: Surface, state: ViewState) {
  if (surface.kind === 'view') {
    return {
      container: { type: 'view' as const, view_id: surface.view.id },
      view: shownView(surface.view),
      trigger_id: core.triggers.issue(user.id, surface.view.type === 'modal' ? surface.view.id : undefined),
    };
  }
  const { channel, message, ephemeral } = surface;
  const thread = message.thread_ts;
  return {
    container: withoutUndefined({
      type: 'message' as const,
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      thread_ts: thread,
    }),
    channel: payloadChannel(channel),
    // an ephemeral message is not sent back to the app
    ...(ephemeral ? {} : { message: payloadMessage(message) }),
    state: { values: state },
    response_url: core.responses.issue({
      userId: user.id,
      channelId: channel.id,
      messageTs: message.ts,
      ephemeral,
    }),
    trigger_id: core.triggers.issue(user.id),
  };
}

function needInteractivity(core: Core): void {
  if (core.manifest.interactive) return;
  throw new Refusal(
    'not_interactive',
    'This app is not configured to handle interactive responses: set settings.interactivity.is_enabled in the manifest.',
    403,
  );
}

/** Clicks or chooses: sends block_actions and waits for the ack. */
export async function act(core: Core, user: User, given: ActionInput): Promise<ActResult> {
  needInteractivity(core);
  const surface = surfaceOf(core, user, given);
  const placed = placedIn(surface, given);
  // a button's value is the app's own: nobody can choose another
  const input = placed.element['type'] === 'button' ? { ...given, chosen: {} } : given;
  checkOffered(placed, input.chosen);
  const state = remember(core, surface, placed, input);
  const isSilentInput = placed.block['type'] === 'input' && placed.block['dispatch_action'] !== true;
  if (isSilentInput) return { ok: true };
  const outcome = await core.delivery.interaction('interactive', {
    name: placed.actionId,
    user: user.id,
    payload: sentAs<Slack.Interactions['block_actions']>()({
      ...interactionBase(core, 'block_actions', user),
      ...placeFields(core, user, surface, state),
      actions: [actionOf(core, placed, input.chosen)],
    }),
  });
  if (!outcome.acked) throw unanswered(core, user.id, placed.actionId, { outcome, sentence: tooSlow('The action') });
  return { ok: true };
}

const Suggestions = z.object({
  options: z.array(z.record(z.string(), z.unknown())).optional(),
  option_groups: z.array(z.record(z.string(), z.unknown())).optional(),
});

/** Types into an external select: sends block_suggestion; the ack's options are what the person sees. */
export async function suggest(core: Core, user: User, input: ActionPlace & { value: string }): Promise<ActResult> {
  needInteractivity(core);
  const surface = surfaceOf(core, user, input);
  const placed = placedIn(surface, input);
  const where =
    surface.kind === 'view'
      ? { container: { type: 'view' as const, view_id: surface.view.id }, view: shownView(surface.view) }
      : {
          container: { type: 'message' as const, message_ts: surface.message.ts, channel_id: surface.channel.id },
          channel: payloadChannel(surface.channel),
          message: payloadMessage(surface.message),
        };
  const outcome = await core.delivery.interaction('interactive', {
    name: placed.actionId,
    user: user.id,
    acceptsResponse: true,
    payload: sentAs<Slack.Interactions['block_suggestion']>()({
      ...interactionBase(core, 'block_suggestion', user),
      ...where,
      action_id: placed.actionId,
      block_id: placed.blockId,
      value: input.value,
    }),
  });
  if (!outcome.acked) throw unanswered(core, user.id, placed.actionId, { outcome, sentence: tooSlow('The menu') });
  const read = Suggestions.safeParse(outcome.body);
  if (!read.success) throw new Refusal('bad_options', 'The app answered with options that Slack would not show.', 504);
  return { ok: true, options: read.data.options ?? read.data.option_groups ?? [] };
}

import * as z from 'zod';
import { systemOfBlock } from '../../../blocks/modals/links.js';
import { accountOfBlock } from '../../../blocks/modals/inputs.js';
import { maybe } from '../lenient.js';

/** The parts of Slack's payloads that Notme reads, and no more. Source: docs.slack.dev, interaction payloads. */
const id = z.string().min(1).max(64);

/** A report is never refused for its length: the excess is left out. Slack itself accepts 40,000 in a message. */
const LONGEST_TEXT = 40_000;
const words = z.string().transform((text) => text.slice(0, LONGEST_TEXT));

/**
 * The value that a button or a window brings back. One that Slack could not have stored counts as absent: as an old
 * card.
 */
const reference = (longest: number) => maybe(z.string().max(longest));

/** A delivery without its required parts: answered like an unknown one. */
export class UnreadablePayload extends Error {}

/** @throws UnreadablePayload */
export function readPayload<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new UnreadablePayload(z.prettifyError(parsed.error));
  return parsed.data;
}

export const clickPayload = z.object({
  user: z.object({ id }),
  team: z.object({ id }).nullish(),
  trigger_id: maybe(z.string()),
  channel: maybe(z.object({ id })),
  container: maybe(
    z.object({
      message_ts: maybe(z.string()),
      /** Of a message in a thread. */
      thread_ts: maybe(z.string()),
      view_id: maybe(z.string()),
    }),
  ),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: reference(2000),
        /** A menu's choice carries the reference in the way a button carries its value. */
        selected_option: maybe(z.object({ value: reference(2000) })),
        action_ts: maybe(z.string()),
      }),
    )
    .min(1),
});

/** Strict: a choice read only in part would be another decision. */
const inputState = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
});

export const submitPayload = z.object({
  user: z.object({ id }),
  team: z.object({ id }).nullish(),
  view: z.object({
    id,
    callback_id: z.string(),
    private_metadata: reference(3000),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), inputState)) }),
  }),
});
export type Submit = z.output<typeof submitPayload>;

/** What was typed or chosen in an input whose block and action ids are the same. */
export const typed = (submit: Submit, input: string): string => submit.view.state.values[input]?.[input]?.value ?? '';
export const chosen = (submit: Submit, input: string): string | null =>
  submit.view.state.values[input]?.[input]?.selected_option?.value ?? null;
export const ticked = (submit: Submit, input: string): boolean =>
  (submit.view.state.values[input]?.[input]?.selected_options ?? []).length > 0;

/** What was chosen in multi-select inputs, by the account that each belongs to. */
export function chosenItems(submit: Submit): ReadonlyMap<string, readonly string[]> {
  const entries = Object.entries(submit.view.state.values).flatMap(([block, inputs]) => {
    const account = accountOfBlock(block);
    const values = (inputs[block]?.selected_options ?? []).map(({ value }) => value);
    return account === null ? [] : [[account, values] as const];
  });
  return new Map(entries);
}

/** What was typed into the inputs of logins, by system. */
export function typedLogins(submit: Submit): ReadonlyMap<string, string> {
  const entries = Object.entries(submit.view.state.values).flatMap(([block, inputs]) => {
    const system = systemOfBlock(block);
    return system === null ? [] : [[system, inputs[block]?.value ?? ''] as const];
  });
  return new Map(entries);
}

export const commandPayload = z.object({
  user_id: id,
  team_id: id,
  channel_id: id,
  trigger_id: z.string(),
  text: words.catch(''),
});

export const shortcutPayload = z.object({
  user: z.object({ id }),
  team: z.object({ id }).nullish(),
  trigger_id: z.string(),
  message: maybe(z.object({ text: maybe(z.string()) })),
});

/** The app that wrote: absent for a person's message; any other value means an app. */
const nobody = z.null().optional();

export const directMessage = z.object({
  channel_type: z.literal('im'),
  channel: id,
  user: id,
  text: words.catch(''),
  ts: z.string(),
  /** With a screenshot, also sent to the channel of its thread, or written with `/me`, it is a message like any other. */
  subtype: z.enum(['file_share', 'thread_broadcast', 'me_message']).nullish(),
  bot_id: nobody,
  /** Of a reply in a thread. */
  thread_ts: maybe(z.string()),
  files: maybe(z.array(z.unknown())),
});
export type DirectMessage = z.output<typeof directMessage>;

/** Source: docs.slack.dev, message_changed: also sent for what nobody edited, such as the preview of a link. */
export const editedMessage = z.object({
  subtype: z.literal('message_changed'),
  channel_type: z.literal('im'),
  channel: id,
  message: z.looseObject({ edited: z.object({ ts: z.string() }) }),
  previous_message: maybe(z.object({ text: words })),
});

/** A message; for an edited one also the time of the edit, and the earlier text where Slack gives it. */
export interface Written {
  readonly message: DirectMessage;
  readonly edit: { readonly ts: string; readonly before: string | null } | null;
}

/** What a person wrote or edited; `null` for everything else that happens in a conversation. */
export function readWritten(event: unknown): Written | null {
  const { data: edited } = editedMessage.safeParse(event);
  const given = edited ? { ...edited.message, channel: edited.channel, channel_type: edited.channel_type } : event;
  const { data: message } = directMessage.safeParse(given);
  if (!message) return null;
  return {
    message,
    edit: edited ? { ts: edited.message.edited.ts, before: edited.previous_message?.text ?? null } : null,
  };
}

/** Bots that mention the app are not answered. */
export const appMention = z.object({
  channel: id,
  user: id,
  text: words.catch(''),
  ts: z.string(),
  thread_ts: maybe(z.string()),
  bot_id: nobody,
});

export const homeOpened = z.object({ user: id, tab: z.string() });

import * as z from 'zod';
import { systemOfBlock } from '../../../blocks/modals/links.js';
import { accountOfBlock } from '../../../blocks/modals/inputs.js';

/** The parts of Slack's payloads that Notme reads, and no more. Source: docs.slack.dev, interaction payloads. */
const id = z.string().min(1).max(64);

export const clickPayload = z.object({
  user: z.object({ id }),
  team: z.object({ id }).nullable(),
  trigger_id: z.string().optional(),
  channel: z.object({ id }).optional(),
  container: z.object({ message_ts: z.string().optional(), view_id: z.string().optional() }).optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().max(2000).optional(),
        /** A menu's choice carries the reference that a button has as its value. */
        selected_option: z.object({ value: z.string().max(2000) }).nullish(),
        action_ts: z.string().optional(),
      }),
    )
    .min(1),
});

const inputState = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
});

export const submitPayload = z.object({
  user: z.object({ id }),
  team: z.object({ id }).nullable(),
  view: z.object({
    id,
    callback_id: z.string(),
    private_metadata: z.string().max(3000),
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

/** What was chosen in inputs of many, by the account that each of them is about. */
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
  text: z.string().max(4000).default(''),
});

export const shortcutPayload = z.object({
  user: z.object({ id }),
  team: z.object({ id }).nullable(),
  trigger_id: z.string(),
  message: z.object({ text: z.string().optional() }).optional(),
});

export const directMessage = z.object({
  channel_type: z.literal('im'),
  channel: id,
  user: id,
  text: z.string().max(40_000),
  ts: z.string(),
  /** A message with a screenshot, or one that was also sent to the channel of its thread, is a message like any other. */
  subtype: z.enum(['file_share', 'thread_broadcast']).optional(),
  bot_id: z.undefined().optional(),
});

export const homeOpened = z.object({ user: id, tab: z.string() });

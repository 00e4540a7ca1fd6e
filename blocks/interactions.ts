import type { Button, ConfirmationDialog } from '@slack/types';
import * as z from 'zod';
import { DECISION_KINDS } from '../src/ports/decision-kinds.js';
import { clip, SLACK_LIMITS } from './limits.js';
import { TASK_KEYS, TASK_MOVES } from '../src/incidents/task-keys.js';

/**
 * The version of the encoding: a button of an older or newer one decodes to `null`, shown as "card from an older
 * version".
 */
const VERSION = 1;

/** A button or modal whose reference is checked when it comes back. References are opaque; the store holds the truth. */
export interface Interaction<T> {
  readonly id: string;
  encode(payload: T): string;
  /** `null` for anything but a reference that this version wrote. Never throws. */
  decode(raw: unknown): T | null;
}

function defineInteraction<T>(id: string, schema: z.ZodType<T>): Interaction<T> {
  const wire = z.strictObject({ v: z.literal(VERSION), p: schema });
  return {
    id,
    encode: (payload) => JSON.stringify({ v: VERSION, p: payload }),
    decode: (raw) => {
      if (typeof raw !== 'string' || raw.length > SLACK_LIMITS.privateMetadata) return null;
      const parsed = wire.safeParse(parseJson(raw));
      return parsed.success ? parsed.data.p : null;
    },
  };
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** How many characters of a person's words a button carries; with every one escaped it stays within Slack's 2000. */
export const WORDS_IN_BUTTON = 300;

const reference = z.string().regex(/^[a-z]+_[0-9a-f]{32}$/);
/** Of what a modal showed: SHA-256, as hex digits. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** A member, by Slack id. */
const member = z.string().regex(/^[UW][A-Z0-9]{2,30}$/);
const decisionKind = z.enum(DECISION_KINDS);

/** Every button that Notme draws. The router handles exactly these. */
export const buttons = {
  notice_not_me: defineInteraction('notice_not_me', z.strictObject({ notice: reference })),
  notice_me: defineInteraction('notice_me', z.strictObject({ notice: reference })),
  notice_prove: defineInteraction('notice_prove', z.strictObject({ notice: reference })),
  unanswered_open: defineInteraction('unanswered_open', z.strictObject({ notice: reference })),
  unanswered_settle: defineInteraction('unanswered_settle', z.strictObject({ notice: reference })),
  ask_yes: defineInteraction(
    'ask_yes',
    z.strictObject({
      message: z.string().max(64),
      said: z
        .string()
        .max(2 * WORDS_IN_BUTTON)
        .optional(),
      /** The position of the question; absent: in a direct message. */
      surface: z.enum(['command', 'mention']).optional(),
    }),
  ),
  ask_no: defineInteraction('ask_no', z.strictObject({ message: z.string().max(64) })),
  home_report: defineInteraction('home_report', z.strictObject({})),
  home_enrol: defineInteraction('home_enrol', z.strictObject({})),
  home_doctor: defineInteraction('home_doctor', z.strictObject({})),
  incident_action: defineInteraction('incident_action', z.strictObject({ incident: reference, action: decisionKind })),
  incident_more: defineInteraction('incident_more', z.strictObject({ incident: reference, action: decisionKind })),
  incident_take: defineInteraction('incident_take', z.strictObject({ incident: reference })),
  incident_close: defineInteraction('incident_close', z.strictObject({ incident: reference })),
  incident_links: defineInteraction('incident_links', z.strictObject({ incident: reference })),
  incident_look: defineInteraction('incident_look', z.strictObject({ incident: reference })),
  incident_tasks: defineInteraction('incident_tasks', z.strictObject({ incident: reference })),
  task_move: defineInteraction(
    'task_move',
    z.strictObject({ incident: reference, task: z.enum(TASK_KEYS), move: z.enum(TASK_MOVES) }),
  ),
  decision_countersign: defineInteraction('decision_countersign', z.strictObject({ waiting: reference })),
  review_sign: defineInteraction('review_sign', z.strictObject({ decision: reference })),
  enrolment_approve: defineInteraction('enrolment_approve', z.strictObject({ user: member })),
  lock_lift: defineInteraction('lock_lift', z.strictObject({ user: member })),
  step_retry: defineInteraction('step_retry', z.strictObject({ step: reference })),
  step_tick: defineInteraction('step_tick', z.strictObject({ step: reference })),
  step_undo: defineInteraction('step_undo', z.strictObject({ step: reference })),
  status_hold: defineInteraction('status_hold', z.strictObject({ incident: reference })),
} as const;

/** Every modal that Notme opens. */
export const modals = {
  report: defineInteraction(
    'report',
    z.strictObject({
      surface: z.enum(['command', 'shortcut', 'message_shortcut', 'home', 'button']),
      quoted: z.string().max(1500).nullable(),
    }),
  ),
  decide: defineInteraction(
    'decide',
    z.strictObject({
      incident: reference,
      action: decisionKind,
      seen: z.int().min(0),
      plan: digest,
      code: z.boolean(),
    }),
  ),
  links: defineInteraction('links', z.strictObject({ incident: reference, seen: z.string().max(64) })),
  undo: defineInteraction('undo', z.strictObject({ step: reference, plan: digest, code: z.boolean() })),
  countersign: defineInteraction('countersign', z.strictObject({ waiting: reference, plan: digest })),
  review: defineInteraction('review', z.strictObject({ decision: reference })),
  enrolment: defineInteraction('enrolment', z.strictObject({ user: member })),
  lift: defineInteraction('lift', z.strictObject({ user: member })),
  prove: defineInteraction('prove', z.strictObject({ notice: reference, shown: digest })),
  close: defineInteraction('close', z.strictObject({ incident: reference })),
} as const;

export type ButtonId = keyof typeof buttons;
export type ModalId = keyof typeof modals;

/** What Slack asks before it sends a click. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly ok: string;
  readonly no: string;
}

const plainText = (text: string) => ({ type: 'plain_text', text }) as const;

/** Source: docs.slack.dev, confirmation dialog object. */
const confirmation = ({ title, text, ok, no }: Question): ConfirmationDialog => ({
  title: plainText(title),
  text: plainText(text),
  confirm: plainText(ok),
  deny: plainText(no),
  style: 'danger',
});

/** A button that carries a reference. `suffix` keeps action ids apart within one message. */
export function drawButton<T>(
  interaction: Interaction<T>,
  payload: T,
  look: { text: string; style?: 'primary' | 'danger'; suffix?: string; label?: string; confirm?: Question },
): Button {
  return {
    type: 'button',
    action_id: look.suffix === undefined ? interaction.id : `${interaction.id}.${look.suffix}`,
    text: { type: 'plain_text', text: clip(look.text, SLACK_LIMITS.buttonText), emoji: true },
    value: interaction.encode(payload),
    ...(look.style ? { style: look.style } : {}),
    ...(look.label === undefined ? {} : { accessibility_label: clip(look.label, SLACK_LIMITS.buttonText) }),
    ...(look.confirm === undefined ? {} : { confirm: confirmation(look.confirm) }),
  };
}

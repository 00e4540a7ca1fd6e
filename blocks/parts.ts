import type {
  ActionsBlock,
  ActionsBlockElement,
  ContextBlock,
  HeaderBlock,
  InputBlock,
  KnownBlock,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import { clip, SLACK_LIMITS } from './limits.js';
import { type Say, sayMrkdwn, sayPlain, type Texts } from '../src/texts/say.js';

/** Fills texts: `say` for mrkdwn fields, `plain` for plain_text fields. */
export interface Translator {
  readonly say: Say;
  readonly plain: Say;
}

export const translatorOf = (texts: Texts): Translator => ({ say: sayMrkdwn(texts), plain: sayPlain(texts) });

/** The content of a message or a view. */
export interface Content {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: clip(text, SLACK_LIMITS.headerText), emoji: true },
});

/**
 * Our texts quote what others wrote, so Slack must not turn bare addresses and names into links. Source:
 * docs.slack.dev, text object, `verbatim`.
 */
export const section = (text: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: clip(text, SLACK_LIMITS.sectionText), verbatim: true },
});

/** Lines one below the other, in as many sections as Slack's limit requires; a line is never split. */
export function sections(lines: readonly string[]): SectionBlock[] {
  const parts: string[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + line.length < SLACK_LIMITS.sectionText)
      parts[parts.length - 1] = `${last}\n${line}`;
    else parts.push(line);
  }
  return parts.map(section);
}

export const context = (text: string): ContextBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: clip(text, SLACK_LIMITS.contextText), verbatim: true }],
});

export const actions = (blockId: string, elements: ActionsBlockElement[]): ActionsBlock => ({
  type: 'actions',
  block_id: blockId,
  elements,
});

export const option = (text: string, value: string): PlainTextOption => ({
  text: { type: 'plain_text', text: clip(text, SLACK_LIMITS.optionText), emoji: true },
  value,
});

/** A labelled text input; its action id equals its block id. */
export function textInput(
  id: string,
  label: string,
  look: {
    hint?: string;
    optional?: boolean;
    multiline?: boolean;
    initial?: string;
    minLength?: number;
    maxLength?: number;
    focus?: boolean;
  },
): InputBlock {
  const maxLength = look.maxLength ?? 1000;
  return {
    type: 'input',
    block_id: id,
    label: { type: 'plain_text', text: label, emoji: true },
    optional: look.optional ?? false,
    element: {
      type: 'plain_text_input',
      action_id: id,
      multiline: look.multiline ?? false,
      ...(look.initial === undefined || look.initial === '' ? {} : { initial_value: clip(look.initial, maxLength) }),
      ...(look.minLength === undefined ? {} : { min_length: look.minLength }),
      max_length: maxLength,
      ...(look.focus ? { focus_on_load: true } : {}),
    },
    ...(look.hint === undefined ? {} : { hint: { type: 'plain_text', text: look.hint, emoji: true } }),
  };
}

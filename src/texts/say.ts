import { en } from './en.js';
import { quietMrkdwn, quietPlain } from '../platform/untrusted.js';

/** Text that is already mrkdwn (a mention, a date): it is put in as it is. */
export class Mrkdwn {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

export type TextKey = keyof typeof en;
/** A language: every key of the catalogue, each with the same placeholders. */
export type Texts = Readonly<Record<TextKey, string>>;

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
/** The placeholder names of a key of the catalogue. */
export type PlaceholdersOf<K extends TextKey> = Placeholders<(typeof en)[K]>;
type Values<K extends TextKey> = Readonly<Record<PlaceholdersOf<K>, string | number | Mrkdwn>>;
type Arguments<K extends TextKey> = [PlaceholdersOf<K>] extends [never] ? [] : [values: Values<K>];

/** Says a text of the catalogue. Values are untrusted unless wrapped in `Mrkdwn`: they stay one line, and nothing in them has a meaning. */
export type Say = <K extends TextKey>(key: K, ...values: Arguments<K>) => string;

/** Quiets the text and escapes the three characters that carry meaning in Slack's text (mentions, links, commands). Source: docs.slack.dev, formatting. */
function escapeMrkdwn(text: string): string {
  return quietMrkdwn(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const PLACEHOLDER = /\{(\w+)\}/g;

/** The names between braces in a text, in order, without repeats. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))];
}

function speaker(texts: Texts, escape: (text: string) => string): Say {
  return (key, ...rest) => {
    const values: Readonly<Record<string, string | number | Mrkdwn>> = rest[0] ?? {};
    return texts[key].replace(PLACEHOLDER, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return value instanceof Mrkdwn ? value.value : escape(String(value));
    });
  };
}

/** What is wrong with an administrator's overrides: unknown keys, and placeholders that the text does not have. One sentence each. */
export function problemsOf(overrides: Readonly<Record<string, string>>): string[] {
  const known = new Map<string, string>(Object.entries(en));
  return Object.entries(overrides).flatMap(([key, text]) => {
    const original = known.get(key);
    if (original === undefined) return [`texts.${key}: there is no such text; the keys stand in src/texts/en.ts.`];
    const allowed = placeholdersOf(original);
    const strange = placeholdersOf(text).filter((name) => !allowed.includes(name));
    const has = allowed.length === 0 ? 'it has none' : `it has ${allowed.map((name) => `{${name}}`).join(', ')}`;
    return strange.map((name) => `texts.${key}: {${name}} is not a placeholder of this text; ${has}.`);
  });
}

/** The catalogue with an administrator's overrides on top. */
export function withOverrides(overrides: Readonly<Record<string, string>>): Texts {
  return { ...en, ...overrides };
}

/** Says texts for mrkdwn fields: values are quieted and escaped. */
export const sayMrkdwn = (texts: Texts): Say => speaker(texts, escapeMrkdwn);
/** Says texts for plain_text fields, where Slack shows every character as it is, but makes pictures of `:names:`. */
export const sayPlain = (texts: Texts): Say => speaker(texts, quietPlain);

export const mention = (userId: string): Mrkdwn => new Mrkdwn(`<@${userId}>`);

/** Members and user groups by id; a group's id begins with S. Source: docs.slack.dev, formatting, mentioning groups. */
export const mentionAll = (ids: readonly string[]): Mrkdwn =>
  new Mrkdwn(ids.map((id) => (id.startsWith('S') ? `<!subteam^${id}>` : mention(id).value)).join(' '));

/** A moment shown in the reader's own time zone; the fallback is UTC. Source: docs.slack.dev, date formatting. */
export function moment(at: Date): Mrkdwn {
  const seconds = Math.floor(at.getTime() / 1000);
  const fallback = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return new Mrkdwn(`<!date^${seconds}^{date_short_pretty}, {time}|${fallback}>`);
}

/** A clock time in the reader's own time zone. */
export function clock(at: Date): Mrkdwn {
  return new Mrkdwn(`<!date^${Math.floor(at.getTime() / 1000)}^{time}|${at.toISOString().slice(11, 16)} UTC>`);
}

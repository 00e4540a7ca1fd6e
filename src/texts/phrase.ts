import * as z from 'zod';
import { en } from './en.js';
import { currentKey } from './renamed.js';
import { clock, mention, mentionAll, moment, Mrkdwn, type PlaceholdersOf, type Say, type TextKey } from './say.js';

/** A value inside a phrase: plain data, so that a phrase can be stored and said later, in any language. */
export type PhraseValue =
  | string
  | number
  | { readonly at: string }
  | { readonly clock: string }
  | { readonly user: string }
  | { readonly mentions: readonly string[] }
  | { readonly key: TextKey }
  | { readonly phrases: readonly Phrase[]; readonly join: string };

/** A text of the catalogue with its values: what the core says without knowing how it is shown. */
export interface Phrase {
  readonly key: TextKey;
  readonly values: Readonly<Record<string, PhraseValue>>;
}

type PhraseArguments<K extends TextKey> = [PlaceholdersOf<K>] extends [never]
  ? []
  : [values: Readonly<Record<PlaceholdersOf<K>, PhraseValue>>];

export function phrase<K extends TextKey>(key: K, ...values: PhraseArguments<K>): Phrase {
  return { key, values: values[0] ?? {} };
}

export const at = (date: Date): PhraseValue => ({ at: date.toISOString() });
export const clockTime = (date: Date): PhraseValue => ({ clock: date.toISOString() });
export const user = (slackUserId: string): PhraseValue => ({ user: slackUserId });
/** Members and user groups, by their Slack ids. */
export const mentions = (ids: readonly string[]): PhraseValue => ({ mentions: ids });
export const text = (key: TextKey): PhraseValue => ({ key });
export const list = (phrases: readonly Phrase[], join = '\n'): PhraseValue => ({ phrases, join });

const textKeys = new Set<string>(Object.keys(en));
/** Also by a former name: what was stored under it is still said. */
const textKey = z
  .string()
  .transform(currentKey)
  .refine((key): key is TextKey => textKeys.has(key), 'is not a key of the catalogue');

const phraseValue: z.ZodType<PhraseValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.object({ at: z.iso.datetime() }),
    z.object({ clock: z.iso.datetime() }),
    z.object({ user: z.string() }),
    z.object({ mentions: z.array(z.string()) }),
    z.object({ key: textKey }),
    z.object({ phrases: z.array(phraseSchema), join: z.string() }),
  ]),
);

/** Reads a stored phrase. */
export const phraseSchema: z.ZodType<Phrase> = z.lazy(() =>
  z.object({ key: textKey, values: z.record(z.string(), phraseValue) }),
);

function sayValue(say: Say, value: PhraseValue): string | number | Mrkdwn {
  if (typeof value !== 'object') return value;
  if ('at' in value) return moment(new Date(value.at));
  if ('clock' in value) return clock(new Date(value.clock));
  if ('user' in value) return mention(value.user);
  if ('mentions' in value) return mentionAll(value.mentions);
  if ('key' in value) return new Mrkdwn(sayPhrase(say, { key: value.key, values: {} }));
  return new Mrkdwn(value.phrases.map((one) => sayPhrase(say, one)).join(value.join));
}

/** Says a phrase. The values were typed where the phrase was made. */
export function sayPhrase(say: Say, { key, values }: Phrase): string {
  const said = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, sayValue(say, value)]));
  return (say as (key: TextKey, values: Record<string, string | number | Mrkdwn>) => string)(key, said);
}

import { oneLine } from './untrusted.js';

type PlaceholderIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderIn<Rest>
  : never;

/** The values that a text needs, typed from the English text of the same key. */
export type ValuesFor<S extends string> = Readonly<Record<PlaceholderIn<S>, string | number>>;

/** A set of texts in any language: the same keys, other words. */
export type TextsLike<T> = Readonly<Record<keyof T, string>>;

/**
 * Replaces `{name}` with its value. A value stays one line; whoever emits HTML escapes the result there. A placeholder
 * without a value stays as it is, so that an administrator sees the slip in an overridden text.
 */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : oneLine(String(value));
  });
}

type Arguments<S extends string> = [PlaceholderIn<S>] extends [never] ? [] : [values: ValuesFor<S>];

/** Fills one text of a set; placeholders are checked against the set's English original `T`. */
export type SayFrom<T extends Readonly<Record<string, string>>> = <K extends keyof T>(
  key: K,
  ...values: Arguments<T[K]>
) => string;

/** A function that fills `texts`; the original is given only for its types. */
export function sayFrom<T extends Readonly<Record<string, string>>>(texts: TextsLike<T>): SayFrom<T> {
  return (key, ...rest) => fill(texts[key], rest[0] ?? {});
}

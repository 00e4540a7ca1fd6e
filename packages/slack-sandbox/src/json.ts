/** A JSON object whose members are not known in advance: blocks, views, payloads. */
export type JsonObject = Record<string, unknown>;

declare const given: unique symbol;
/** Goes back as the app or a person gave it, such as blocks and choices: its keys are theirs. */
export type Given = JsonObject & { readonly [given]?: never };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member when it is a string, else `undefined`. */
export const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The objects of an array; `[]` for anything that is not an array. */
export const objectsOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Characters as Slack counts them: code points, not UTF-16 units. */
export const lengthOf = (text: string): number => Array.from(text).length;

/** A deep copy that holds only what JSON can carry. */
export const jsonCopy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** `T` without members that are always `undefined`; those that may be so are optional. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? ([T[K]] extends [undefined] ? never : K) : never]?: Exclude<
    T[K],
    undefined
  >;
};

/** The object without members that are `undefined`, as JSON would carry it. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  // What `Object.fromEntries` makes has no type; `Defined` says what the filter does.
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}

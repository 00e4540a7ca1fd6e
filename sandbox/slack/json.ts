/** A JSON object whose members are not known in advance: blocks, views, payloads. */
export type JsonObject = Record<string, unknown>;

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

/** The object without members that are `undefined`, as JSON would carry it. */
export function withoutUndefined(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

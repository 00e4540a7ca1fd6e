/** A `bigint` column as a number; one beyond 2^53 stays text, so that no digit is lost. */
export function int8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** A `bytea` column in Postgres's hex form (`\x6869`) as a Buffer, as `pg` returns it. */
export function bytea(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}

/** Bound values that `pg` accepts and PGlite does not: dates are sent as ISO text, `undefined` as NULL. */
export function boundValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return value === undefined ? null : value;
}

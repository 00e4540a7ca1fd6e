import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { Outcome } from './action.js';

/**
 * Parses a stored cursor; an invalid one is reported with the way out, in the name of the system that it was stored
 * for.
 */
export function readCursor<T>(shape: z.ZodType<T>, cursor: string, title: string): Outcome<T> {
  try {
    const parsed = shape.safeParse(JSON.parse(cursor));
    if (parsed.success) return ok(parsed.data);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return err({
    kind: 'invalid_input',
    message: `The stored cursor of ${title} cannot be read; delete it, and polling begins anew.`,
    field: 'cursor',
  });
}

const written = z.object({ until: z.iso.datetime().transform((until) => new Date(until)) });

/** The cursor of a source that is read by time: all rows up to `until` were read. */
export const encodeUntil = (until: Date): string => JSON.stringify({ until: until.toISOString() });

export function decodeUntil(cursor: string, title: string): Outcome<Date> {
  const read = readCursor(written, cursor, title);
  return read.ok ? ok(read.value.until) : read;
}

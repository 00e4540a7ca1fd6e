import { z } from 'zod';
import { err, ok, type Result } from '../result.js';
import type { ConnectorFailure } from './port.js';

const written = z.object({ until: z.iso.datetime() });

/** The cursor of a source that is read by time: all rows up to `until` were read. */
export const encodeUntil = (until: Date): string => JSON.stringify({ until: until.toISOString() });

/** Reads it back; what is no such cursor is told with the way out, in the name of the system that it was kept for. */
export function decodeUntil(cursor: string, title: string): Result<Date, ConnectorFailure> {
  try {
    const parsed = written.safeParse(JSON.parse(cursor));
    if (parsed.success) return ok(new Date(parsed.data.until));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return err({
    kind: 'invalid_input',
    message: `The stored cursor of ${title} cannot be read; delete it, and polling begins anew.`,
    field: 'cursor',
  });
}

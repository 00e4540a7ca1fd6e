import { z } from 'zod';
import { err, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';

/** JSON that was saved as the text of a fact. */
export const savedJson = z.string().transform((text, context): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.addIssue({ code: 'custom', message: 'It is not JSON.' });
    return z.NEVER;
  }
});

/** Facts that this connector did not save so. */
export const unreadableFacts = (what: string): Result<never, ConnectorFailure> =>
  err({
    kind: 'invalid_input',
    message: `The saved ${what} cannot be read, so nothing was put back; do it in the Admin console.`,
    field: 'before',
  });

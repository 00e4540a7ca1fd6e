import { z } from 'zod';

/**
 * A text that may be missing: `null` when the vendor shows none, `undefined` when it shows something other than text.
 */
export const contact = z.union([z.string().nullable().default(null), z.unknown().transform(() => undefined)]);

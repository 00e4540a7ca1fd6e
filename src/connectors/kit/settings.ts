import { z } from 'zod';

/*
 * The kinds of settings that several systems have. A description continues the sentence "Set <key> to …": it is the fix
 * that a person reads when the value is wrong, and what an editor shows for the key.
 */

export const flag = (description: string) => z.boolean().default(false).describe(description);

export const list = <T extends z.ZodType>(item: T, description: string) =>
  z.array(item).default([]).describe(description);

/** `null` when it was not prepared, or is not known. */
export const orNull = <T extends z.ZodType>(value: T, description: string) =>
  value.nullable().default(null).describe(description);

export const deadlineMs = (usual: number, of = 'one request') =>
  z.number().int().min(100).max(120_000).default(usual).describe(`how long ${of} may take, in milliseconds`);

/** `because` says what makes it necessary: how late events appear in the system's log. */
export const pollOverlap = (usual: number, because = '') =>
  z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(usual)
    .describe(`how far each poll looks back before the end of the last one, in seconds${because}`);

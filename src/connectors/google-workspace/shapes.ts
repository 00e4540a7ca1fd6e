import { z } from 'zod';

/** What Google leaves out, empties, or writes in another form, is `null`: it cannot tell. */
export const flag = z.boolean().nullable().catch(null).default(null);
export const text = z.string().min(1).nullable().catch(null).default(null);
export const instant = z.iso
  .datetime({ offset: true })
  .transform((at) => new Date(at))
  .nullable()
  .catch(null)
  .default(null);
export const word = z.string().catch('').default('');

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

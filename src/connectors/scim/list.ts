import { z } from 'zod';

/**
 * A list answer (RFC 7644 §3.4.2). `totalResults` is a number there, and a text or absent in some servers: then pages
 * are read until one has nothing new.
 */
export const list = z.object({
  totalResults: z.coerce.number().int().nonnegative().nullish().catch(null),
  Resources: z.array(z.unknown()).nullish(),
});
type List = z.output<typeof list>;

/**
 * Whether it says itself that there is nothing. An answer that is not a list, or counts some and shows none, proves
 * nobody absent.
 */
export const isEmpty = ({ totalResults, Resources }: List): boolean =>
  Resources == null ? totalResults === 0 : Resources.length === 0 && (totalResults ?? 0) === 0;

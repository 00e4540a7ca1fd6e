import type * as z from 'zod';

/**
 * The readable entries of a stored list. What another version wrote differently is passed to `lost`, and the rest
 * stays.
 */
export function readEach<T>(schema: z.ZodType<T>, list: unknown, lost: (entry: unknown) => void): readonly T[] {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [list];
  return entries.flatMap((entry) => {
    const read = schema.safeParse(entry);
    if (read.success) return [read.data];
    lost(entry);
    return [];
  });
}

import type { z } from 'zod';

export interface ReadRows<T> {
  readonly items: readonly T[];
  /** Rows of another shape: each is left out and spoils no other, but must not count as absent. */
  readonly unreadable: number;
}

/** The rows of a list, each parsed separately. */
export function readRows<Schema extends z.ZodType>(
  rows: readonly unknown[],
  shape: Schema,
): ReadRows<z.output<Schema>> {
  const items = rows.map((row) => shape.safeParse(row)).flatMap((row) => (row.success ? [row.data] : []));
  return { items, unreadable: rows.length - items.length };
}

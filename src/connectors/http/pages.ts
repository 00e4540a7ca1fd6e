import { ok, type Result } from '../../platform/result.js';
import type { HttpFailure } from './client.js';
import { fitting, type Fitting } from './page-size.js';
import type { ReadRows } from './rows.js';

export interface Page<T> extends ReadRows<T> {
  /** Where the next page begins; `null` or empty: this is the last one. */
  readonly next: string | null;
}

/** The rows of all pages that were read. */
export interface Pages<T> extends ReadRows<T> {
  /** There were more pages than are read. */
  readonly cut: boolean;
  /** Neither cut short nor with an unreadable row: only then is a missing row really absent. */
  readonly complete: boolean;
}

export const asPages = <T>({ items, unreadable }: ReadRows<T>, cut = false): Pages<T> => ({
  items,
  unreadable,
  cut,
  complete: !cut && unreadable === 0,
});

interface Extent {
  readonly mostPages: number;
  /** Rows per page, where they can be chosen. */
  readonly size: number | null;
}

/**
 * Page after page up to a bound. One that is too large to be read is made smaller where its size can be chosen, and
 * then counts as less, so that the maximum number of rows stays the same.
 */
export async function readPages<T, F extends HttpFailure>(
  { mostPages, size: whole }: Extent,
  ask: (next: string | null, size: number | null) => Promise<Result<Page<T>, F>>,
): Promise<Result<Pages<T>, F>> {
  const items: T[] = [];
  let unreadable = 0;
  let next: string | null = null;
  let size = whole;
  for (let count = 0; count < mostPages; count += (size ?? 1) / (whole ?? 1)) {
    const from: string | null = next;
    const asked: Fitting<Page<T>, F> = await fitting(size, (some) => ask(from, some));
    const { answer } = asked;
    if (!answer.ok) return answer;
    size = asked.rows;
    items.push(...answer.value.items);
    unreadable += answer.value.unreadable;
    next = answer.value.next;
    if (next === null || next === '') return ok(asPages({ items, unreadable }));
    // A repeated page would return the same rows forever.
    if (next === from) break;
  }
  return ok(asPages({ items, unreadable }, true));
}

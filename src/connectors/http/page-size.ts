import type { Result } from '../../platform/result.js';
import type { HttpFailure } from './client.js';

/** How many rows a page's path requests in this query parameter; `null` when it gives no number. */
export function rowsOf(path: string, parameter: string): number | null {
  const [, query = ''] = path.split(/\?(.*)/s);
  const asked = query.split('&').find((pair) => pair.startsWith(`${parameter}=`));
  const rows = Number(asked?.slice(parameter.length + 1) ?? '');
  return Number.isInteger(rows) && rows > 0 ? rows : null;
}

/** The same page with this many rows. */
export const withRows = (path: string, parameter: string, rows: number): string =>
  path.replace(`${parameter}=${rowsOf(path, parameter) ?? ''}`, () => `${parameter}=${rows}`);

export interface Fitting<T, F> {
  readonly answer: Result<T, F>;
  /** How many rows were finally requested; `null` when the page's size cannot be chosen. */
  readonly rows: number | null;
}

/** A page that is too large to be read is requested again with half the rows, down to one. */
export async function fitting<T, F extends HttpFailure>(
  most: number | null,
  ask: (rows: number | null) => Promise<Result<T, F>>,
): Promise<Fitting<T, F>> {
  let rows = most;
  for (;;) {
    const answer = await ask(rows);
    if (answer.ok || answer.error.tooLarge !== true || rows === null || rows <= 1) return { answer, rows };
    rows = Math.floor(rows / 2);
  }
}

import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import type { ApiRequest, GoogleApi } from './api.js';

export interface Listed<T> {
  readonly items: readonly T[];
  /** False when there were more pages than are read. */
  readonly complete: boolean;
}

export interface Listing<T> {
  /** Where the answer keeps the array; Google leaves it out when it is empty. */
  readonly key: string;
  readonly item: z.ZodType<T>;
  readonly maxPages: number;
}

const page = z.looseObject({ nextPageToken: z.string().optional() });

/** The items of all pages up to a bound. One item that cannot be read fails the list: what is missing would look gone. */
export async function readList<T>(
  api: GoogleApi,
  request: Omit<ApiRequest, 'method'>,
  { key, item, maxPages }: Listing<T>,
): Promise<Result<Listed<T>, ConnectorFailure>> {
  const array = z.array(item).optional();
  const items: T[] = [];
  let token = '';
  for (let count = 0; count < maxPages; count += 1) {
    const query = { ...request.query, ...(token === '' ? {} : { pageToken: token }) };
    const answer: Result<z.output<typeof page>, ConnectorFailure> = await api.read({ ...request, query }, page);
    if (!answer.ok) return answer;
    const found = array.safeParse(answer.value[key]);
    if (!found.success) {
      const message = `Google answered something else than ${request.what}; it is safe to ask again.`;
      return err({ kind: 'transient', message });
    }
    items.push(...(found.data ?? []));
    token = answer.value.nextPageToken ?? '';
    if (token === '') return ok({ items, complete: true });
  }
  return ok({ items, complete: false });
}

import type { Reply } from '../http/message.js';
import type { Exactly } from '../vendor/index.js';
import { parseFilter } from './odata.js';
import type { Context } from './route.js';

export type Row = Readonly<Record<string, unknown>>;

/** What is answered, held to Microsoft's type: a row with a key or a value that Graph does not have is not compiled. */
export interface Shape<Vendor> {
  /** After `$metadata#`. */
  readonly context: string;
  /** 100 when left out: rows of a page when `$top` is not given, and the most that `$top` may be. */
  readonly page?: number;
  /** What `$select` does not name is left out; without `$select` these are answered (all when it is missing here). */
  readonly defaults?: readonly (keyof Vendor & string)[];
  /** Row for `$filter`, when it is not the answer itself. */
  readonly filterable?: boolean;
  /** The fields that `$orderby` may name. */
  readonly orderable?: readonly (keyof Vendor & string)[];
}

const plain = (row: object): Row => ({ ...row });

/** The row with what `$select` asks for; `id` and `@odata.type` always come. */
function select(row: object, wanted: string | null, defaults?: readonly string[]): Row {
  const fields = wanted === null ? defaults : wanted.split(',').map((field) => field.trim());
  if (fields === undefined) return plain(row);
  const kept = new Set([...fields, 'id', '@odata.type']);
  return Object.fromEntries(Object.entries(row).filter(([key]) => kept.has(key)));
}

const OPTIONS = new Set(['$select', '$filter', '$top', '$skiptoken', '$orderby', '$expand', '$count']);

const offsetOf = (token: string | null): number | null => {
  if (token === null) return 0;
  const match = /^o(\d{1,7})$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  return match === null ? null : Number(match[1]);
};

function nextLink({ url, request }: Context, offset: number): string {
  const query = [...request.query]
    .filter(([key]) => key !== '$skiptoken')
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const token = Buffer.from(`o${offset}`).toString('base64url');
  return `${url}${request.path}?${[...query, `$skiptoken=${token}`].join('&')}`;
}

function sorted(
  rows: readonly Row[],
  orderBy: string | null,
  orderable: readonly string[] = [],
): readonly Row[] | null {
  if (orderBy === null) return rows;
  const [field = '', direction = 'asc'] = orderBy.split(' ');
  if (!orderable.includes(field) || !['asc', 'desc'].includes(direction)) return null;
  const sign = direction === 'asc' ? 1 : -1;
  return [...rows].sort((left, right) => sign * String(left[field]).localeCompare(String(right[field])));
}

/** Answers one thing, or what `$select` names of it. */
export function entity<Vendor, const Ours extends object>(
  { request, url }: Context,
  row: Ours & Exactly<Vendor, Ours>,
  { context, defaults }: Shape<Vendor>,
  status = 200,
): Reply {
  const body = select(row, request.query.get('$select'), defaults);
  return { status, body: { '@odata.context': `${url}/v1.0/$metadata#${context}/$entity`, ...body } };
}

/** Answers a collection as Graph does: filter, order, page, select. */
export function collection<Vendor, const Ours extends object>(
  context: Context,
  rows: readonly (Ours & Exactly<Vendor, Ours>)[],
  shape: Shape<Vendor>,
): Reply {
  const { request, errors, url } = context;
  const unknown = [...request.query.keys()].find((key) => key.startsWith('$') && !OPTIONS.has(key));
  if (unknown !== undefined) return errors.badRequest(`The query parameter '${unknown}' is not supported.`);
  const filterText = request.query.get('$filter');
  if (filterText !== null && shape.filterable !== true)
    return errors.badRequest('The specified filter to the reference property query is currently not supported.');
  const filter = filterText === null ? () => true : parseFilter(filterText);
  if (filter === null) return errors.badRequest('Invalid filter clause');
  const top = request.query.get('$top');
  const size = top === null ? (shape.page ?? 100) : Number(top);
  if (!Number.isInteger(size) || size < 1 || size > 999)
    return errors.badRequest(`Invalid page size specified: '${top ?? ''}'. Must be between 1 and 999 inclusive.`);
  const offset = offsetOf(request.query.get('$skiptoken'));
  if (offset === null) return errors.badRequest('Skip token is invalid.');
  const ordered = sorted(rows.filter(filter).map(plain), request.query.get('$orderby'), shape.orderable);
  if (ordered === null) return errors.badRequest('Sorting not supported for current query.');
  const end = offset + size;
  const page = ordered.slice(offset, end).map((row) => select(row, request.query.get('$select'), shape.defaults));
  return {
    status: 200,
    body: {
      '@odata.context': `${url}/v1.0/$metadata#${shape.context}`,
      ...(end < ordered.length ? { '@odata.nextLink': nextLink(context, end) } : {}),
      value: page,
    },
  };
}

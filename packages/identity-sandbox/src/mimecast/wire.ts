import type { Reply } from '../http/message.js';
import type { Exactly, Mimecast } from '../vendor/index.js';

export type { Reply };

export interface FunctionError {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** Mimecast's envelope for success; a row that is none of Mimecast's is not compiled. */
export const success = <const Ours>(
  data: readonly (Ours & Exactly<Mimecast.Row, Ours>)[],
  pagination?: Readonly<Record<string, unknown>>,
): Reply => ({
  status: 200,
  body: { meta: { status: 200, ...(pagination === undefined ? {} : { pagination }) }, data, fail: [] },
});

/** A function's failure: HTTP 200, and the request echoed under `key`, password and all, as Mimecast does. */
export const functionFailure = (key: unknown, ...errors: readonly FunctionError[]): Reply => ({
  status: 200,
  body: {
    meta: { status: 200 },
    data: [],
    fail: [{ key, errors: errors.map((error) => ({ retryable: false, ...error })) }],
  },
});

/** The gateway's failure: the code stands directly in `fail[0]`. */
export const gatewayFailure = (status: number, code: string, message: string): Reply => ({
  status,
  body: { meta: { status }, data: [], fail: [{ code, message }] },
});

/** API 1.0's failure of the caller: an HTTP status, and the code in `fail[0].errors`. */
export const httpFailure = (status: number, code: string, message: string): Reply => ({
  status,
  body: { meta: { status }, data: [], fail: [{ errors: [{ code, message, retryable: false }] }] },
});

/** Seen in real answers: HTTP 200, the failure in `meta.status` alone, `fail` empty. */
export const metaFailure = (status: number): Reply => ({ status: 200, body: { meta: { status }, data: [], fail: [] } });

export const validation = {
  missing: (field: string): FunctionError => ({
    code: 'err_validation_null',
    message: `${field} must not be null`,
    field,
  }),
  blank: (field: string): FunctionError => ({
    code: 'err_validation_blank',
    message: `${field} must not be blank`,
    field,
  }),
  address: (field: string): FunctionError => ({
    code: 'err_validation_invalid_email_address',
    message: 'Invalid email address',
    field,
  }),
  kind: (field: string, wanted: string): FunctionError => ({
    code: 'err_validation_invalid_type',
    message: `${field} must be a ${wanted}`,
    field,
  }),
  date: (field: string): FunctionError => ({
    code: 'err_validation_invalid_date',
    message: `${field} is not a date of the form yyyy-MM-ddTHH:mm:ssZ`,
    field,
  }),
};

export interface Paging {
  readonly pageSize: number;
  readonly offset: number;
}

/** Cuts one page out of `rows`; `next` is an opaque token and missing at the end. */
export function paginate<T>(
  rows: readonly T[],
  { pageSize, offset }: Paging,
): { page: readonly T[]; pagination: Record<string, unknown> } {
  const end = offset + pageSize;
  const token = (at: number): string => Buffer.from(`offset:${at}`).toString('base64url');
  return {
    page: rows.slice(offset, end),
    pagination: {
      pageSize,
      totalCount: rows.length,
      ...(end < rows.length ? { next: token(end) } : {}),
      ...(offset > 0 ? { previous: token(Math.max(0, offset - pageSize)) } : {}),
    },
  };
}

/** The offset behind a page token; `null` when it is none of ours. */
export function readPageToken(token: unknown): number | null {
  if (token === undefined || token === null || token === '') return 0;
  if (typeof token !== 'string') return null;
  const match = /^offset:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  return match === null ? null : Number(match[1]);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

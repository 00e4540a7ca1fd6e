import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { createHttpClient, type HttpAnswer, type HttpLogEntry } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { fromEpochSeconds, fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { classify, withoutCode, type OktaFailure } from './failures.js';
import type { OktaSettings } from './settings.js';
import { createAccess } from './token.js';

export interface Change {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Begins with `/api/v1`; every part of it that comes from outside is encoded by the caller. */
  readonly path: string;
  readonly json?: unknown;
  readonly call: CallContext;
}

export interface OktaAnswer {
  readonly body: unknown;
  readonly requestId: string | null;
}

export interface Rows<T> {
  readonly rows: readonly T[];
  /** False when more pages were there than are read. */
  readonly complete: boolean;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** What `after` must be to read on; `null` when Okta names no next page. */
  readonly after: string | null;
}

export interface OktaApi {
  get(path: string, call: CallContext): Promise<Result<OktaAnswer, OktaFailure>>;
  /** One object; what does not have the wanted shape is `transient`. */
  one<T>(path: string, shape: z.ZodType<T>, call: CallContext): Promise<Result<T, OktaFailure>>;
  /** One page of a list. */
  page<T>(path: string, shape: z.ZodType<T>, call: CallContext): Promise<Result<Page<T>, OktaFailure>>;
  /** A list over its pages, as many as `maxPages`. One row of another shape makes the whole `transient`: nothing is overlooked. */
  list<T>(
    path: string,
    shape: z.ZodType<T>,
    call: CallContext,
    maxPages?: number,
  ): Promise<Result<Rows<T>, OktaFailure>>;
  change(change: Change): Promise<Result<OktaAnswer, OktaFailure>>;
  /** The scopes of a fresh token; `null` for an API token. */
  scopes(call: CallContext): Promise<Result<readonly string[] | null, ConnectorFailure>>;
}

const DEFAULT_PAGES = 10;
const CONCURRENCY_WAIT_MS = 5000;
const SHORTEST_WAIT_MS = 1000;

/**
 * `X-Rate-Limit-Reset` is an instant in seconds since 1970, by Okta's clock: its `Date` header is the present to
 * compare with. Limit 0 and Remaining 0 mean too many calls at the same time, which is over soon.
 */
function retryAfter(headers: Headers, now: Date): number | null {
  if (headers.get('x-rate-limit-limit') === '0' && headers.get('x-rate-limit-remaining') === '0')
    return CONCURRENCY_WAIT_MS;
  const told = Date.parse(headers.get('date') ?? '');
  const present = Number.isNaN(told) ? now : new Date(told);
  const waits = [
    fromEpochSeconds(headers.get('x-rate-limit-reset'), present),
    fromRetryAfter(headers.get('retry-after'), present),
  ].filter((wait) => wait !== null);
  return waits.length === 0 ? null : Math.max(SHORTEST_WAIT_MS, ...waits);
}

/** `after` of the `Link` with `rel="next"`; only that is taken from it, never an address to call. */
export function nextAfter(link: string | null): string | null {
  for (const [, target = ''] of (link ?? '').matchAll(/<([^<>]{1,4000})>\s*;\s*rel="?next"?/g)) {
    if (URL.canParse(target)) return new URL(target).searchParams.get('after');
  }
  return null;
}

function withAfter(path: string, after: string | null): string {
  if (after === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;
}

const unreadable = (path: string, write: boolean): OktaFailure =>
  withoutCode(lost(`Okta answered ${path.split('?')[0] ?? path} with something that cannot be read`, write));

/** Okta's management API: one request at a time, failures told apart, lists read to their end. */
export function createOktaApi(settings: OktaSettings, runtime: Runtime, log?: (entry: HttpLogEntry) => void): OktaApi {
  const http = createHttpClient({
    system: 'Okta',
    baseUrl: settings.base_url,
    deadlineMs: settings.deadline_ms,
    runtime,
    ...(log === undefined ? {} : { log }),
    redactKeys: ['value', 'answer', 'password', 'client_assertion', 'access_token'],
    retryAfter,
  });
  const access = createAccess(http, settings, runtime);

  /** A refusal proves that nothing was executed: with a fresh token, which may hold more, the same may be sent again. */
  const mayHelp = (failure: OktaFailure, header: string): boolean => {
    if (failure.kind === 'auth') return access.drop(header);
    return failure.kind === 'permission' && failure.missing !== undefined && access.dropWithout(failure.missing);
  };

  const send = async (
    method: 'GET' | Change['method'],
    path: string,
    { json, call }: { json?: unknown; call: CallContext },
  ): Promise<Result<HttpAnswer, OktaFailure>> => {
    const write = method !== 'GET';
    for (let attempt = 1; ; attempt += 1) {
      const header = await access.header(call);
      if (!header.ok) return err(withoutCode(header.error));
      const body = json === undefined ? {} : { body: { json } };
      const headers = { authorization: header.value };
      const answer = await http.request({ method, path, headers, write, call, ...body });
      if (!answer.ok) return err(withoutCode(answer.error));
      if (answer.value.status < 400) return answer;
      const failure = classify(answer.value, path, write);
      if (attempt === 2 || !mayHelp(failure, header.value)) return err(failure);
    }
  };

  const page: OktaApi['page'] = async (path, shape, call) => {
    const answer = await send('GET', path, { call });
    if (!answer.ok) return answer;
    const rows = z.array(shape).safeParse(answer.value.body);
    if (!rows.success) return err(unreadable(path, false));
    return ok({ rows: rows.data, after: nextAfter(answer.value.headers.get('link')) });
  };

  return {
    page,
    async get(path, call) {
      const answer = await send('GET', path, { call });
      return answer.ok ? ok({ body: answer.value.body, requestId: requestIdOf(answer.value) }) : answer;
    },
    async one(path, shape, call) {
      const answer = await send('GET', path, { call });
      if (!answer.ok) return answer;
      const value = shape.safeParse(answer.value.body);
      return value.success ? ok(value.data) : err(unreadable(path, false));
    },
    async list<T>(path: string, shape: z.ZodType<T>, call: CallContext, maxPages = DEFAULT_PAGES) {
      const rows: T[] = [];
      let after: string | null = null;
      for (let read = 0; read < maxPages; read += 1) {
        const answer: Result<Page<T>, OktaFailure> = await page(withAfter(path, after), shape, call);
        if (!answer.ok) return answer;
        rows.push(...answer.value.rows);
        after = answer.value.after;
        if (after === null) return ok({ rows, complete: true });
      }
      return ok({ rows, complete: false });
    },
    async change({ method, path, json, call }) {
      const answer = await send(method, path, { json, call });
      return answer.ok ? ok({ body: answer.value.body, requestId: requestIdOf(answer.value) }) : answer;
    },
    scopes: (call) => access.scopes(call),
  };
}

const requestIdOf = ({ headers, requestId }: HttpAnswer): string | null =>
  headers.get('x-okta-request-id') ?? requestId;

/** A part of a path, safe whatever it holds. `.` and `..` would be directions even when encoded, so they name nothing. */
export const part = (text: string): string => (/^\.{0,2}$/.test(text) ? '_' : encodeURIComponent(text));

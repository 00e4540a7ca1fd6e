import { z } from 'zod';
import type { Body } from './bodies.js';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { createHttpClient, type HttpAnswer, type HttpFailure, type HttpLogEntry } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { fitting, rowsOf, withRows } from '../http/page-size.js';
import { readPages, type Page, type Pages } from '../http/pages.js';
import { fromEpochSeconds, fromRetryAfter } from '../http/retry-after.js';
import { readRows } from '../http/rows.js';
import { sendSigned } from '../http/signed.js';
import { changed, type Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { Clock } from '../kit/clock.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { classify } from './failures.js';
import { grants } from './scopes.js';
import type { OktaSettings } from './settings.js';
import { createAccess } from './token.js';

export interface Change {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Begins with `/api/v1`; every part of it that comes from outside is encoded by the caller. */
  readonly path: string;
  readonly json?: Body;
  readonly call: CallContext;
}

/** `next` is the value of `after` to read on; `asked`, how many rows the path finally requested. */
type OnePage<T> = Page<T> & { readonly asked: number | null };

export interface OktaApi extends Clock {
  /** One object; an object of the wrong shape is `transient`. */
  one<T>(path: string, shape: z.ZodType<T>, call: CallContext): Answer<T>;
  /** One page of a list. */
  page<T>(path: string, shape: z.ZodType<T>, call: CallContext): Answer<OnePage<T>>;
  /** A list over its pages, as many as `maxPages`. A row of another shape spoils no other, but the list is not complete then. */
  list<T>(path: string, shape: z.ZodType<T>, call: CallContext, maxPages?: number): Answer<Pages<T>>;
  change(change: Change): Answer<Receipt>;
  /** A change that is answered with what it created. */
  create<T>(change: Change, shape: z.ZodType<T>): Answer<T>;
  /** The scopes of our token, a new one when `fresh`; `null` for an API token. */
  scopes(call: CallContext, fresh?: boolean): Answer<readonly string[] | null>;
}

const DEFAULT_PAGES = 10;
const CONCURRENCY_WAIT_MS = 5000;
const SHORTEST_WAIT_MS = 1000;

/**
 * `X-Rate-Limit-Reset` is an instant in seconds since 1970, by Okta's clock, as `present` is. Limit 0 and Remaining 0
 * mean too many concurrent calls, which is over soon.
 */
function retryAfter(headers: Headers, present: Date): number | null {
  if (headers.get('x-rate-limit-limit') === '0' && headers.get('x-rate-limit-remaining') === '0')
    return CONCURRENCY_WAIT_MS;
  const waits = [
    fromEpochSeconds(headers.get('x-rate-limit-reset'), present),
    fromRetryAfter(headers.get('retry-after'), present),
  ].filter((wait) => wait !== null);
  return waits.length === 0 ? null : Math.max(SHORTEST_WAIT_MS, ...waits);
}

const NEXT = /rel="?next"?/;

/** `after` of the `Link` with `rel="next"`; only that is taken from it, never an address to call. */
export function nextAfter(link: string | null): string | null {
  for (const [, target = ''] of (link ?? '').matchAll(/<([^<>]{1,4000})>\s*;\s*rel="?next"?/g)) {
    if (URL.canParse(target)) return new URL(target).searchParams.get('after');
  }
  return null;
}

const withAfter = (path: string, after: string | null): string =>
  after === null ? path : `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;

/** A value in a search or filter expression: quotes and backslashes are escaped. */
export const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

const unreadable = (path: string, write: boolean): ReturnType<typeof lost> =>
  lost(`Okta answered ${path.split('?')[0] ?? path} with something that cannot be read`, write);

/** Okta's management API: one request at a time, failures classified, lists read to their end. */
export function createOktaApi(settings: OktaSettings, runtime: Runtime, log?: (entry: HttpLogEntry) => void): OktaApi {
  const http = createHttpClient({
    system: 'Okta',
    baseUrl: settings.base_url,
    deadlineMs: settings.deadline_ms,
    runtime,
    log,
    redactKeys: ['value', 'answer', 'password', 'client_assertion', 'access_token'],
    retryAfter,
  });
  const access = createAccess(http, settings, runtime);

  type Sending = Omit<Change, 'method'> & { readonly method: 'GET' | Change['method'] };
  const send = async ({ method, path, json, call }: Sending): Promise<Result<HttpAnswer, HttpFailure>> => {
    const write = method !== 'GET';
    const body = json === undefined ? {} : { body: { json } };
    const answer = await sendSigned(
      access,
      { write, call },
      {
        async send({ headers, asksAgain }) {
          const once = () => http.request({ method, path, headers: headers({ method, path }), write, call, ...body });
          const first = await once();
          return first.ok && asksAgain(first.value) ? once() : first;
        },
        lacks(refused, { scopes }) {
          const failure = classify(refused, path, write);
          // An API token never changes.
          if (scopes === null || failure.kind === 'auth') return scopes === null ? null : 'token';
          const missing = failure.kind === 'permission' ? failure.missing : undefined;
          return missing === undefined || grants(scopes, missing) ? null : 'right';
        },
      },
    );
    return answer.ok && answer.value.status >= 400 ? err(classify(answer.value, path, write)) : answer;
  };

  const once = async <T>(
    path: string,
    shape: z.ZodType<T>,
    call: CallContext,
  ): Promise<Result<Page<T>, HttpFailure>> => {
    const answer = await send({ method: 'GET', path, call });
    if (!answer.ok) return answer;
    const list = z.array(z.unknown()).safeParse(answer.value.body);
    if (!list.success) return err(unreadable(path, false));
    const link = answer.value.headers.get('link');
    const next = nextAfter(link);
    if (next === null && NEXT.test(link ?? '')) return err(unreadable(path, false));
    return ok({ ...readRows(list.data, shape), next });
  };
  const sized = (path: string, rows: number | null): string => (rows === null ? path : withRows(path, 'limit', rows));

  return {
    async page(path, shape, call) {
      const found = await fitting(rowsOf(path, 'limit'), (rows) => once(sized(path, rows), shape, call));
      return mapped(found.answer, (page) => ({ ...page, asked: found.rows }));
    },
    async one(path, shape, call) {
      const answer = await send({ method: 'GET', path, call });
      if (!answer.ok) return answer;
      const value = shape.safeParse(answer.value.body);
      return value.success ? ok(value.data) : err(unreadable(path, false));
    },
    list: (path, shape, call, mostPages = DEFAULT_PAGES) =>
      readPages({ mostPages, size: rowsOf(path, 'limit') }, (after, rows) =>
        once(withAfter(sized(path, rows), after), shape, call),
      ),
    change: (change) =>
      mapped(send(change), ({ headers, requestId }) => changed(headers.get('x-okta-request-id') ?? requestId)),
    async create(change, shape) {
      const answer = await send(change);
      if (!answer.ok) return answer;
      const made = shape.safeParse(answer.value.body);
      return made.success ? ok(made.data) : err(unreadable(change.path, true));
    },
    ahead: () => http.ahead(),
    vendorTime: (own) => http.vendorTime(own),
    ownTime: (vendor) => http.ownTime(vendor),
    scopes: (call, fresh) => mapped(access.get(call, fresh), ({ scopes }) => scopes),
  };
}

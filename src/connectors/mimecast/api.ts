import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { lost } from '../http/network-failure.js';
import { createHttpClient } from '../http/client.js';
import { readPages, type Pages } from '../http/pages.js';
import { fromMilliseconds, fromRetryAfter } from '../http/retry-after.js';
import { readRows } from '../http/rows.js';
import type { CallContext, ConnectorFailure, Receipt } from '../../ports/connector.js';
import { changed, type Answer } from '../kit/action.js';
import type { Clock } from '../kit/clock.js';
import type { ConnectorLog } from '../kit/log.js';
import { createAuthorisation } from './authorisation.js';
import { readEnvelope, type MimecastFailure, type Page } from './envelope.js';
import { NOBODY, PATH } from './permissions.js';
import type { MimecastSettings } from './settings.js';

/** One of Mimecast's functions. */
interface Called {
  readonly path: string;
  /** The one element of the envelope's `data`; `null`: the function takes none. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly call: CallContext;
}

interface FunctionCall extends Called {
  readonly write: boolean;
  readonly page?: { readonly pageSize: number | null; readonly pageToken?: string };
}

interface MimecastAnswer extends Page {
  readonly requestId: string | null;
}

type Asked<T> = Promise<Result<T, MimecastFailure>>;

interface Listing<T> {
  readonly item: z.ZodType<T>;
  /** Where a row keeps its items; absent: a row is one itself. */
  readonly inside?: string;
  readonly size: number;
  readonly mostPages: number;
}

export interface MimecastApi extends Clock {
  call(request: FunctionCall): Asked<MimecastAnswer>;
  change(path: string, data: Called['data'], call: CallContext): Asked<Receipt>;
  list<T>(request: Called, listing: Listing<T>): Asked<Pages<T>>;
  /** Whether Mimecast accepts the credentials. Changes nothing. */
  authenticate(call: CallContext): Answer<unknown>;
}

/** `X-RateLimit-Reset` is milliseconds until a call is available again; `Retry-After` is honoured when it is longer. */
function retryAfter(headers: Headers, now: Date): number | null {
  const waits = [fromMilliseconds(headers.get('x-ratelimit-reset')), fromRetryAfter(headers.get('retry-after'), now)];
  const known = waits.filter((wait) => wait !== null);
  return known.length === 0 ? null : Math.max(...known);
}

const block = z.record(z.string(), z.unknown()).catch({});

/** The items of a row. One of another shape may be an item itself; if it is none either, the list is not complete. */
function itemsIn(row: unknown, key: string | undefined): readonly unknown[] {
  const items = key === undefined ? undefined : block.parse(row)[key];
  return Array.isArray(items) ? items : [row];
}

/** Failures from before a function looks at its input. */
const BEFORE_THE_FUNCTION: ReadonlySet<ConnectorFailure['kind']> = new Set(['auth', 'throttled', 'transient']);

/** Mimecast's functions, in one envelope; both versions of the API accept the same bodies and give the same answers. */
export function createMimecastApi(settings: MimecastSettings, runtime: Runtime, log: ConnectorLog): MimecastApi {
  const http = createHttpClient({
    system: 'Mimecast',
    baseUrl: settings.base_url,
    deadlineMs: settings.deadline_ms,
    runtime,
    log: log.request,
    redactKeys: ['password', 'client_secret', 'access_token'],
    retryAfter,
  });
  const authorisation = createAuthorisation(http, settings, runtime);

  const call: MimecastApi['call'] = async ({ path, data, page, write, call: context }) => {
    const json = { ...(page === undefined ? {} : { meta: { pagination: page } }), data: data === null ? [] : [data] };
    const answer = await authorisation.send({ method: 'POST', path, body: { json }, write, call: context });
    if (!answer.ok) return err({ ...answer.error, codes: [] });
    const { status, headers, body, requestId, quote } = answer.value;
    const retryAfterMs = retryAfter(headers, runtime.now());
    const read = readEnvelope({ path, write, status, body, retryAfterMs, quote });
    return read.ok ? ok({ ...read.value, requestId }) : read;
  };

  return {
    call,
    async change(path, data, context) {
      const answer = await call({ path, data, write: true, call: context });
      return answer.ok ? ok(changed(answer.value.requestId)) : answer;
    },
    list: (request, { item, inside, ...extent }) =>
      readPages(extent, async (next, pageSize) => {
        const page = { pageSize, ...(next === null ? {} : { pageToken: next }) };
        const answer = await call({ ...request, write: false, page });
        if (!answer.ok) return answer;
        const { data, isList, next: following } = answer.value;
        if (!isList) return err({ ...lost('Mimecast answered something that is not a list', false), codes: [] });
        const rows = data.flatMap((row) => itemsIn(row, inside));
        return ok({ ...readRows(rows, item), next: following });
      }),
    ahead: () => http.ahead(),
    vendorTime: (own) => http.vendorTime(own),
    ownTime: (vendor) => http.ownTime(vendor),
    async authenticate(context) {
      if (authorisation.enter !== null) return authorisation.enter(context);
      // A signature is only checked with a function call: one that asks for nobody changes nothing.
      const asked = await call({ path: PATH.updateUser, data: { emailAddress: NOBODY }, write: false, call: context });
      return asked.ok || !BEFORE_THE_FUNCTION.has(asked.error.kind) ? ok(null) : asked;
    },
  };
}

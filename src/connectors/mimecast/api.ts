import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { createHttpClient, type HttpAnswer, type HttpClient, type HttpLogEntry } from '../http/client.js';
import { fromMilliseconds, fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { readEnvelope, type MimecastFailure, type Page } from './envelope.js';
import type { MimecastSettings } from './settings.js';
import { createTokenSource, type TokenSource } from './token.js';

export interface FunctionCall {
  readonly path: string;
  /** The one element of the envelope's `data`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly write: boolean;
  readonly call: CallContext;
  readonly page?: { readonly pageSize: number; readonly pageToken: string | null };
}

export interface MimecastAnswer extends Page {
  readonly requestId: string | null;
}

export interface MimecastApi {
  call(request: FunctionCall): Promise<Result<MimecastAnswer, MimecastFailure>>;
  /** The rows of all pages, up to `maxPages`; `complete` tells whether the end was reached. */
  all(
    request: Omit<FunctionCall, 'write' | 'page'>,
    pageSize: number,
    maxPages: number,
  ): Promise<Result<AllPages, MimecastFailure>>;
  /** Whether an access token can be had. */
  authenticate(call: CallContext): Promise<Result<null, ConnectorFailure>>;
}

export interface AllPages {
  readonly rows: readonly unknown[];
  readonly complete: boolean;
}

/** `X-RateLimit-Reset` is milliseconds until a call is given back; `Retry-After` is honoured when it is longer. */
function retryAfter(headers: Headers, now: Date): number | null {
  const waits = [fromMilliseconds(headers.get('x-ratelimit-reset')), fromRetryAfter(headers.get('retry-after'), now)];
  const known = waits.filter((wait) => wait !== null);
  return known.length === 0 ? null : Math.max(...known);
}

const withoutCodes = (failure: ConnectorFailure): MimecastFailure => ({ ...failure, codes: [] });

/** Mimecast wants a GUID of the caller for support. */
function requestGuid(runtime: Runtime): string {
  const hex = runtime.randomBytes(16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

interface Parts {
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly runtime: Runtime;
}

/** Sends once; a 401 proves that nothing was executed, so the token is renewed and the same request sent once more. */
async function send(
  { http, tokens, runtime }: Parts,
  request: FunctionCall,
): Promise<Result<HttpAnswer, ConnectorFailure>> {
  const pagination = request.page && {
    pageSize: request.page.pageSize,
    ...(request.page.pageToken === null ? {} : { pageToken: request.page.pageToken }),
  };
  const json = { ...(pagination === undefined ? {} : { meta: { pagination } }), data: [request.data] };
  for (let attempt = 1; ; attempt += 1) {
    const token = await tokens.get(request.call);
    if (!token.ok) return token;
    const answer = await http.request({
      method: 'POST',
      path: request.path,
      headers: { authorization: `Bearer ${token.value.reveal()}`, 'x-mc-req-id': requestGuid(runtime) },
      body: { json },
      write: request.write,
      call: request.call,
    });
    if (!answer.ok || answer.value.status !== 401 || attempt === 2) return answer;
    tokens.drop(token.value);
  }
}

/** Mimecast API 2.0: client credentials, one envelope for every function. */
export function createMimecastApi(
  settings: MimecastSettings,
  runtime: Runtime,
  log?: (entry: HttpLogEntry) => void,
): MimecastApi {
  const http = createHttpClient({
    system: 'Mimecast',
    baseUrl: settings.base_url,
    deadlineMs: settings.deadline_ms,
    runtime,
    ...(log === undefined ? {} : { log }),
    redactKeys: ['password', 'client_secret', 'access_token'],
    retryAfter,
  });
  const parts: Parts = { http, tokens: createTokenSource(http, settings, runtime), runtime };

  const call: MimecastApi['call'] = async (request) => {
    const answer = await send(parts, request);
    if (!answer.ok) return err(withoutCodes(answer.error));
    const { status, headers, body, requestId, quote } = answer.value;
    const retryAfterMs = retryAfter(headers, runtime.now());
    const page = readEnvelope({ path: request.path, write: request.write, status, body, retryAfterMs, quote });
    return page.ok ? ok({ ...page.value, requestId }) : page;
  };

  return {
    call,
    async all(request, pageSize, maxPages) {
      const rows: unknown[] = [];
      let pageToken: string | null = null;
      for (let page = 0; page < maxPages; page += 1) {
        const answer: Result<MimecastAnswer, MimecastFailure> = await call({
          ...request,
          write: false,
          page: { pageSize, pageToken },
        });
        if (!answer.ok) return answer;
        rows.push(...answer.value.data);
        pageToken = answer.value.next;
        if (pageToken === null) return ok({ rows, complete: true });
      }
      return ok({ rows, complete: false });
    },
    async authenticate(context) {
      const token = await parts.tokens.get(context);
      return token.ok ? ok(null) : token;
    },
  };
}

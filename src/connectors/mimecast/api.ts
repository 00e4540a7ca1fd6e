import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { createHttpClient, type HttpAnswer, type HttpClient, type HttpLogEntry } from '../http/client.js';
import { fromMilliseconds, fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { createAuthorisation, type Authorisation } from './authorisation.js';
import { NOBODY } from './nobody.js';
import { readEnvelope, type MimecastFailure, type Page } from './envelope.js';
import { PATH } from './permissions.js';
import type { MimecastSettings } from './settings.js';

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
  /** Whether Mimecast takes the credentials. Changes nothing. */
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

/** Failures that come before a function looks at its input. */
const BEFORE_THE_FUNCTION: ReadonlySet<ConnectorFailure['kind']> = new Set(['auth', 'throttled', 'transient']);

const withoutCodes = (failure: ConnectorFailure): MimecastFailure => ({ ...failure, codes: [] });

interface Parts {
  readonly http: HttpClient;
  readonly authorisation: Authorisation;
}

/** Sends once; a refused ticket proves that nothing was executed, so the same request may go out once more with a new one. */
async function send(
  { http, authorisation }: Parts,
  request: FunctionCall,
): Promise<Result<HttpAnswer, ConnectorFailure>> {
  const pagination = request.page && {
    pageSize: request.page.pageSize,
    ...(request.page.pageToken === null ? {} : { pageToken: request.page.pageToken }),
  };
  const json = { ...(pagination === undefined ? {} : { meta: { pagination } }), data: [request.data] };
  for (let attempt = 1; ; attempt += 1) {
    const ticket = await authorisation.ticket(request.path, request.call);
    if (!ticket.ok) return ticket;
    const answer = await http.request({
      method: 'POST',
      path: request.path,
      headers: ticket.value.headers,
      body: { json },
      write: request.write,
      call: request.call,
    });
    if (!answer.ok || attempt === 2 || !ticket.value.renew(answer.value)) return answer;
  }
}

/** Mimecast's functions, in one envelope; both versions of the API take the same bodies and give the same answers. */
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
  const authorisation = createAuthorisation(http, settings, runtime);

  const call: MimecastApi['call'] = async (request) => {
    const answer = await send({ http, authorisation }, request);
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
      const ticket = await authorisation.ticket(PATH.updateUser, context);
      if (!ticket.ok) return ticket;
      if (settings.auth === 'api2') return ok(null);
      // A signature is only judged with a function call: one that asks for nobody changes nothing.
      const asked = await call({ path: PATH.updateUser, data: { emailAddress: NOBODY }, write: false, call: context });
      return asked.ok || !BEFORE_THE_FUNCTION.has(asked.error.kind) ? ok(null) : asked;
    },
  };
}

import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { createHttpClient, type HttpAnswer, type HttpClient, type HttpLogEntry } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { bare, classify, type GraphFailure } from './failures.js';
import { createPace } from './pace.js';
import type { Permission } from './permissions.js';
import type { EntraIdSettings } from './settings.js';
import { createTokenSource, type Access, type TokenSource } from './token.js';

export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its version, e.g. `/v1.0/users`. */
  readonly path: string;
  readonly json?: unknown;
  readonly needs: readonly Permission[];
  readonly sensitive?: boolean;
  readonly call: CallContext;
}

export interface GraphAnswer {
  readonly body: unknown;
  readonly requestId: string | null;
}

export interface Rows {
  readonly rows: readonly unknown[];
  /** False when there were more than were asked for. */
  readonly complete: boolean;
}

export interface GraphApi {
  send(request: GraphCall): Promise<Result<GraphAnswer, GraphFailure>>;
  /** The rows of a collection, page after page, up to `most`. */
  list(
    path: string,
    needs: readonly Permission[],
    call: CallContext,
    most?: number,
  ): Promise<Result<Rows, GraphFailure>>;
  access(call: CallContext): Promise<Result<Access, ConnectorFailure>>;
}

const MOST_PAGES = 100;
/** What is waited after a 429 that does not say how long: Conditional Access and Identity Protection. */
const OWN_BACK_OFF_MS = 5_000;
const PACED = ['/v1.0/identity/conditionalAccess/', '/v1.0/identityProtection/'];

const page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional().catch(undefined),
});

interface Parts {
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly pace: (signal: AbortSignal) => Promise<void>;
}

/** Sends once; a 401 proves that nothing was executed, so the token is renewed and the same request sent once more. */
async function sendSigned(
  { http, tokens, pace }: Parts,
  request: GraphCall,
): Promise<Result<HttpAnswer & { readonly access: Access }, ConnectorFailure>> {
  const { method, path, json, call } = request;
  const paced = PACED.some((prefix) => path.startsWith(prefix));
  for (let attempt = 1; ; attempt += 1) {
    const access = await tokens.get(call);
    if (!access.ok) return access;
    if (paced) await pace(call.signal);
    const answer = await http.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${access.value.token.reveal()}`,
        'client-request-id': call.correlationId.replace(/[^\x21-\x7e]/g, '_').slice(0, 128),
      },
      ...(json === undefined ? {} : { body: { json } }),
      write: method !== 'GET',
      call,
    });
    if (!answer.ok) return err(withWait(answer.error));
    if (answer.value.status !== 401 || attempt === 2) return ok({ ...answer.value, access: access.value });
    tokens.drop(access.value.token);
  }
}

const withWait = (failure: ConnectorFailure): ConnectorFailure =>
  failure.kind === 'throttled' && failure.retryAfterMs === null
    ? { ...failure, retryAfterMs: OWN_BACK_OFF_MS }
    : failure;

/** The path of a next page; `null` when the link leads elsewhere: the token must not follow it. */
function pathOf(link: string, graphUrl: string): string | null {
  return link.startsWith(`${graphUrl}/`) ? link.slice(graphUrl.length) : null;
}

/** Microsoft Graph with an application's own rights. */
export function createGraphApi(
  settings: EntraIdSettings,
  runtime: Runtime,
  log?: (entry: HttpLogEntry) => void,
): GraphApi {
  const shared = {
    system: 'Microsoft Entra ID',
    deadlineMs: settings.deadline_ms,
    runtime,
    ...(log === undefined ? {} : { log }),
    redactKeys: ['password', 'client_secret', 'client_assertion', 'access_token'],
    retryAfter: (headers: Headers, now: Date) => fromRetryAfter(headers.get('retry-after'), now),
  };
  const login = createHttpClient({ ...shared, baseUrl: settings.login_url });
  const parts: Parts = {
    http: createHttpClient({ ...shared, baseUrl: settings.graph_url }),
    tokens: createTokenSource(login, settings, runtime),
    pace: createPace(settings.conditional_access_interval_ms, runtime),
  };

  const send: GraphApi['send'] = async (request) => {
    const answer = await sendSigned(parts, request);
    if (!answer.ok) return err(bare(answer.error));
    const { status, headers, body, access } = answer.value;
    if (status < 400) return ok({ body, requestId: headers.get('request-id') });
    const { needs, sensitive = false } = request;
    return err(classify(answer.value, { needs, sensitive, rights: access.rights }));
  };

  const list: GraphApi['list'] = async (path, needs, call, most = 1_000) => {
    const rows: unknown[] = [];
    let next: string | null = path;
    for (let pages = 0; next !== null && pages < MOST_PAGES && rows.length < most; pages += 1) {
      const answer: Result<GraphAnswer, GraphFailure> = await send({ method: 'GET', path: next, needs, call });
      if (!answer.ok) return answer;
      const parsed = page.safeParse(answer.value.body);
      if (!parsed.success) return err(bare(lost('Microsoft Graph answered something that is not a collection', false)));
      rows.push(...parsed.data.value);
      const link = parsed.data['@odata.nextLink'];
      next = link === undefined ? null : pathOf(link, settings.graph_url);
      if (link !== undefined && next === null)
        return err(bare(lost('Microsoft Graph named a next page at another address', false)));
    }
    return ok({ rows: rows.slice(0, most), complete: next === null && rows.length <= most });
  };

  return { send, list, access: (call) => parts.tokens.get(call) };
}

import type { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { createHttpClient, type HttpAnswer, type HttpClient, type HttpLogEntry } from '../http/client.js';
import { fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { readGoogleError, type GoogleFailure } from './errors.js';
import type { Scope } from './scopes.js';
import { readServiceAccount, type ServiceAccount } from './service-account.js';
import type { GoogleWorkspaceSettings } from './settings.js';
import { createTokenSource, type Purpose, type TokenSource } from './token.js';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`; `/gmail/` goes to Gmail, the rest to the Admin SDK. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly scope: Scope;
  /** In whose name; the configured administrator when left out. */
  readonly subject?: string;
  /** What is asked for or changed, in words for a failure: `the user ada@example.com`. */
  readonly what: string;
  readonly call: CallContext;
}

export interface ApiAnswer {
  readonly body: unknown;
  readonly requestId: string | null;
}

/** What went wrong; without words of Google's where no answer came. */
export type ApiFailure = GoogleFailure;

const wordless = (failure: ConnectorFailure): ApiFailure => ({ failure, answered: false, reasons: [], message: '' });

export interface GoogleApi {
  /** Sends once; a 401 proves that nothing was executed, so the token is renewed and the request sent once more. */
  send(request: ApiRequest): Promise<Result<ApiAnswer, ApiFailure>>;
  /** A read whose answer must have this shape. */
  read<T>(request: Omit<ApiRequest, 'method'>, shape: z.ZodType<T>): Promise<Result<T, ConnectorFailure>>;
  /** Whether a token for this purpose is given. */
  authenticate(purpose: Purpose, call: CallContext): Promise<Result<null, ConnectorFailure>>;
  readonly adminEmail: string;
  readonly clientId: string | null;
}

interface Parts {
  readonly admin: HttpClient;
  readonly gmail: HttpClient;
  readonly tokens: TokenSource;
  readonly account: ServiceAccount;
  readonly adminEmail: string;
}

async function sendOnce(
  parts: Parts,
  request: ApiRequest,
  purpose: Purpose,
): Promise<Result<HttpAnswer, ConnectorFailure>> {
  const http = request.path.startsWith('/gmail/') ? parts.gmail : parts.admin;
  const query = new URLSearchParams(request.query).toString();
  for (let attempt = 1; ; attempt += 1) {
    const token = await parts.tokens.get(purpose, request.call);
    if (!token.ok) return token;
    const answer = await http.request({
      method: request.method,
      path: query === '' ? request.path : `${request.path}?${query}`,
      headers: { authorization: `Bearer ${token.value.reveal()}` },
      ...(request.json === undefined ? {} : { body: { json: request.json } }),
      write: request.method !== 'GET',
      call: request.call,
    });
    if (!answer.ok || answer.value.status !== 401 || attempt === 2) return answer;
    parts.tokens.drop(purpose, token.value);
  }
}

async function send(parts: Parts, request: ApiRequest): Promise<Result<ApiAnswer, ApiFailure>> {
  // A call that was given up must not even fetch a token.
  if (request.call.signal.aborted) {
    const message = 'The call to Google Workspace was given up before anything was sent.';
    return err(wordless({ kind: 'transient', message }));
  }
  const { adminEmail, account } = parts;
  const purpose: Purpose = { subject: request.subject ?? adminEmail, scope: request.scope };
  const answer = await sendOnce(parts, request, purpose);
  if (!answer.ok) return err(wordless(answer.error));
  const { status, body, requestId } = answer.value;
  if (status < 300) return ok({ body, requestId });
  const { what, scope } = request;
  return err(readGoogleError(answer.value, { what, scope, adminEmail, clientId: account.clientId }));
}

/** The Admin SDK and Gmail, called through a service account with domain-wide delegation. Throws when a setting cannot be used. */
export function createGoogleApi(
  settings: GoogleWorkspaceSettings,
  runtime: Runtime,
  log?: (entry: HttpLogEntry) => void,
): GoogleApi {
  const account = readServiceAccount(settings.service_account_key);
  if (!account.ok) throw new Error(account.error);
  const client = (base: string): HttpClient =>
    createHttpClient({
      system: 'Google Workspace',
      baseUrl: base,
      deadlineMs: settings.deadline_ms,
      runtime,
      ...(log === undefined ? {} : { log }),
      redactKeys: ['password', 'assertion', 'access_token'],
      retryAfter: (headers, now) => fromRetryAfter(headers.get('retry-after'), now) ?? 5000,
    });
  const tokens = createTokenSource({
    http: client(new URL(settings.token_url).origin),
    account: account.value,
    tokenUrl: settings.token_url,
    runtime,
    adminEmail: settings.admin_email,
  });
  const { admin_email: adminEmail } = settings;
  const parts: Parts = {
    admin: client(settings.admin_url),
    gmail: client(settings.gmail_url),
    tokens,
    account: account.value,
    adminEmail,
  };
  return {
    adminEmail,
    clientId: account.value.clientId,
    send: (request) => send(parts, request),
    async read(request, shape) {
      const answer = await send(parts, { ...request, method: 'GET' });
      if (!answer.ok) return err(answer.error.failure);
      const parsed = shape.safeParse(answer.value.body ?? {});
      if (parsed.success) return ok(parsed.data);
      const message = `Google answered something else than ${request.what}; it is safe to ask again.`;
      return err({ kind: 'transient', message });
    },
    async authenticate(purpose, call) {
      const token = await tokens.get(purpose, call);
      return token.ok ? ok(null) : token;
    },
  };
}

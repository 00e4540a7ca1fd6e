import { z } from 'zod';
import type { Body } from './bodies.js';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { createHttpClient, type HttpAnswer, type HttpClient } from '../http/client.js';
import { readPages, type Pages } from '../http/pages.js';
import { fromRetryAfter } from '../http/retry-after.js';
import { readRows } from '../http/rows.js';
import { sendSigned } from '../http/signed.js';
import { ALREADY, changed, refuse, type Answer } from '../kit/action.js';
import type { Clock } from '../kit/clock.js';
import type { ConnectorLog } from '../kit/log.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { failureOf, FIRST_WAIT_MS, lacksScope, type GoogleFailure } from './errors.js';
import type { Scope } from './scopes.js';
import { readServiceAccount } from './service-account.js';
import type { GoogleWorkspaceSettings } from './settings.js';
import { createTokenSource, type Purpose } from './token.js';

export interface ApiRead {
  /** Begins with `/`; `/gmail/` goes to Gmail, `/v1beta1/alerts` to the Alert Center, the rest to the Admin SDK. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly scope: Scope;
  /** On whose behalf; by default the configured administrator's. */
  readonly subject?: string;
  /** What is read or changed, in words for a failure: `the user ada@example.com`. */
  readonly what: string;
  readonly call: CallContext;
}

export interface ApiChange extends ApiRead {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly json?: Body;
}

export interface Listing<T> {
  /** The answer's key for the array; Google leaves it out when it is empty. */
  readonly key: string;
  readonly item: z.ZodType<T>;
  readonly mostPages: number;
}

export interface GoogleApi extends Clock {
  /** A read whose answer must have this shape. */
  read<T>(request: ApiRead, shape: z.ZodType<T>): Promise<Result<T, GoogleFailure>>;
  /** The items of all pages up to a bound, whose size is chosen by `maxResults`. */
  list<T>(request: ApiRead, listing: Listing<T>): Promise<Result<Pages<T>, GoogleFailure>>;
  /** `isDone`: refusals that mean that it is already so. */
  change(request: ApiChange, isDone?: (refusal: GoogleFailure) => boolean): Promise<Result<Receipt, GoogleFailure>>;
  /** Whether a token for this purpose is given. */
  authenticate(purpose: Purpose, call: CallContext): Answer<unknown>;
}

const page = z.looseObject({ nextPageToken: z.string().default('') });
const array = z.array(z.unknown());

const somethingElse = ({ what }: ApiRead) =>
  refuse('transient', `Google answered something else than ${what}; it is safe to ask again.`);

/** The Admin SDK and Gmail, called through a service account with domain-wide delegation. Throws when a setting cannot be used. */
export function createGoogleApi(settings: GoogleWorkspaceSettings, runtime: Runtime, log: ConnectorLog): GoogleApi {
  const { admin_email: adminEmail, token_url: tokenUrl } = settings;
  const account = readServiceAccount(settings.service_account_key);
  if (!account.ok) throw new Error(account.error);
  const { clientId } = account.value;
  const client = (baseUrl: string): HttpClient =>
    createHttpClient({
      system: 'Google Workspace',
      baseUrl,
      deadlineMs: settings.deadline_ms,
      runtime,
      log: log.request,
      redactKeys: ['password', 'assertion', 'access_token'],
      retryAfter: (headers, now) => fromRetryAfter(headers.get('retry-after'), now) ?? FIRST_WAIT_MS,
    });
  const http = client(new URL(tokenUrl).origin);
  const tokens = createTokenSource({ http, account: account.value, tokenUrl, runtime, adminEmail });
  const admin = client(settings.admin_url);
  const gmail = client(settings.gmail_url);
  const alerts = client(settings.alerts_url);
  const clientOf = (path: string): HttpClient => {
    if (path.startsWith('/gmail/')) return gmail;
    return path.startsWith('/v1beta1/') ? alerts : admin;
  };

  const send = async (
    request: ApiRead & Partial<ApiChange> & { readonly whole?: boolean },
  ): Promise<Result<HttpAnswer, GoogleFailure>> => {
    const { method = 'GET', json, call, what, scope, whole, subject = adminEmail } = request;
    // An abandoned call must not even fetch a token.
    if (call.signal.aborted)
      return refuse('transient', 'The call to Google Workspace was given up before anything was sent.');
    const query = new URLSearchParams(request.query).toString();
    const path = query === '' ? request.path : `${request.path}?${query}`;
    const write = method !== 'GET';
    const body = json === undefined ? {} : { body: { json } };
    const answer = await sendSigned(
      tokens({ subject, scope }),
      { write, call },
      {
        send({ token }) {
          const headers = { authorization: `Bearer ${token.reveal()}` };
          return clientOf(path).request({ method, path, headers, ...body, write, whole, call });
        },
        lacks: (refused) => (refused.status === 401 ? 'token' : lacksScope(refused) ? 'right' : null),
      },
    );
    if (!answer.ok || answer.value.status < 300) return answer;
    return err(failureOf(answer.value, { what, scope, adminEmail, clientId }));
  };
  const readFrom = async <T>(
    request: ApiRead & { readonly whole?: boolean },
    shape: z.ZodType<T>,
  ): Promise<Result<T, GoogleFailure>> => {
    const answer = await send(request);
    if (!answer.ok) return answer;
    const parsed = shape.safeParse(answer.value.body);
    return parsed.success ? ok(parsed.data) : somethingElse(request);
  };
  return {
    ahead: () => admin.ahead(),
    vendorTime: (own) => admin.vendorTime(own),
    ownTime: (vendor) => admin.ownTime(vendor),
    authenticate: (purpose, call) => tokens(purpose).get(call),
    read: readFrom,
    list(request, { key, item, mostPages }) {
      const { maxResults } = request.query ?? {};
      return readPages(
        { mostPages, size: maxResults === undefined ? null : Number(maxResults) },
        async (next, size) => {
          const query = {
            ...request.query,
            ...(next === null ? {} : { pageToken: next }),
            ...(size === null ? {} : { maxResults: String(size) }),
          };
          // Gmail's lists, tokens, app passwords and backup codes have no pages.
          const answer = await readFrom({ ...request, query, whole: size === null }, page);
          if (!answer.ok) return answer;
          // The Admin SDK names the kind of every list; the others answer an empty one with an empty object.
          const isEmpty = answer.value['kind'] !== undefined || !request.path.startsWith('/admin/');
          const rows = array.safeParse(answer.value[key] ?? (isEmpty && !(key in answer.value) ? [] : null));
          if (!rows.success) return somethingElse(request);
          return ok({ ...readRows(rows.data, item), next: answer.value.nextPageToken });
        },
      );
    },
    async change(request, isDone) {
      const answer = await send(request);
      if (answer.ok) return ok(changed(answer.value.requestId));
      return isDone?.(answer.error) === true ? ok(ALREADY) : answer;
    },
  };
}

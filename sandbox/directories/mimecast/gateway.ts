import type { FunctionInput, Prepared } from './function-input.js';
import { FUNCTIONS, type ApiFunction } from './functions.js';
import type { Tokens } from './oauth.js';
import type { RateLimiter } from './rate-limit.js';
import { parseJson } from './request.js';
import type { MimecastState } from './state.js';
import {
  asRecord,
  functionFailure,
  gatewayFailure,
  metaFailure,
  readPageToken,
  validation,
  type Reply,
} from './wire.js';

const LARGEST_PAGE = 500;

export interface Gateway {
  readonly state: MimecastState;
  readonly tokens: Tokens;
  readonly limiter: RateLimiter;
  readonly clock: () => Date;
  readonly actor: string;
  readonly permissions: Set<string>;
  /** How a missing permission is told: both are seen in real answers. */
  readonly forbidWith: 'http' | 'meta';
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: string;
}

/** What the gateway makes of a request: an answer at once, or something that waits to be carried out. */
export interface Admitted {
  readonly write: boolean;
  readonly email: string;
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly prepared: Prepared;
}

function refuseToken(verdict: ReturnType<Tokens['check']>): Reply | null {
  switch (verdict) {
    case 'ok':
      return null;
    case 'missing':
      return gatewayFailure(401, 'Unauthorized Request', 'Invalid access token');
    case 'unknown':
      return gatewayFailure(401, 'token_verification_failed', 'Access Token could not be verified');
    case 'expired':
      return gatewayFailure(401, 'token_expired', 'Access Token Expired');
  }
}

function pagingOf(json: Record<string, unknown>, standard: number): { pageSize: number; offset: number } | Reply {
  const pagination = asRecord(asRecord(json['meta'])['pagination']);
  const size = pagination['pageSize'];
  if (size !== undefined && (typeof size !== 'number' || !Number.isInteger(size) || size < 1)) {
    return functionFailure(null, validation.kind('pageSize', 'positive integer'));
  }
  const offset = readPageToken(pagination['pageToken']);
  if (offset === null)
    return functionFailure(null, {
      code: 'err_validation_invalid_page_token',
      message: 'Invalid page token',
      field: 'pageToken',
    });
  return { pageSize: Math.min(size ?? standard, LARGEST_PAGE), offset };
}

/** Route, token, content type, permission, rate: everything before a function looks at its input. */
function guard(
  gateway: Gateway,
  request: ApiRequest,
  api: ApiFunction | undefined,
): { reply: Reply } | { headers: Record<string, string> } {
  if (api === undefined) return { reply: gatewayFailure(404, 'not_found', 'No such URL') };
  if (request.method !== 'POST')
    return { reply: { ...gatewayFailure(405, 'method_not_allowed', 'Use POST'), headers: { Allow: 'POST' } } };
  const unauthorized = refuseToken(gateway.tokens.check(request.authorization));
  if (unauthorized !== null) return { reply: unauthorized };
  if (!/^application\/json\b/i.test(request.contentType)) {
    return { reply: gatewayFailure(415, 'unsupported_media_type', 'The content type must be application/json') };
  }
  const { allowed, headers } = gateway.limiter.count(request.path);
  if (!allowed) return { reply: { ...gatewayFailure(429, 'rate_limit_exceeded', 'Too many requests'), headers } };
  if (gateway.permissions.has(api.permission)) return { headers };
  const forbidden =
    gateway.forbidWith === 'meta'
      ? metaFailure(403)
      : gatewayFailure(403, 'forbidden', 'The application is not permitted to call this function');
  return { reply: { ...forbidden, headers } };
}

/** Takes one `/api/` request up to the point where something would change. */
export function admit(
  gateway: Gateway,
  request: ApiRequest,
): { readonly reply: Reply; readonly json?: unknown } | Admitted {
  const api = Object.hasOwn(FUNCTIONS, request.path) ? FUNCTIONS[request.path] : undefined;
  const guarded = guard(gateway, request, api);
  if ('reply' in guarded || api === undefined)
    return 'reply' in guarded ? guarded : { reply: gatewayFailure(404, 'not_found', 'No such URL') };
  const parsed = parseJson(request.body);
  if (parsed === null) return { reply: gatewayFailure(400, 'err_invalid_json', 'The body is not JSON') };
  const json = asRecord(parsed.value);
  const { data } = json;
  if (!Array.isArray(data) || data.length !== 1)
    return { reply: functionFailure(null, validation.missing('data')), json };
  const paging = pagingOf(json, api.defaultPageSize);
  if ('status' in paging) return { reply: paging, json };
  const item = asRecord(data[0]);
  const input: FunctionInput = { state: gateway.state, now: gateway.clock(), actor: gateway.actor, item, paging };
  const email = typeof item['emailAddress'] === 'string' ? item['emailAddress'].toLowerCase() : '';
  return { write: api.writes(item), email, json, headers: guarded.headers, prepared: api.prepare(input) };
}

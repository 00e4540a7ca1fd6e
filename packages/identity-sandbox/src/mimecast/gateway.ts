import { jsonOf, type DirectoryRequest } from '../http/message.js';
import type { Routed } from '../http/server.js';
import type { EnvelopeFaults } from './faults.js';
import type { FunctionInput } from './function-input.js';
import { FUNCTIONS, type ApiFunction, type ApiVersion } from './functions.js';
import { TOKEN_PATH, type Tokens } from './oauth.js';
import type { RateLimiter } from './rate-limit.js';
import type { Signatures } from './signatures.js';
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

const STANDARD_PAGE = 25;
const LARGEST_PAGE = 500;

export interface Gateway {
  readonly state: MimecastState;
  readonly tokens: Tokens;
  readonly signatures: Signatures;
  readonly limiter: RateLimiter;
  readonly faults: EnvelopeFaults;
  readonly clock: () => Date;
  readonly actor: string;
  readonly permissions: Set<string>;
  /** How a missing permission is told: both are seen in real answers. */
  readonly forbidWith: 'http' | 'meta';
  /** Whether API 2.0 answers what its catalogue does not list. */
  readonly answersUnlisted: boolean;
}

/** Which version of the API a request speaks: API 1.0 signs with the realm `MC`. */
const versionOf = (request: DirectoryRequest): ApiVersion =>
  request.header('authorization').startsWith('MC ') ? 'api1' : 'api2';

function refuseCaller({ tokens, signatures }: Gateway, request: DirectoryRequest): Reply | null {
  if (versionOf(request) === 'api1') return signatures.refuse(request);
  switch (tokens.check(request.header('authorization'))) {
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

function pagingOf(json: Record<string, unknown>): { pageSize: number; offset: number } | Reply {
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
  return { pageSize: Math.min(size ?? STANDARD_PAGE, LARGEST_PAGE), offset };
}

function functionOf({ answersUnlisted }: Gateway, request: DirectoryRequest): ApiFunction | null {
  const api = Object.hasOwn(FUNCTIONS, request.path) ? FUNCTIONS[request.path] : undefined;
  if (api === undefined) return null;
  return api.unlisted === true && versionOf(request) === 'api2' && !answersUnlisted ? null : api;
}

/**
 * Mimecast does not say whether a token learns of a right that is granted later: here it does not, so that whoever
 * holds on to one fails. A right that is taken away is gone at once.
 */
const mayCall = ({ permissions, tokens }: Gateway, request: DirectoryRequest, permission: string): boolean =>
  permissions.has(permission) &&
  (versionOf(request) === 'api1' || tokens.permits(request.header('authorization'), permission));

/** Caller, content type, permission, rate: everything before a function looks at its input. */
function guard(
  gateway: Gateway,
  request: DirectoryRequest,
  api: ApiFunction,
): { reply: Reply } | { headers: Record<string, string> } {
  if (request.method !== 'POST')
    return { reply: { ...gatewayFailure(405, 'method_not_allowed', 'Use POST'), headers: { Allow: 'POST' } } };
  const unauthorized = refuseCaller(gateway, request);
  if (unauthorized !== null) return { reply: unauthorized };
  if (!/^application\/json\b/i.test(request.header('content-type'))) {
    return { reply: gatewayFailure(415, 'unsupported_media_type', 'The content type must be application/json') };
  }
  const { allowed, headers } = gateway.limiter.count(request.path);
  if (!allowed) return { reply: { ...gatewayFailure(429, 'rate_limit_exceeded', 'Too many requests'), headers } };
  if (mayCall(gateway, request, api.permission[versionOf(request)])) return { headers };
  const forbidden =
    gateway.forbidWith === 'meta'
      ? metaFailure(403)
      : gatewayFailure(403, 'forbidden', 'The application is not permitted to call this function');
  return { reply: { ...forbidden, headers } };
}

const emailOf = (item: Record<string, unknown>): string => {
  const email = item['emailAddress'] ?? item['primaryAddress'];
  return typeof email === 'string' ? email.toLowerCase() : '';
};

function routeFunction(gateway: Gateway, request: DirectoryRequest, api: ApiFunction): Routed {
  const guarded = guard(gateway, request, api);
  if ('reply' in guarded) return { refused: guarded.reply };
  const parsed = jsonOf(request.body);
  if (parsed === undefined) return { refused: gatewayFailure(400, 'err_invalid_json', 'The body is not JSON') };
  const json = asRecord(parsed);
  const { data } = json;
  const fits = Array.isArray(data) && (data.length === 1 || (data.length === 0 && api.takesNothing === true));
  if (!fits) return { refused: functionFailure(null, validation.missing('data')) };
  const paging = pagingOf(json);
  if ('status' in paging) return { refused: paging };
  const item = asRecord(data[0]);
  const write = api.writes(item);
  const instead = gateway.faults.take({ path: request.path, write }, item);
  if (instead !== null) return { refused: instead };
  const input: FunctionInput = { state: gateway.state, now: gateway.clock(), actor: gateway.actor, item, paging };
  const prepared = api.prepare(input);
  const { headers } = guarded;
  if ('refused' in prepared) return { refused: { ...prepared.refused, headers } };
  return { write, email: emailOf(item), commit: () => ({ ...prepared.commit(), headers }) };
}

/** What Mimecast makes of one request. */
export function route(gateway: Gateway, request: DirectoryRequest): Routed {
  if (request.path === TOKEN_PATH && request.method === 'POST') {
    const commit = (): Reply => gateway.tokens.grant(request.header('content-type'), request.body);
    return { write: false, commit };
  }
  const api = functionOf(gateway, request);
  return api === null
    ? { refused: gatewayFailure(404, 'not_found', 'No such URL') }
    : routeFunction(gateway, request, api);
}

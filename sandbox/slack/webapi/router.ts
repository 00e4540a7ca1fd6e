import { setTimeout as wait } from 'node:timers/promises';
import type { Core } from '../core.js';
import type { Fault } from '../faults.js';
import type { JsonObject } from '../json.js';
import { stringOf } from '../json.js';
import { APP_METHODS } from './app.js';
import { needScope } from './access.js';
import { CHAT_METHODS } from './chat.js';
import { CONVERSATION_METHODS } from './conversations.js';
import { ApiError } from './errors.js';
import { FILE_METHODS } from './files.js';
import type { Call, Caller, Method } from './method.js';
import { PEOPLE_METHODS } from './people.js';
import type { RateLimits } from './rates.js';
import { VIEW_METHODS } from './views.js';

/** Every Web API method that is simulated; any other is `unknown_method`. */
export const METHODS: Readonly<Record<string, Method>> = {
  ...APP_METHODS,
  ...CHAT_METHODS,
  ...CONVERSATION_METHODS,
  ...FILE_METHODS,
  ...PEOPLE_METHODS,
  ...VIEW_METHODS,
};

export interface Tokens {
  readonly bot: string;
  readonly app: string;
  /** User tokens, each with the person that it stands for. */
  readonly users: Readonly<Record<string, string>>;
}

export interface ApiRequest {
  readonly method: string;
  readonly token: string | undefined;
  readonly args: JsonObject;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

const answer = (body: JsonObject, status = 200, headers: Record<string, string> = {}): ApiAnswer => ({
  status,
  headers,
  body,
});

function callerOf(core: Core, tokens: Tokens, method: Method, token: string | undefined): Caller {
  const nobody: Caller = { userId: '', isBot: false, scopes: new Set() };
  if (method.token === 'none') return nobody;
  if (token === undefined || token === '') throw new ApiError('not_authed');
  if (method.token === 'app') {
    if (token === tokens.app) return nobody;
    throw new ApiError(token === tokens.bot ? 'not_allowed_token_type' : 'invalid_auth');
  }
  if (token === tokens.bot) return { userId: core.workspace.botUserId, isBot: true, scopes: core.manifest.botScopes };
  if (token === tokens.app) throw new ApiError('not_allowed_token_type');
  const userId = tokens.users[token];
  if (userId === undefined) throw new ApiError('invalid_auth');
  return { userId, isBot: false, scopes: core.manifest.userScopes };
}

const rateLimited = (seconds: number): ApiAnswer =>
  answer({ ok: false, error: 'ratelimited' }, 429, { 'Retry-After': String(seconds) });

/** The answer that an injected fault gives instead of the method, `null` when it only delays. */
async function faulty(fault: Fault): Promise<ApiAnswer | null> {
  switch (fault.type) {
    case 'rate_limited':
      return rateLimited(fault.retry_after_s ?? 1);
    case 'http_500':
      return answer({ ok: false, error: fault.error ?? 'internal_error' }, 500);
    case 'error':
      return answer({ ok: false, error: fault.error ?? 'internal_error' });
    default:
      await wait(fault.ms ?? 0, undefined, { ref: false });
      return null;
  }
}

export class WebApi {
  constructor(
    private readonly core: Core,
    private readonly tokens: Tokens,
    private readonly rates: RateLimits,
  ) {}

  /** True for a token that this workspace gave out. */
  knows(token: string): boolean {
    return token === this.tokens.bot || token in this.tokens.users;
  }

  async call(request: ApiRequest): Promise<ApiAnswer> {
    const { journal, faults } = this.core;
    const fault = faults.take('api', request.method);
    if (fault) journal.add({ kind: 'fault', name: request.method, status: fault.type, detail: fault });
    const given = (fault && (await faulty(fault))) ?? this.#run(request);
    const status = given.body['ok'] === true ? 'ok' : String(given.body['error']);
    const detail = { args: request.args, answer: given.body };
    journal.add({ kind: 'api_call', name: request.method, status, detail });
    return given;
  }

  #run({ method: name, token, args }: ApiRequest): ApiAnswer {
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    try {
      if (!method) throw new ApiError('unknown_method', { req_method: name });
      const caller = callerOf(this.core, this.tokens, method, token);
      const seconds = this.rates.take(name, method.tier, stringOf(args['channel']) ?? '');
      if (seconds > 0) return rateLimited(seconds);
      const call: Call = { core: this.core, caller };
      for (const scope of method.scopes) needScope(call, scope);
      const scopes = {
        'X-OAuth-Scopes': [...caller.scopes].join(','),
        'X-Accepted-OAuth-Scopes': method.scopes.join(','),
      };
      return answer({ ok: true, ...method.handle(args, call) }, 200, scopes);
    } catch (error) {
      if (error instanceof ApiError) return answer({ ok: false, error: error.code, ...error.extra });
      throw error;
    }
  }
}

import type { Core } from '../core.js';
import type { JsonObject } from '../json.js';
import { isObject, stringOf } from '../json.js';
import { needScope } from './access.js';
import { ADMIN_METHODS } from './admin.js';
import { APP_METHODS } from './app.js';
import { CHAT_METHODS } from './chat.js';
import { CONVERSATION_METHODS } from './conversations.js';
import { ApiError } from './errors.js';
import type { Answered, ApiAnswer, ErrorVoice } from './faulty.js';
import { answer, underFaults } from './faulty.js';
import { FILE_METHODS } from './files.js';
import { LOG_METHODS } from './logs.js';
import type { Call, Caller, Method } from './method.js';
import { PEOPLE_METHODS } from './people.js';
import type { RateLimits } from './rates.js';
import type { UserTokens } from './tokens.js';
import { VIEW_METHODS } from './views.js';

/** Every Web API method that is simulated; any other is `unknown_method`. */
export const METHODS: Readonly<Record<string, Method>> = {
  ...ADMIN_METHODS,
  ...APP_METHODS,
  ...CHAT_METHODS,
  ...CONVERSATION_METHODS,
  ...FILE_METHODS,
  ...LOG_METHODS,
  ...PEOPLE_METHODS,
  ...VIEW_METHODS,
};

export interface Tokens {
  readonly bot: string;
  readonly app: string;
  readonly users: UserTokens;
}

export interface ApiRequest {
  readonly method: string;
  readonly token: string | undefined;
  readonly args: JsonObject;
}

/** @throws ApiError when the token is unknown, withdrawn, or its owner deactivated */
function personOf(core: Core, tokens: Tokens, token: string): Caller {
  const known = tokens.users.get(token);
  if (known === undefined) throw new ApiError('invalid_auth');
  if (known.scopes === null) throw new ApiError('token_revoked');
  if (core.workspace.user(known.user)?.deleted === true) throw new ApiError('account_inactive');
  return { userId: known.user, isBot: false, scopes: known.scopes };
}

function callerOf(core: Core, tokens: Tokens, method: Method, token: string | undefined): Caller {
  const nobody: Caller = { userId: '', isBot: false, scopes: new Set() };
  if (method.token === 'none') return nobody;
  if (token === undefined || token === '') throw new ApiError('not_authed');
  if (method.token === 'app') {
    if (token === tokens.app) return nobody;
    throw new ApiError(token === tokens.bot ? 'not_allowed_token_type' : 'invalid_auth');
  }
  if (token === tokens.app) throw new ApiError('not_allowed_token_type');
  if (token !== tokens.bot) return personOf(core, tokens, token);
  if (method.token === 'user') throw new ApiError('not_allowed_token_type');
  return { userId: core.workspace.botUserId, isBot: true, scopes: core.manifest.botScopes };
}

const VOICE: ErrorVoice = {
  limited: (seconds) => answer({ ok: false, error: 'ratelimited' }, 429, { 'Retry-After': String(seconds) }),
  failed: (status, error) => answer({ ok: false, error }, status),
  statusOf({ body }) {
    if (!isObject(body)) return 'nonsense';
    return body['ok'] === true ? 'ok' : String(body['error']);
  },
};

export class WebApi {
  constructor(
    private readonly core: Core,
    private readonly tokens: Tokens,
    private readonly rates: RateLimits,
  ) {}

  /** True for a token that this workspace gave out. */
  knows(token: string): boolean {
    return token === this.tokens.bot || this.tokens.users.get(token) !== undefined;
  }

  call(request: ApiRequest): Promise<Answered> {
    const { method: name, args } = request;
    return underFaults(this.core, { name, args, run: () => this.#run(request) }, VOICE);
  }

  #run({ method: name, token, args }: ApiRequest): ApiAnswer {
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    try {
      if (!method) throw new ApiError('unknown_method', { req_method: name });
      const caller = callerOf(this.core, this.tokens, method, token);
      const seconds = this.rates.take(name, method.tier, stringOf(args['channel']) ?? '');
      if (seconds > 0) return VOICE.limited(seconds);
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

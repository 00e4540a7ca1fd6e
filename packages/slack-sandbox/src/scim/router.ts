import type { Core } from '../core.js';
import { isObject } from '../json.js';
import { rankOf } from '../office/standing.js';
import type { Answered, ApiAnswer } from '../webapi/faulty.js';
import { answer, underFaults } from '../webapi/faulty.js';
import type { RateLimits } from '../webapi/rates.js';
import type { UserTokens } from '../webapi/tokens.js';
import { SCIM_VOICE, ScimError, scimFailure } from './reply.js';
import { activate, listUsers, readPatch, readUser } from './users.js';

export interface ScimRequest {
  readonly method: string;
  /** From `/Users` on. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  /** The JSON body; `undefined` when there is none or it is not JSON. */
  readonly body: unknown;
}

const CONFIG = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 1000 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: 'oauthbearertoken', name: 'OAuth Bearer Token', description: 'OAuth 2 user token' }],
};

/** The administrator whose token it is. @throws ScimError 401 for any other token, 403 below Business+ */
function needAdmin(core: Core, tokens: UserTokens, token: string | undefined): string {
  const known = token === undefined ? undefined : tokens.get(token);
  const owner = known && core.workspace.user(known.user);
  const admin = owner !== undefined && !owner.deleted && rankOf(owner) > 0;
  if (!admin || known?.scopes?.has('admin') !== true) throw new ScimError('invalid_authentication', 401);
  const { plan } = core.workspace.data.team;
  if (plan !== 'business_plus' && plan !== 'enterprise') throw new ScimError('feature_not_enabled', 403);
  return owner.id;
}

/** SCIM 2.0 as far as people are found, read, deactivated and reactivated (https://docs.slack.dev/reference/scim-api). */
export class Scim {
  constructor(
    private readonly core: Core,
    private readonly tokens: UserTokens,
    private readonly rates: RateLimits,
  ) {}

  call(request: ScimRequest): Promise<Answered> {
    const [, resource = ''] = request.path.split('/');
    const name = `scim ${request.method} ${resource}`;
    const args = { path: request.path, query: Object.fromEntries(request.query), body: request.body };
    return underFaults(this.core, { name, args, run: () => this.#run(name, request) }, SCIM_VOICE);
  }

  #run(name: string, request: ScimRequest): ApiAnswer {
    try {
      const actor = needAdmin(this.core, this.tokens, request.token);
      const seconds = this.rates.take(name, request.method === 'GET' ? 'scim_read' : 'scim_write', '');
      return seconds > 0 ? SCIM_VOICE.limited(seconds) : this.#route(request, actor);
    } catch (error) {
      if (error instanceof ScimError) return scimFailure(error);
      throw error;
    }
  }

  #route({ method, path, query, body }: ScimRequest, actor: string): ApiAnswer {
    const [, resource, id, ...rest] = path.split('/');
    if (method === 'GET' && path === '/ServiceProviderConfig') return answer(CONFIG);
    if (resource !== 'Users' || rest.length > 0) throw new ScimError('bad_endpoint', 404);
    if (method === 'GET') return answer(id === undefined ? listUsers(this.core, query) : readUser(this.core, id));
    if (id === undefined) throw new ScimError('bad_endpoint', 404);
    if (method === 'DELETE') {
      activate(this.core, id, false, actor);
      return answer(null, 204);
    }
    if (method !== 'PATCH' || !isObject(body)) throw new ScimError('bad_endpoint', 404);
    return answer(activate(this.core, id, readPatch(body), actor));
  }
}

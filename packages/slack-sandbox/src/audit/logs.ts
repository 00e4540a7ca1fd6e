import { z } from 'zod';
import type { Core } from '../core.js';
import type { JsonObject } from '../json.js';
import { isObject } from '../json.js';
import { rankOf } from '../office/standing.js';
import { ApiError } from '../webapi/errors.js';
import type { Answered, ApiAnswer, ErrorVoice } from '../webapi/faulty.js';
import { answer, underFaults } from '../webapi/faulty.js';
import { page, whole } from '../webapi/method.js';
import type { RateLimits } from '../webapi/rates.js';
import type { UserTokens } from '../webapi/tokens.js';
import type { AuditRow } from '../workspace/model.js';

const Query = z.object({
  oldest: whole.optional(),
  latest: whole.optional(),
  /** One action, or several with commas between. */
  action: z.string().optional(),
  actor: z.string().optional(),
  entity: z.string().optional(),
  limit: whole.min(1).max(9999).default(100),
  cursor: z.string().optional(),
});

/** A person within an entry. */
function person(core: Core, id: string): JsonObject {
  const { team } = core.workspace.data;
  const user = core.workspace.user(id);
  const known = { id, name: user?.real_name ?? '', email: user?.profile.email ?? '', team: team.id };
  return { type: 'user', user: known };
}

function shown(core: Core, row: AuditRow): JsonObject {
  const { team } = core.workspace.data;
  return {
    id: row.id,
    date_create: row.date_create,
    action: row.action,
    actor: person(core, row.actor),
    entity: person(core, row.entity),
    context: {
      location: { type: 'workspace', id: team.id, name: team.name, domain: team.domain },
      ua: row.ua,
      ip_address: row.ip_address,
      ...(row.session_id === undefined ? {} : { session_id: String(row.session_id) }),
    },
  };
}

function wanted(core: Core, query: z.output<typeof Query>): AuditRow[] {
  const actions = query.action === undefined ? null : new Set(query.action.split(','));
  return core.workspace.data.office.audit
    .filter(
      (row) =>
        (actions === null || actions.has(row.action)) &&
        (query.actor === undefined || row.actor === query.actor) &&
        (query.entity === undefined || row.entity === query.entity) &&
        row.date_create >= (query.oldest ?? 0) &&
        row.date_create <= (query.latest ?? Infinity),
    )
    .reverse();
}

const VOICE: ErrorVoice = {
  limited: (seconds) => answer({ ok: false, error: 'ratelimited' }, 429, { 'Retry-After': String(seconds) }),
  failed: (status, error) => answer({ ok: false, error }, status),
  statusOf({ body }) {
    if (!isObject(body)) return 'nonsense';
    return typeof body['error'] === 'string' ? body['error'] : 'ok';
  },
};

/** The Audit Logs API: read only, newest first, for an organisation's owner (https://docs.slack.dev/reference/audit-logs-api). */
export class AuditLogs {
  constructor(
    private readonly core: Core,
    private readonly tokens: UserTokens,
    private readonly rates: RateLimits,
  ) {}

  call(request: {
    readonly method: string;
    /** From `/logs` on. */
    readonly path: string;
    readonly query: URLSearchParams;
    readonly token: string | undefined;
  }): Promise<Answered> {
    const args = { path: request.path, query: Object.fromEntries(request.query) };
    const name = `audit ${request.method} ${request.path.slice(1)}`;
    const run = (): ApiAnswer => {
      if (request.method !== 'GET' || request.path !== '/logs')
        return answer({ ok: false, error: 'unknown_method' }, 404);
      return this.#run(request.query, request.token);
    };
    return underFaults(this.core, { name, args, run }, VOICE);
  }

  #run(given: URLSearchParams, token: string | undefined): ApiAnswer {
    try {
      this.#needOwner(token);
      const seconds = this.rates.take('audit logs', 3, '');
      if (seconds > 0) return VOICE.limited(seconds);
      const query = Query.safeParse(Object.fromEntries(given));
      if (!query.success) return answer({ ok: false, error: 'invalid_arguments' }, 400);
      const { items, metadata } = page(wanted(this.core, query.data), query.data);
      return answer({ entries: items.map((row) => shown(this.core, row)), response_metadata: metadata });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const status = error.code === 'invalid_auth' || error.code === 'not_authed' ? 401 : 403;
      return answer({ ok: false, error: error.code, ...error.extra }, status);
    }
  }

  #needOwner(token: string | undefined): void {
    if (token === undefined) throw new ApiError('not_authed');
    const known = this.tokens.get(token);
    const owner = known && this.core.workspace.user(known.user);
    if (!known?.scopes || !owner || owner.deleted) throw new ApiError('invalid_auth');
    if (!known.scopes.has('auditlogs:read'))
      throw new ApiError('missing_scope', { needed: 'auditlogs:read', provided: [...known.scopes].join(',') });
    if (this.core.workspace.data.team.plan !== 'enterprise') throw new ApiError('feature_not_enabled');
    if (rankOf(owner) < 2) throw new ApiError('team_not_authorized');
  }
}

import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { createHttpClient, type HttpAnswer, type HttpLogEntry, type HttpRequest } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { segment } from '../http/path.js';
import { readRows, type ReadRows } from '../http/rows.js';
import { sendSigned } from '../http/signed.js';
import { changed, refuse, type Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { Clock } from '../kit/clock.js';
import type { Listed } from '../kit/items.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import type { Body } from './bodies.js';
import { failureOf } from './failures.js';
import { ROLE, type Role } from './permissions.js';
import type { KeycloakSettings } from './settings.js';
import { createTokenSource, identityOf, type Identity } from './token.js';

export interface ReadRequest<T> {
  /** After `/admin/realms/{realm}`, with the query. */
  readonly path: string;
  readonly schema: z.ZodType<T>;
  /** The role that the request needs, for the sentence when it is refused; default `view-users`. */
  readonly need?: Role;
  readonly call: CallContext;
}

/** A change of a user, which needs `manage-users`. */
export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly json?: Body;
  readonly call: CallContext;
}

export interface Rows<T> extends Listed<T>, ReadRows<T> {}

export interface KeycloakApi extends Clock {
  /**
   * A list, parsed row by row; the schema is that of one row. An unreadable row hides no other, but the list is not
   * complete then.
   */
  list<T>(request: ReadRequest<T>): Answer<Rows<T>>;
  read<T>(request: ReadRequest<T>): Answer<T>;
  write(request: WriteRequest): Answer<Receipt>;
  /** Whether the realm answers at all; needs no token. */
  reach(call: CallContext): Answer<null>;
  /** What our token says about us; `fresh` fetches a new one, so that its roles are today's. */
  identity(call: CallContext, fresh?: boolean): Answer<Identity>;
}

/** Keycloak's admin REST API for one realm, signed in with client credentials. */
export function createKeycloakApi(
  settings: KeycloakSettings,
  runtime: Runtime,
  log?: (entry: HttpLogEntry) => void,
): KeycloakApi {
  const http = createHttpClient({
    system: 'Keycloak',
    baseUrl: settings.base_url,
    deadlineMs: settings.deadline_ms,
    runtime,
    log,
    redactKeys: ['value', 'client_secret', 'access_token'],
  });
  const tokens = createTokenSource(http, settings, runtime);
  const realm = segment(settings.realm);

  const send = async ({ path, ...request }: Omit<HttpRequest, 'headers'>, need: Role): Answer<HttpAnswer> => {
    const answer = await sendSigned(tokens, request, {
      send({ token }) {
        const headers = { authorization: `Bearer ${token.reveal()}` };
        return http.request({ ...request, path: `/admin/realms/${realm}${path}`, headers });
      },
      // The roles that Keycloak judges by are those in the token.
      lacks: ({ status }) => (status === 401 ? 'token' : status === 403 ? 'right' : null),
    });
    return answer.ok && answer.value.status >= 400 ? err(failureOf(answer.value, need)) : answer;
  };

  const read: KeycloakApi['read'] = async ({ path, schema, need = ROLE.viewUsers, call }) => {
    const answer = await send({ method: 'GET', path, write: false, call }, need);
    if (!answer.ok) return answer;
    const parsed = schema.safeParse(answer.value.body);
    return parsed.success
      ? ok(parsed.data)
      : err(lost('Keycloak answered with something else than was asked for', false));
  };

  return {
    ahead: () => http.ahead(),
    vendorTime: (own) => http.vendorTime(own),
    ownTime: (vendor) => http.ownTime(vendor),
    read,
    list: ({ schema, ...request }) =>
      mapped(read({ ...request, schema: z.array(z.unknown()) }), (all) => {
        const rows = readRows(all, schema);
        return { ...rows, complete: rows.unreadable === 0 };
      }),
    async write({ json, ...request }) {
      const body = json === undefined ? {} : { body: { json } };
      const answer = await send({ ...request, ...body, write: true }, ROLE.manageUsers);
      if (!answer.ok) return answer;
      // Every write used here answers with an empty body: anything else did not come from Keycloak.
      if (answer.value.body !== undefined) return err(lost('Keycloak answered with something else', true));
      return ok(changed(answer.value.requestId));
    },
    async reach(call) {
      const answer = await http.request({ method: 'GET', path: `/realms/${realm}`, write: false, call });
      if (!answer.ok) return answer;
      if (answer.value.status < 400) return ok(null);
      return refuse(
        'not_found',
        `Keycloak does not know the realm "${settings.realm}" (HTTP ${answer.value.status}); check keycloak.realm and keycloak.base_url.`,
      );
    },
    identity: (call, fresh) => mapped(tokens.get(call, fresh), ({ token }) => identityOf(token)),
  };
}

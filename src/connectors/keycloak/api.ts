import type { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpLogEntry,
  type HttpRequest,
} from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure, Receipt } from '../port.js';
import { failureOf } from './failures.js';
import type { Role } from './permissions.js';
import type { KeycloakSettings } from './settings.js';
import { createTokenSource, type Identity, type TokenSource } from './token.js';

export interface ReadRequest<Schema extends z.ZodType> {
  /** After `/admin/realms/{realm}`, with the query. */
  readonly path: string;
  readonly schema: Schema;
  /** The role that the request needs, for the sentence when it is refused. */
  readonly need: Role;
  readonly call: CallContext;
}

export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly json?: unknown;
  readonly need: Role;
  readonly call: CallContext;
}

export interface KeycloakApi {
  read<Schema extends z.ZodType>(request: ReadRequest<Schema>): Promise<Result<z.output<Schema>, ConnectorFailure>>;
  write(request: WriteRequest): Promise<Result<Receipt, ConnectorFailure>>;
  /** Whether the realm answers at all; needs no token. */
  reach(call: CallContext): Promise<Result<null, ConnectorFailure>>;
  /** What our token says about us; `fresh` asks for a new one, so that its roles are today's. */
  identity(call: CallContext, fresh?: boolean): Promise<Result<Identity, ConnectorFailure>>;
}

interface Parts {
  readonly http: HttpClient;
  readonly tokens: TokenSource;
}

type Outgoing = Omit<HttpRequest, 'headers'>;

/** Sends once; a 401 proves that nothing was executed, so the token is renewed and the same request sent once more. */
async function send({ http, tokens }: Parts, request: Outgoing): Promise<Result<HttpAnswer, ConnectorFailure>> {
  for (let attempt = 1; ; attempt += 1) {
    const access = await tokens.get(request.call);
    if (!access.ok) return access;
    const { token } = access.value;
    const answer = await http.request({ ...request, headers: { authorization: `Bearer ${token.reveal()}` } });
    if (!answer.ok || answer.value.status !== 401 || attempt === 2) return answer;
    tokens.drop(token);
  }
}

/** One part of a path: what a person or another system wrote never becomes more than that. */
export const segment = (value: string): string => encodeURIComponent(value).replace(/^\.{1,2}$/, '_');

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
    ...(log === undefined ? {} : { log }),
    redactKeys: ['value', 'client_secret', 'access_token'],
    retryAfter: (headers, now) => fromRetryAfter(headers.get('retry-after'), now),
  });
  const parts: Parts = { http, tokens: createTokenSource(http, settings, runtime) };
  const admin = `/admin/realms/${segment(settings.realm)}`;

  return {
    async read({ path, schema, need, call }) {
      const answer = await send(parts, { method: 'GET', path: `${admin}${path}`, write: false, call });
      if (!answer.ok) return answer;
      if (answer.value.status >= 400) return err(failureOf(answer.value, need));
      const parsed = schema.safeParse(answer.value.body);
      return parsed.success
        ? ok(parsed.data)
        : err(lost('Keycloak answered with something else than was asked for', false));
    },
    async write({ method, path, json, need, call }) {
      const body = json === undefined ? {} : { body: { json } };
      const answer = await send(parts, { method, path: `${admin}${path}`, ...body, write: true, call });
      if (!answer.ok) return answer;
      if (answer.value.status >= 400) return err(failureOf(answer.value, need));
      // Every write used here answers with an empty body: anything else did not come from Keycloak.
      if (answer.value.body !== undefined) return err(lost('Keycloak answered with something else', true));
      return ok({ alreadyDone: false, requestId: answer.value.requestId });
    },
    async reach(call) {
      const answer = await http.request({
        method: 'GET',
        path: `/realms/${segment(settings.realm)}`,
        write: false,
        call,
      });
      if (!answer.ok) return answer;
      if (answer.value.status < 400) return ok(null);
      const message = `Keycloak does not know the realm "${settings.realm}" (HTTP ${answer.value.status}); check keycloak.realm and keycloak.base_url.`;
      return err({ kind: 'not_found', message });
    },
    async identity(call, fresh = false) {
      const access = await parts.tokens.get(call);
      if (!access.ok || !fresh) return access.ok ? ok(access.value.identity) : access;
      parts.tokens.drop(access.value.token);
      const renewed = await parts.tokens.get(call);
      return renewed.ok ? ok(renewed.value.identity) : renewed;
    },
  };
}

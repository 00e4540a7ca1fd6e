import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { Secret } from '../../secret.js';
import { createHttpClient, type HttpAnswer, type HttpClient, type HttpLogEntry } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { failureOf, isKnownCode, type SlackError } from './failures.js';
import type { SlackWorkspaceSettings } from './settings.js';

/** An answer that Slack calls ok. */
export interface SlackAnswer {
  readonly body: unknown;
  readonly requestId: string | null;
  /** The scopes of the token, where Slack told them (`X-OAuth-Scopes`). */
  readonly scopes: ReadonlySet<string> | null;
}

export interface Ask {
  readonly write: boolean;
  readonly call: CallContext;
}

type Arguments = Readonly<Record<string, string>>;
type Answer = Promise<Result<SlackAnswer, ConnectorFailure>>;

/** Slack's three interfaces: the Web API, SCIM 2.0, and the audit logs. */
export interface SlackApi {
  web(method: string, args: Arguments, ask: Ask): Answer;
  scim(method: 'GET' | 'PATCH', path: string, ask: Ask & { readonly body?: unknown }): Answer;
  audit(query: Arguments, call: CallContext): Answer;
}

const webBody = z.looseObject({
  ok: z.boolean(),
  error: z.string().catch(''),
  needed: z.string().nullable().catch(null),
});
const errorBody = z.looseObject({ error: z.string(), needed: z.string().nullable().catch(null) });
/** SCIM 1.1 has `Errors`, and so had the answers of 2.0 that were seen; RFC 7644 has `detail`. */
const scimError = z.union([
  z.looseObject({ Errors: z.looseObject({ description: z.string() }) }).transform(({ Errors }) => Errors.description),
  z.looseObject({ detail: z.string() }).transform(({ detail }) => detail),
]);

function scopesIn(headers: Headers): ReadonlySet<string> | null {
  const told = headers.get('x-oauth-scopes');
  if (told === null) return null;
  return new Set(
    told
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== ''),
  );
}

const accepted = (answer: HttpAnswer): SlackAnswer => ({
  body: answer.body,
  requestId: answer.headers.get('x-slack-req-id') ?? answer.requestId,
  scopes: scopesIn(answer.headers),
});

const retryAfter = (headers: Headers, now: Date): number | null => fromRetryAfter(headers.get('retry-after'), now);

/** An error that came without a code: judged by the HTTP status alone. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_arguments',
  401: 'invalid_auth',
  403: 'access_denied',
};
const codeOfStatus = (status: number): string => CODE_OF_STATUS[status] ?? `http_${status}`;

function scimCode(status: number, body: unknown): string {
  // Slack says so for a wrong token and for one without the scope `admin` alike.
  if (status === 401) return 'invalid_auth';
  const said = scimError.safeParse(body);
  return said.success && isKnownCode(said.data) ? said.data : codeOfStatus(status);
}

function client(
  settings: SlackWorkspaceSettings,
  baseUrl: string,
  runtime: Runtime,
  log?: (entry: HttpLogEntry) => void,
): HttpClient {
  return createHttpClient({
    system: 'Slack',
    baseUrl,
    deadlineMs: settings.deadline_ms,
    runtime,
    ...(log === undefined ? {} : { log }),
    redactKeys: ['token'],
    retryAfter,
  });
}

const bearer = (token: Secret): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token.reveal()}` });

export function createSlackApi(
  settings: SlackWorkspaceSettings,
  runtime: Runtime,
  log?: (entry: HttpLogEntry) => void,
): SlackApi {
  const webApi = client(settings, settings.api_base_url, runtime, log);
  const scimApi = client(settings, settings.scim_base_url, runtime, log);
  const auditApi = client(settings, settings.audit_base_url, runtime, log);

  const refused = (answer: HttpAnswer, error: Pick<SlackError, 'code' | 'needed' | 'write'>): ConnectorFailure =>
    failureOf({ ...error, retryAfterMs: retryAfter(answer.headers, runtime.now()) });

  return {
    async web(method, args, { write, call }) {
      const headers = bearer(settings.token);
      const answer = await webApi.request({
        method: 'POST',
        path: `/${method}`,
        headers,
        body: { form: args },
        write,
        call,
      });
      if (!answer.ok) return answer;
      const read = webBody.safeParse(answer.value.body);
      if (!read.success) {
        const { status } = answer.value;
        if (status < 300) return err(lost('Slack answered with something that is not its own', write));
        return err(refused(answer.value, { code: codeOfStatus(status), needed: null, write }));
      }
      if (read.data.ok) return ok(accepted(answer.value));
      return err(refused(answer.value, { code: read.data.error, needed: read.data.needed, write }));
    },
    async scim(method, path, { write, call, body }) {
      const headers = bearer(settings.token);
      const json = body === undefined ? {} : { body: { json: body } };
      const answer = await scimApi.request({ method, path, headers, ...json, write, call });
      if (!answer.ok) return answer;
      const { status } = answer.value;
      if (status < 300) return ok(accepted(answer.value));
      return err(refused(answer.value, { code: scimCode(status, answer.value.body), needed: null, write }));
    },
    async audit(query, call) {
      const headers = bearer(settings.audit_token ?? settings.token);
      const path = `/logs?${new URLSearchParams(query).toString()}`;
      const answer = await auditApi.request({ method: 'GET', path, headers, write: false, call });
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      const said = errorBody.safeParse(body);
      if (status < 300 && !said.success) return ok(accepted(answer.value));
      const code = said.success ? said.data.error : codeOfStatus(status);
      return err(refused(answer.value, { code, needed: said.data?.needed ?? null, write: false }));
    },
  };
}

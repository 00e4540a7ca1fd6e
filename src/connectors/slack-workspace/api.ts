import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { Secret } from '../../platform/secret.js';
import {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpFailure,
  type HttpRequest,
} from '../http/client.js';
import { comeAgain } from '../http/come-again.js';
import { lost } from '../http/network-failure.js';
import { readPages, type Pages } from '../http/pages.js';
import { readRows } from '../http/rows.js';
import { changed, refuse, type Answer } from '../kit/action.js';
import type { Clock } from '../kit/clock.js';
import type { ConnectorLog } from '../kit/log.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { failureOf, isKnownCode, type SlackError } from './failures.js';
import type { SlackWorkspaceSettings } from './settings.js';

/** An answer that Slack calls ok. */
export interface SlackAnswer {
  readonly body: unknown;
  readonly requestId: string | null;
  /** The scopes of the token, where Slack gave them (`X-OAuth-Scopes`). */
  readonly scopes: ReadonlySet<string> | null;
}

export type Arguments = Readonly<Record<string, string>>;
type Asked = Promise<Result<SlackAnswer, HttpFailure>>;

/** Slack's three interfaces: the Web API, SCIM 2.0, and the audit logs. `vendorTime` and `ahead` are the first's, `ownTime` the last's. */
export interface SlackApi extends Clock {
  web(method: string, args: Arguments, call: CallContext): Asked;
  change(method: string, args: Arguments, call: CallContext): Answer<Receipt>;
  scim(path: string, call: CallContext): Asked;
  patch(path: string, json: object, call: CallContext): Asked;
  audit(query: Arguments, call: CallContext): Asked;
}

const strange = (what: string) => refuse('transient', `Slack answered without ${what}; it is safe to ask again.`);

/** An answer in this shape; `what` is reported missing when it has another one. */
export async function shaped<T>(asked: Asked, shape: z.ZodType<T>, what: string): Promise<Result<T, HttpFailure>> {
  const answer = await asked;
  if (!answer.ok) return answer;
  const read = shape.safeParse(answer.value.body);
  return read.success ? ok(read.data) : strange(what);
}

interface Listing<T> {
  /** The answer's key for the rows. */
  readonly key: string;
  readonly item: z.ZodType<T>;
  readonly what: string;
  readonly mostPages: number;
  readonly size: number;
}

const page = z.looseObject({ response_metadata: z.unknown().optional() });
const metadata = z.object({ next_cursor: z.string().nullish() }).nullish();

/** The rows of a list that points to the next page by a cursor. */
export const readList = <T>(
  { key, item, what, ...extent }: Listing<T>,
  ask: (args: Arguments) => Asked,
): Promise<Result<Pages<T>, HttpFailure>> =>
  readPages(extent, async (cursor, limit) => {
    const asked = ask({ limit: String(limit), ...(cursor === null ? {} : { cursor }) });
    const answer = await shaped(asked, page, what);
    if (!answer.ok) return answer;
    const { [key]: list, response_metadata: told } = answer.value;
    if (!Array.isArray(list)) return strange(what);
    const rows = readRows(list, item);
    const more = metadata.safeParse(told);
    // What says that there is more cannot be read: there may be.
    if (!more.success) return ok({ ...rows, unreadable: rows.unreadable + 1, next: null });
    return ok({ ...rows, next: more.data?.next_cursor ?? null });
  });

/** The error in an answer, `null` when there is none; `strange`: it is not Slack's own. */
type Refusal = Pick<SlackError, 'code' | 'needed'> | 'strange' | null;

const needed = z.string().nullable().catch(null);
const webBody = z.object({ ok: z.boolean(), error: z.string().catch(''), needed });
const errorBody = z.object({ error: z.string(), needed });
/** SCIM 1.1 has `Errors`, and so did the observed answers of 2.0; RFC 7644 has `detail`. */
const scimError = z.union([
  z.object({ Errors: z.object({ description: z.string() }) }).transform(({ Errors }) => Errors.description),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
]);

/** An error without a code: judged by the HTTP status alone. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_arguments',
  401: 'invalid_auth',
  403: 'access_denied',
};
const byStatus = (status: number): Refusal => ({ code: CODE_OF_STATUS[status] ?? `http_${status}`, needed: null });

function webRefusal({ status, body }: HttpAnswer): Refusal {
  const { data } = webBody.safeParse(body);
  if (data === undefined) return status < 300 ? 'strange' : byStatus(status);
  return data.ok ? null : { code: data.error, needed: data.needed };
}

function scimRefusal({ status, body }: HttpAnswer): Refusal {
  if (status < 300) return null;
  const { data: said } = scimError.safeParse(body);
  // Slack answers 401 to a wrong token and to one without the scope `admin` alike, whatever the text says.
  return status !== 401 && said !== undefined && isKnownCode(said) ? { code: said, needed: null } : byStatus(status);
}

function auditRefusal({ status, body }: HttpAnswer): Refusal {
  const { data: said } = errorBody.safeParse(body);
  if (said !== undefined) return { code: said.error, needed: said.needed };
  return status < 300 ? null : byStatus(status);
}

function scopesIn(headers: Headers): ReadonlySet<string> | null {
  const told = headers.get('x-oauth-scopes');
  const scopes = told?.split(',').map((scope) => scope.trim());
  return scopes === undefined ? null : new Set(scopes.filter((scope) => scope !== ''));
}

export function createSlackApi(settings: SlackWorkspaceSettings, runtime: Runtime, log: ConnectorLog): SlackApi {
  const client = (baseUrl: string): HttpClient =>
    createHttpClient({
      system: 'Slack',
      baseUrl,
      deadlineMs: settings.deadline_ms,
      runtime,
      log: log.request,
      redactKeys: ['token'],
    });
  const webApi = client(settings.api_base_url);
  const scimApi = client(settings.scim_base_url);
  const auditApi = client(settings.audit_base_url);

  const ask =
    (http: HttpClient, token: Secret, refusalOf: (answer: HttpAnswer) => Refusal) =>
    async (request: HttpRequest): Asked => {
      const answer = await http.request({ ...request, headers: { authorization: `Bearer ${token.reveal()}` } });
      if (!answer.ok) return answer;
      const { body, headers, requestId } = answer.value;
      const refusal = refusalOf(answer.value);
      if (refusal === 'strange') return err(lost('Slack answered with something that is not its own', request.write));
      if (refusal === null)
        return ok({ body, requestId: headers.get('x-slack-req-id') ?? requestId, scopes: scopesIn(headers) });
      const { retryAfterMs, status } = answer.value;
      const again = comeAgain('Slack', answer.value, `HTTP ${status}`);
      return err(again ?? failureOf({ ...refusal, write: request.write, retryAfterMs }));
    };
  const askWeb = ask(webApi, settings.token, webRefusal);
  const askScim = ask(scimApi, settings.token, scimRefusal);
  const askAudit = ask(auditApi, settings.audit_token ?? settings.token, auditRefusal);

  const web = (method: string, form: Arguments, call: CallContext, write = false): Asked =>
    askWeb({ method: 'POST', path: `/${method}`, body: { form }, write, call });
  return {
    ahead: () => webApi.ahead(),
    vendorTime: (own) => webApi.vendorTime(own),
    ownTime: (vendor) => auditApi.ownTime(vendor),
    web: (method, args, call) => web(method, args, call),
    async change(method, args, call) {
      const answer = await web(method, args, call, true);
      return answer.ok ? ok(changed(answer.value.requestId)) : answer;
    },
    scim: (path, call) => askScim({ method: 'GET', path, write: false, call }),
    patch: (path, json, call) => askScim({ method: 'PATCH', path, body: { json }, write: true, call }),
    audit: (query, call) =>
      askAudit({ method: 'GET', path: `/logs?${new URLSearchParams(query).toString()}`, write: false, call }),
  };
}

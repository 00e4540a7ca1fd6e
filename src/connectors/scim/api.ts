import type { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { createHttpClient, type HttpAnswer, type HttpRequest } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { changed } from '../kit/action.js';
import type { Clock } from '../kit/clock.js';
import type { ConnectorLog } from '../kit/log.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { failureOf, type ScimFailure } from './failures.js';
import type { ScimSettings } from './settings.js';

const MEDIA_TYPE = 'application/scim+json';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** One operation of a PATCH, as it is sent. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly value?: unknown;
}

export interface PatchRequest {
  readonly path: string;
  readonly operations: readonly Operation[];
  /** The version that was read: the server refuses when it has another one. */
  readonly version?: string | null;
  readonly call: CallContext;
}

export interface ScimApi extends Pick<Clock, 'vendorTime' | 'ahead'> {
  read<T>(path: string, schema: z.ZodType<T>, call: CallContext): Promise<Result<T, ScimFailure>>;
  patch(request: PatchRequest): Promise<Result<Receipt, ScimFailure>>;
}

/** A value inside a filter: RFC 7644 §3.4.2.2 writes it as a JSON string, so its quotes and backslashes are escaped. */
export const filterText = (value: string): string => JSON.stringify(value);

/** SCIM 2.0 (RFC 7644) with a bearer token. */
export function createScimApi(settings: ScimSettings, runtime: Runtime, log: ConnectorLog): ScimApi {
  const { title } = settings;
  const http = createHttpClient({
    system: title,
    baseUrl: settings.base_url,
    deadlineMs: settings.deadline_ms,
    runtime,
    log: log.request,
    redactKeys: ['password', 'value'],
  });

  async function send(request: HttpRequest): Promise<Result<HttpAnswer, ScimFailure>> {
    const headers = {
      authorization: `Bearer ${settings.token.reveal()}`,
      accept: `${MEDIA_TYPE}, application/json`,
      ...request.headers,
    };
    const answer = await http.request({ ...request, headers });
    return answer.ok && answer.value.status >= 400 ? err(failureOf(title, answer.value)) : answer;
  }

  return {
    ahead: () => http.ahead(),
    vendorTime: (own) => http.vendorTime(own),
    async read(path, schema, call) {
      const answer = await send({ method: 'GET', path, write: false, call });
      if (!answer.ok) return answer;
      const parsed = schema.safeParse(answer.value.body);
      if (parsed.success) return ok(parsed.data);
      return err(lost(`${title} answered with something else than was asked for`, false));
    },
    async patch({ path, operations, version = null, call }) {
      const headers = { 'content-type': MEDIA_TYPE, ...(version === null ? {} : { 'if-match': version }) };
      const json = { schemas: [PATCH_SCHEMA], Operations: operations };
      const answer = await send({ method: 'PATCH', path, headers, body: { json }, write: true, call });
      return answer.ok ? ok(changed(answer.value.requestId)) : answer;
    },
  };
}

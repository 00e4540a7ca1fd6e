import type { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { createHttpClient, type HttpLogEntry } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { fromRetryAfter } from '../http/retry-after.js';
import type { CallContext, ConnectorFailure, Receipt } from '../port.js';
import { failureOf, type ScimFailure } from './failures.js';
import type { ScimSettings } from './settings.js';

const MEDIA_TYPE = 'application/scim+json';
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** One operation of a PATCH, as it goes out. */
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

export interface ScimApi {
  read<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    call: CallContext,
  ): Promise<Result<z.output<Schema>, ScimFailure>>;
  patch(request: PatchRequest): Promise<Result<Receipt, ScimFailure>>;
}

const plain = (failure: ConnectorFailure): ScimFailure => ({ ...failure, scimType: null });

/** One part of a path: an id never becomes more than that. */
export const segment = (value: string): string => encodeURIComponent(value).replace(/^\.{1,2}$/, '_');

/** A value inside a filter: RFC 7644 §3.4.2.2 writes it as a JSON string, so its quotes and backslashes are escaped. */
export const filterText = (value: string): string => JSON.stringify(value);

/** SCIM 2.0 (RFC 7644) with a bearer token. */
export function createScimApi(settings: ScimSettings, runtime: Runtime, log?: (entry: HttpLogEntry) => void): ScimApi {
  const { title } = settings;
  const http = createHttpClient({
    system: title,
    baseUrl: settings.base_url,
    deadlineMs: settings.deadline_ms,
    runtime,
    ...(log === undefined ? {} : { log }),
    redactKeys: ['password', 'value'],
    retryAfter: (headers, now) => fromRetryAfter(headers.get('retry-after'), now),
  });
  const headers = (): Record<string, string> => ({
    authorization: `Bearer ${settings.token.reveal()}`,
    accept: `${MEDIA_TYPE}, application/json`,
  });
  return {
    async read(path, schema, call) {
      const answer = await http.request({ method: 'GET', path, headers: headers(), write: false, call });
      if (!answer.ok) return err(plain(answer.error));
      if (answer.value.status >= 400) return err(failureOf(title, answer.value));
      const parsed = schema.safeParse(answer.value.body);
      return parsed.success
        ? ok(parsed.data)
        : err(plain(lost(`${title} answered with something else than was asked for`, false)));
    },
    async patch({ path, operations, version = null, call }) {
      const match: Record<string, string> = version === null ? {} : { 'if-match': version };
      const answer = await http.request({
        method: 'PATCH',
        path,
        headers: { ...headers(), ...match, 'content-type': MEDIA_TYPE },
        body: { json: { schemas: [PATCH_SCHEMA], Operations: operations } },
        write: true,
        call,
      });
      if (!answer.ok) return err(plain(answer.error));
      if (answer.value.status >= 400) return err(failureOf(title, answer.value));
      return ok({ alreadyDone: false, requestId: answer.value.requestId });
    },
  };
}

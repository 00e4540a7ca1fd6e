import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { CallContext } from '../port.js';
import type { ScimApi } from './api.js';
import { isPartial, type ScimFailure } from './failures.js';

const feature = z.object({ supported: z.boolean().catch(false) }).nullish();
const schema = z.object({
  patch: feature,
  filter: feature,
  changePassword: feature,
  etag: feature,
});

/** What the server says that it can do (RFC 7643 §5); `null`: it does not say. */
export interface ServiceProvider {
  readonly patch: boolean | null;
  readonly filter: boolean | null;
  readonly changePassword: boolean | null;
  readonly etag: boolean | null;
}

const UNKNOWN: ServiceProvider = { patch: null, filter: null, changePassword: null, etag: null };

/** Reads it once; a server without the page is taken to say nothing. */
export function createServiceProvider(
  api: ScimApi,
): (call: CallContext) => Promise<Result<ServiceProvider, ScimFailure>> {
  let known: ServiceProvider | null = null;
  return async (call) => {
    if (known !== null) return ok(known);
    const read = await api.read('/ServiceProviderConfig', schema, call);
    if (!read.ok) return isPartial(read.error) ? ok(UNKNOWN) : read;
    const { patch, filter, changePassword, etag } = read.value;
    known = {
      patch: patch?.supported ?? null,
      filter: filter?.supported ?? null,
      changePassword: changePassword?.supported ?? null,
      etag: etag?.supported ?? null,
    };
    return ok(known);
  };
}

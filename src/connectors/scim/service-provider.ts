import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { CallContext } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { ifShown } from '../kit/partial.js';
import type { ScimApi } from './api.js';

/** Whether the server supports it; `null`: it does not say. */
const feature = z
  .object({ supported: z.boolean().catch(false) })
  .nullish()
  .transform((told) => told?.supported ?? null);

/** What the server says that it can do (RFC 7643 §5). */
export const page = z.object({ patch: feature, changePassword: feature, etag: feature });
type ServiceProvider = z.output<typeof page>;

/** Read once; a server without the page is assumed to say nothing. */
export function createServiceProvider(api: ScimApi): (call: CallContext) => Answer<ServiceProvider> {
  let known: ServiceProvider | null = null;
  return async (call) => {
    if (known !== null) return ok(known);
    const read = ifShown(await api.read('/ServiceProviderConfig', page, call));
    if (!read.ok) return read;
    known = read.value;
    return ok(known ?? page.parse({}));
  };
}

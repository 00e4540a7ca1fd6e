import type { CallContext, HealthProbe } from '../port.js';
import type { Actions } from './actions.js';
import type { Tools } from './handler.js';
import { probePolicies, probeScopes } from './probes.js';

/** One probe for each scope that is used and for each prepared group or organizational unit. */
export async function health(tools: Tools, all: Actions, call: CallContext): Promise<readonly HealthProbe[]> {
  const [scopes, policies] = await Promise.all([
    probeScopes(tools, all, { account: null, call }),
    probePolicies(tools, call),
  ]);
  return [...scopes, ...[...policies].filter(([kind]) => all[kind] !== null)].map(([name, failure]) => ({
    name,
    ok: failure === null,
    detail: failure?.message ?? '',
  }));
}

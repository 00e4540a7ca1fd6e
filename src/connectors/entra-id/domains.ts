import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { GraphApi } from './api.js';
import { PERMISSION } from './permissions.js';

const KEEP_MS = 10 * 60 * 1000;

const domain = z.object({ id: z.string().min(1), authenticationType: z.string().catch('') });
const federation = z.object({
  issuerUri: z.string().nullable().catch(null),
  displayName: z.string().nullable().catch(null),
});

/** How the people of one domain sign in. `from`: the federated provider, as far as it is told. */
export type SignIn = { readonly where: 'here' } | { readonly where: 'federated'; readonly from: string | null };

export interface Domains {
  /** How a login of this domain is proven; `null` for a domain that the tenant does not have. */
  signIn(login: string, call: CallContext): Promise<Result<SignIn | null, ConnectorFailure>>;
}

/** Providers that Notme knows by an id of its own. */
function knownProvider(issuer: string): string | null {
  if (/\bokta(preview|-emea)?\.com\b/i.test(issuer)) return 'okta';
  if (/\baccounts\.google\.com\b/i.test(issuer)) return 'google_workspace';
  return /\/adfs\b/i.test(issuer) ? 'active_directory' : null;
}

async function providerOf(api: GraphApi, name: string, call: CallContext): Promise<string | null> {
  const path = `/v1.0/domains/${encodeURIComponent(name)}/federationConfiguration`;
  const found = await api.list(path, [PERMISSION.domains], call, 1);
  const parsed = federation.safeParse(found.ok ? found.value.rows[0] : undefined);
  if (!parsed.success) return null;
  const { issuerUri, displayName } = parsed.data;
  return knownProvider(issuerUri ?? '') ?? displayName ?? issuerUri;
}

/** The tenant's domains, kept for ten minutes: they hardly ever change. */
export function createDomains(api: GraphApi, runtime: Runtime): Domains {
  let kept: { readonly until: number; readonly byName: ReadonlyMap<string, SignIn> } | null = null;

  const read = async (call: CallContext): Promise<Result<ReadonlyMap<string, SignIn>, ConnectorFailure>> => {
    if (kept !== null && kept.until > runtime.now().getTime()) return ok(kept.byName);
    const found = await api.list('/v1.0/domains?$select=id,authenticationType', [PERMISSION.domains], call);
    if (!found.ok) return err(found.error);
    const byName = new Map<string, SignIn>();
    for (const row of found.value.rows) {
      const parsed = domain.safeParse(row);
      if (!parsed.success) continue;
      const { id, authenticationType } = parsed.data;
      const federated = authenticationType.toLowerCase() === 'federated';
      byName.set(
        id.toLowerCase(),
        federated ? { where: 'federated', from: await providerOf(api, id, call) } : { where: 'here' },
      );
    }
    kept = { until: runtime.now().getTime() + KEEP_MS, byName };
    return ok(byName);
  };

  return {
    async signIn(login, call) {
      const byName = await read(call);
      if (!byName.ok) return byName;
      return ok(byName.value.get(login.split('@').at(-1)?.toLowerCase() ?? '') ?? null);
    },
  };
}

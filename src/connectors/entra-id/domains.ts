import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { CallContext } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { ifShown } from '../kit/partial.js';
import type { GraphApi } from './api.js';
import { PERMISSION } from './permissions.js';

const KEEP_MS = 10 * 60 * 1000;
const UNTOLD_KEEP_MS = 30 * 1000;

export const domain = z.object({ id: z.string().min(1), authenticationType: z.string().catch('') });
const text = z.string().nullable().catch(null);
export const federation = z.object({ issuerUri: text, displayName: text });

/** How the people of one domain sign in. `from`: the federated provider, as far as it is known. */
export type SignIn = { readonly where: 'here' } | { readonly where: 'federated'; readonly from: string | null };

/** Domains that are known only in part. */
export interface Untold {
  /** Federated, and the provider may not be read. */
  readonly forbidden: readonly string[];
  /** How they sign in, or who the provider is, is unknown. */
  readonly unclear: readonly string[];
}

interface Known extends Untold {
  readonly byName: ReadonlyMap<string, SignIn>;
}

export interface Domains {
  /** How a login of this domain is authenticated; `null` for a domain that the tenant does not have. */
  signIn(login: string, call: CallContext): Answer<SignIn | null>;
  untold(call: CallContext): Answer<Untold>;
}

/** Providers that Notme knows by an id of its own. */
function knownProvider(issuer: string): string | null {
  if (/\bokta(preview|-emea)?\.com\b/i.test(issuer)) return 'okta';
  if (/\baccounts\.google\.com\b/i.test(issuer)) return 'google_workspace';
  return /\/adfs\b/i.test(issuer) ? 'active_directory' : null;
}

/**
 * `forbidden`: the permission for it is missing. Any other failure fails the whole reading, so that it is not cached.
 */
async function providerOf(
  api: GraphApi,
  name: string,
  call: CallContext,
): Answer<{ readonly from: string | null; readonly forbidden: boolean }> {
  const path = `/v1.0/domains/${encodeURIComponent(name)}/federationConfiguration`;
  const read = await api.list(federation, { path, needs: [PERMISSION.federation], call }, 1);
  return mapped(ifShown(read), (found) => {
    // A domain below a federated one has no configuration of its own (404): no permission helps there.
    const [provider] = found?.items ?? [];
    if (provider === undefined) return { from: null, forbidden: !read.ok && read.error.kind === 'permission' };
    const { issuerUri, displayName } = provider;
    return { from: knownProvider(issuerUri ?? '') ?? displayName ?? issuerUri ?? null, forbidden: false };
  });
}

/** A domain below another authenticates its people where that one does. */
function aboveOf(name: string, byName: ReadonlyMap<string, SignIn>): string | null {
  const labels = name.split('.');
  const above = labels.slice(1).map((_label, at) => byName.get(labels.slice(at + 1).join('.')));
  return above.flatMap((found) => (found?.where === 'federated' && found.from !== null ? [found.from] : []))[0] ?? null;
}

/** The tenant's domains, cached for ten minutes: they hardly ever change. */
export function createDomains(api: GraphApi, runtime: Runtime): Domains {
  let kept: (Known & { readonly until: number }) | null = null;

  const read = async (call: CallContext): Answer<Known> => {
    if (kept !== null && kept.until > runtime.now().getTime()) return ok(kept);
    const path = '/v1.0/domains?$select=id,authenticationType';
    const found = await api.list(domain, { path, needs: [PERMISSION.domains], call });
    if (!found.ok) return found;
    const byName = new Map<string, SignIn>();
    const [forbidden, unclear]: [string[], string[]] = [[], []];
    const federated: string[] = [];
    for (const row of found.value.items) {
      const [id, how] = [row.id.toLowerCase(), row.authenticationType.toLowerCase()];
      if (how === 'federated') federated.push(id);
      else if (how === '') unclear.push(id);
      else byName.set(id, { where: 'here' });
    }
    // Parent domains first: a subdomain may have no configuration of its own.
    for (const id of federated.toSorted((one, other) => one.length - other.length)) {
      const provider = await providerOf(api, id, call);
      if (!provider.ok) return provider;
      const from = provider.value.from ?? aboveOf(id, byName);
      byName.set(id, { where: 'federated', from });
      if (from === null) (provider.value.forbidden ? forbidden : unclear).push(id);
    }
    // What is still unknown is queried again: the permission may be granted in the middle of an incident.
    const keepMs = forbidden.length + unclear.length === 0 ? KEEP_MS : UNTOLD_KEEP_MS;
    kept = { until: runtime.now().getTime() + keepMs, byName, forbidden, unclear };
    return ok(kept);
  };

  return {
    signIn: (login, call) =>
      mapped(read(call), ({ byName }) => byName.get(login.split('@').at(-1)?.toLowerCase() ?? '') ?? null),
    async untold(call) {
      // A caller that checks for missing rights wants the present grants.
      if (kept !== null && kept.forbidden.length + kept.unclear.length > 0) kept = null;
      return read(call);
    },
  };
}

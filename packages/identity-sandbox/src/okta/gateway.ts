import { jsonOf, type DirectoryRequest, type Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';
import { isRecord, refuse, type Context } from './context.js';
import type { ProofCheck } from './dpop.js';
import { forbidden, invalidToken, malformed, noFeature, noSuchPath, oktaError, wrongMethod } from './errors.js';
import type { Party, StandardRole, UserRecord } from './model.js';
import { newRole } from './seed.js';
import type { ServiceApp, TokenServer } from './oauth.js';
import { partyOf, type OktaState } from './state.js';
import { roleJson } from './wire.js';
import { routes, type Route } from './routes.js';

/** What an administrator of the org may switch. */
export interface Rights {
  /** Scopes that were taken away. */
  readonly withheld: Set<string>;
  readonly unlicensed: Set<string>;
  /** The administrator role of the service app. */
  appRole: StandardRole;
}

export interface Org {
  readonly clock: () => Date;
  readonly state: OktaState;
  readonly tokens: TokenServer;
  readonly proofs: ProofCheck;
  readonly rights: Rights;
  readonly app: ServiceApp | null;
  readonly apiToken: { readonly value: string; readonly ownerEmail: string } | null;
}

interface Caller {
  readonly party: Party;
  readonly ownerId: string | null;
  readonly scopes: readonly string[] | null;
  readonly roles: readonly string[];
}

/** In Okta a `manage` scope holds the right to read as well. */
const covers = (scopes: readonly string[], wanted: string): boolean =>
  scopes.includes(wanted) || scopes.includes(wanted.replace(/\.read$/, '.manage'));

function callerOf({ state, tokens, rights, app, apiToken }: Org, header: string): Caller | null {
  const [scheme = '', credential = ''] = header.split(' ');
  if (scheme === 'SSWS' && apiToken !== null && credential === apiToken.value) {
    const owner = state.byLogin(apiToken.ownerEmail);
    if (owner === undefined || owner.status === 'SUSPENDED' || owner.status === 'DEPROVISIONED') return null;
    return { party: partyOf(owner), ownerId: owner.id, scopes: null, roles: owner.roles.map(({ type }) => type) };
  }
  const held = scheme === 'Bearer' || scheme === 'DPoP' ? tokens.check(credential) : null;
  if (held === null || app === null) return null;
  const { scopes } = held;
  const party = { id: app.id, type: 'PublicClientApp', alternateId: app.id, displayName: app.name ?? 'API client' };
  return { party, ownerId: null, scopes, roles: [rights.appRole] };
}

/** A bound token needs a proof with each request; Okta refuses with HTTP 400 and no body. */
function unproven({ tokens, proofs }: Org, request: DirectoryRequest, base: string): Routed | null {
  const [scheme = '', token = ''] = request.header('authorization').split(' ');
  const thumbprint = tokens.check(token)?.thumbprint;
  if (thumbprint === undefined) return null;
  const { method, path } = request;
  const proof = { method, url: `${base}${path}`, token, thumbprint };
  const checked =
    scheme === 'DPoP'
      ? proofs.check(request.header('dpop'), proof, false)
      : { error: 'invalid_dpop_proof', description: 'The access token is bound to a key.' };
  if (!('error' in checked)) return null;
  const said = `error="${checked.error}", error_description="${checked.description}"`;
  const challenge = `DPoP algs="RS256 RS384 RS512 ES256 ES384 ES512", authorization_uri="${base}/oauth2/v1/authorize", realm="${base}", scope="", ${said}, resource="${path}"`;
  return refuse({ status: 400, headers: { 'WWW-Authenticate': challenge }, body: null });
}

/** Accounts with administrator roles are for administrators of at least the same reach. */
function reaches(caller: Caller, { roles }: UserRecord): boolean {
  if (roles.length === 0 || caller.roles.includes('SUPER_ADMIN')) return true;
  return caller.roles.includes('ORG_ADMIN') && !roles.some(({ type }) => type === 'SUPER_ADMIN');
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

const insufficientScope = (): Reply => ({
  ...forbidden(),
  headers: {
    'WWW-Authenticate':
      'Bearer authorization_uri="/oauth2/v1/authorize", realm="", scope="", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="/api/v1"',
  },
});

function admit(org: Org, route: Route, caller: Caller): Routed | null {
  const withheld = org.rights.withheld.has(route.scope);
  if (caller.scopes !== null && (withheld || !covers(caller.scopes, route.scope))) return refuse(insufficientScope());
  if (withheld) return refuse(forbidden());
  if (route.feature !== undefined && org.rights.unlicensed.has(route.feature)) return refuse(noFeature());
  const may = caller.roles.length > 0 && (route.roles ?? caller.roles).some((role) => caller.roles.includes(role));
  return may ? null : refuse(forbidden());
}

function bodyOf(request: DirectoryRequest): Context['json'] | null {
  if (request.body === '') return {};
  const json = jsonOf(request.body);
  return isRecord(json) ? json : null;
}

/** Routing, credentials, rights and licences, in this order; then the route itself. */
export function createGateway(org: Org, base: () => string): (request: DirectoryRequest) => Routed {
  const table = routes(
    (feature) => !org.rights.unlicensed.has(feature),
    () => [roleJson(newRole(org.rights.appRole, org.clock().toISOString()))],
  );

  return (request) => {
    const { method, path, query } = request;
    if (path === '/oauth2/v1/token' && method === 'POST') {
      const reply = org.tokens.grant(new URLSearchParams(request.body), base(), request.header('dpop'));
      return { write: false, commit: () => reply };
    }
    const here = table.filter((route) => route.path.test(path));
    if (here.length === 0) return refuse(noSuchPath());
    const route = here.find((candidate) => candidate.method === method);
    if (route === undefined) return refuse(wrongMethod());
    const caller = callerOf(org, request.header('authorization'));
    if (caller === null) return refuse(invalidToken());
    const lacking = unproven(org, request, base());
    if (lacking !== null) return lacking;
    const refused = admit(org, route, caller);
    if (refused !== null) return refused;
    const json = bodyOf(request);
    if (json === null) return refuse(malformed());
    if (request.body !== '' && !request.header('content-type').startsWith('application/json'))
      return refuse(
        oktaError(
          400,
          'E0000021',
          'Bad request.  Accept and/or Content-Type headers likely do not match supported values.',
        ),
      );
    const params = (route.path.exec(path) ?? []).slice(1).map((part: string | undefined) => decoded(part ?? ''));
    if (params.includes(null)) return refuse(malformed());
    return route.handle({
      state: org.state,
      method,
      path,
      params: params.map((part) => part ?? ''),
      query,
      json,
      base: base(),
      now: org.clock(),
      origin: { actor: caller.party, ip: '192.0.2.10', userAgent: 'api-client' },
      ownerId: caller.ownerId,
      reaches: (user) => reaches(caller, user),
    });
  };
}

import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { jsonOf, type Reply } from '../http/message.js';
import { isRecord } from './context.js';
import type { ProofCheck } from './dpop.js';

const LIFETIME_S = 3600;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface ServiceApp {
  readonly id: string;
  /** As the log names it. */
  readonly name?: string;
  /** PEM (SPKI) of the public key that is registered in the app. */
  readonly publicKeyPem: string;
  /** `dpop_bound_access_tokens`, which new apps have: without a proof it gets no token, and its tokens need one. */
  readonly dpop?: boolean;
}

export interface TokenServer {
  /** The reply to a form of `/oauth2/v1/token`. */
  grant(form: URLSearchParams, base: string, dpop: string): Reply;
  /** The scopes of a token, and the key that it is bound to; `null` when it is unknown or has expired. */
  check(token: string): { readonly scopes: readonly string[]; readonly thumbprint?: string } | null;
  expireAll(): void;
}

const refuse = (status: number, error: string, description: string): Reply => ({
  status,
  body: { error, error_description: description },
});

const decoded = (part: string): Record<string, unknown> => {
  const json = jsonOf(Buffer.from(part, 'base64url').toString());
  return isRecord(json) ? json : {};
};

function claimsOf(assertion: string, app: ServiceApp): Record<string, unknown> | null {
  const [header = '', payload = '', signature = '', ...rest] = assertion.split('.');
  const key = createPublicKey(app.publicKeyPem);
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256';
  if (rest.length > 0 || decoded(header)['alg'] !== algorithm) return null;
  const signed = Buffer.from(`${header}.${payload}`);
  const good = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  return good ? decoded(payload) : null;
}

/** The org's authorization server for service apps: client credentials with `private_key_jwt`. */
export function createTokenServer(
  clock: () => Date,
  app: ServiceApp | null,
  allowed: () => readonly string[],
  proofs: ProofCheck,
): TokenServer {
  const tokens = new Map<string, { readonly scopes: readonly string[]; readonly thumbprint?: string; until: number }>();
  const used = new Set<string>();

  const problemOf = (claims: Record<string, unknown> | null, base: string): string | null => {
    if (claims === null) return 'The client_assertion signature is invalid.';
    const now = Math.floor(clock().getTime() / 1000);
    const { iss, sub, aud, exp, jti } = claims;
    if (iss !== app?.id || sub !== app?.id) return "The client_assertion's iss and sub must be the client_id.";
    if (aud !== `${base}/oauth2/v1/token`) return 'The audience claim for client_assertion must be the endpoint.';
    if (typeof exp !== 'number' || exp <= now) return 'The client_assertion token is expired.';
    if (exp > now + 3600) return 'The client_assertion token has an expiration too far into the future.';
    if (typeof jti === 'string' && used.has(jti)) return 'The client_assertion token has already been used.';
    if (typeof jti === 'string') used.add(jti);
    return null;
  };

  return {
    grant(form, base, dpop) {
      if (form.get('grant_type') !== 'client_credentials')
        return refuse(400, 'unsupported_grant_type', 'The grant type is not supported for this app.');
      if (app === null || form.get('client_assertion_type') !== JWT_BEARER)
        return refuse(
          401,
          'invalid_client',
          'Client authentication failed. Either the client or the client credentials are invalid.',
        );
      const problem = problemOf(claimsOf(form.get('client_assertion') ?? '', app), base);
      if (problem !== null) return refuse(401, 'invalid_client', problem);
      const url = `${base}/oauth2/v1/token`;
      const proven = app.dpop === true ? proofs.check(dpop, { method: 'POST', url }, true) : null;
      if (proven !== null && 'error' in proven)
        return { ...refuse(400, proven.error, proven.description), headers: { 'dpop-nonce': proofs.nonce() } };
      const wanted = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
      if (wanted.length === 0)
        return refuse(
          400,
          'invalid_scope',
          "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
        );
      const scopes = wanted.filter((scope) => allowed().includes(scope));
      if (scopes.length === 0)
        return refuse(400, 'consent_required', 'You are not allowed any of the requested scopes.');
      const token = randomBytes(32).toString('base64url');
      tokens.set(token, { ...proven, scopes, until: clock().getTime() + LIFETIME_S * 1000 });
      return {
        status: 200,
        body: {
          token_type: proven === null ? 'Bearer' : 'DPoP',
          expires_in: LIFETIME_S,
          access_token: token,
          scope: scopes.join(' '),
        },
      };
    },
    check(token) {
      const held = tokens.get(token);
      return held !== undefined && held.until > clock().getTime() ? held : null;
    },
    expireAll() {
      for (const held of tokens.values()) held.until = 0;
    },
  };
}

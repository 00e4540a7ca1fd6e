import { sign } from 'node:crypto';
import type { Runtime } from '../../platform/runtime.js';
import type { HttpClient } from '../http/client.js';
import { holdToken, type HeldToken } from '../http/held-token.js';
import { signedJwt } from '../http/jwt.js';
import { requestToken, type AccessToken, type TokenRefusal } from '../http/token-request.js';
import { failure } from '../kit/action.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { delegationFix, scopeUrl, type Scope } from './scopes.js';
import type { ServiceAccount } from './service-account.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LIFETIME_S = 3600;
/** One entry for each person whose mailbox was read; the oldest are dropped first. */
const MOST_HELD = 500;

/** For whom, and for what, a token is requested. */
export interface Purpose {
  readonly subject: string;
  readonly scope: Scope;
}

export interface TokenParts {
  readonly http: HttpClient;
  readonly account: ServiceAccount;
  /** The audience of the assertion: the very address that it is sent to. */
  readonly tokenUrl: string;
  readonly runtime: Runtime;
  readonly adminEmail: string;
}

/** RFC 7523 with RS256, as Google requires it for domain-wide delegation. */
function assertion({ http, account, tokenUrl, runtime }: TokenParts, { subject, scope }: Purpose): string {
  const iat = Math.floor(http.vendorTime(runtime.now()).getTime() / 1000);
  const header = { alg: 'RS256', ...(account.keyId === null ? {} : { kid: account.keyId }) };
  const claims = {
    iss: account.email,
    sub: subject,
    scope: scopeUrl(scope),
    aud: tokenUrl,
    iat,
    exp: iat + LIFETIME_S,
  };
  return signedJwt(header, claims, (input) => sign('sha256', input, account.key));
}

function refusal(
  { account, adminEmail }: TokenParts,
  { subject, scope }: Purpose,
  { status, error, description, quote }: TokenRefusal,
): ConnectorFailure {
  const said = quote([`HTTP ${status}`, error, description].filter((part) => part !== '').join(', '));
  if (error === 'unauthorized_client' || error === 'access_denied' || error === 'invalid_scope') {
    const message = `Google gives the service account no token for ${scope} (${said}); ${delegationFix(account.clientId, scope)}.`;
    return { kind: 'permission', message, missing: scope };
  }
  if (/email or user id|account has been/i.test(description))
    // Never "not found": for the administrator that would read as if the person had no account.
    return failure(
      subject.toLowerCase() === adminEmail.toLowerCase() ? 'auth' : 'conflict',
      `Google lets nobody act in the name of ${subject} (${said}); check that the account exists and is active.`,
    );
  return failure(
    'auth',
    `Google refused the service account (${said}); check its key, the token URL and this machine's clock.`,
  );
}

/**
 * Tokens by subject and scope: Google refuses a token for several scopes as a whole when one is not delegated, so each
 * scope has its own, and a missing one is identified.
 */
export function createTokenSource(parts: TokenParts): (purpose: Purpose) => HeldToken<AccessToken> {
  const { http, tokenUrl, runtime } = parts;
  const held = new Map<string, HeldToken<AccessToken>>();
  const path = new URL(tokenUrl).pathname;

  const tokenFor = (purpose: Purpose): HeldToken<AccessToken> =>
    holdToken((call) => {
      const form = () => ({ grant_type: GRANT, assertion: assertion(parts, purpose) });
      const refused = (told: TokenRefusal) => refusal(parts, purpose, told);
      return requestToken(http, { system: 'Google', path, form, refusal: refused }, runtime, call);
    }, runtime);

  return (purpose) => {
    const key = `${purpose.scope} ${purpose.subject.toLowerCase()}`;
    const token = held.get(key) ?? tokenFor(purpose);
    held.delete(key);
    held.set(key, token);
    const [oldest] = held.keys();
    if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
    return token;
  };
}

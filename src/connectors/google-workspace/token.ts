import { sign } from 'node:crypto';
import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { Secret } from '../../secret.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import { renewalTime } from '../http/held-token.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { delegationFix } from './fixes.js';
import { scopeUrl, type Scope } from './scopes.js';
import type { ServiceAccount } from './service-account.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LIFETIME_S = 3600;
/** One entry for each person whose mailbox was looked at; the oldest go first. */
const MOST_HELD = 500;

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().catch(300) });
const refused = z.object({ error: z.string().catch(''), error_description: z.string().catch('') });

/** In whose name, and for what, a token is asked. */
export interface Purpose {
  readonly subject: string;
  readonly scope: Scope;
}

export interface TokenSource {
  get(purpose: Purpose, call: CallContext): Promise<Result<Secret, ConnectorFailure>>;
  /** Forgets this token, because it was refused. A newer one is kept. */
  drop(purpose: Purpose, token: Secret): void;
}

interface Held {
  readonly token: Secret;
  readonly renewAt: number;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** RFC 7523 with RS256, as Google wants it for domain-wide delegation. */
function assertion(account: ServiceAccount, tokenUrl: string, { subject, scope }: Purpose, now: Date): string {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(account.keyId === null ? {} : { kid: account.keyId }) };
  const claims = { iss: account.email, sub: subject, scope: scopeUrl(scope), aud: tokenUrl };
  const text = `${base64url(header)}.${base64url({ ...claims, iat: issuedAt, exp: issuedAt + LIFETIME_S })}`;
  return `${text}.${sign('sha256', Buffer.from(text), account.key).toString('base64url')}`;
}

function refusal(
  answer: HttpAnswer,
  { account, adminEmail }: TokenParts,
  { subject, scope }: Purpose,
): ConnectorFailure {
  const body = refused.safeParse(answer.body);
  const error = body.success ? body.data.error : '';
  const description = body.success ? body.data.error_description : '';
  const said = answer.quote([`HTTP ${answer.status}`, error, description].filter((part) => part !== '').join(', '));
  if (error === 'unauthorized_client' || error === 'access_denied' || error === 'invalid_scope') {
    return {
      kind: 'permission',
      message: `Google gives the service account no token for ${scope} (${said}); ${delegationFix(account.clientId, scope)}.`,
      missing: scope,
    };
  }
  if (/email or user id|account has been/i.test(description)) {
    // Never "not found": for the administrator that would read as if the person had no account.
    return {
      kind: subject.toLowerCase() === adminEmail.toLowerCase() ? 'auth' : 'conflict',
      message: `Google lets nobody act in the name of ${subject} (${said}); check that the account exists and is active.`,
    };
  }
  return {
    kind: 'auth',
    message: `Google refused the service account (${said}); check its key, the token URL and this machine's clock.`,
  };
}

function decode(answer: HttpAnswer, parts: TokenParts, purpose: Purpose): Result<Held, ConnectorFailure> {
  if (answer.status >= 400) return err(refusal(answer, parts, purpose));
  const body = granted.safeParse(answer.body);
  if (!body.success) {
    const message = 'Google answered the token request with something else; it is safe to ask again.';
    return err({ kind: 'transient', message });
  }
  const renewAt = renewalTime(parts.runtime.now(), body.data.expires_in);
  return ok({ token: new Secret(body.data.access_token), renewAt });
}

export interface TokenParts {
  readonly http: HttpClient;
  readonly account: ServiceAccount;
  /** The audience of the assertion: the very address that it is sent to. */
  readonly tokenUrl: string;
  readonly runtime: Runtime;
  readonly adminEmail: string;
}

/**
 * Tokens by subject and scope: Google refuses a token for several scopes as a whole when one is not delegated, so each
 * scope has its own, and a missing one is known by name. Callers that come while one is fetched share that fetch.
 */
export function createTokenSource(parts: TokenParts): TokenSource {
  const { http, account, tokenUrl, runtime } = parts;
  const held = new Map<string, Held>();
  const fetching = new Map<string, Promise<Result<Held, ConnectorFailure>>>();
  const keyOf = ({ subject, scope }: Purpose): string => `${scope} ${subject.toLowerCase()}`;
  const path = new URL(tokenUrl).pathname;

  const fetchToken = async (purpose: Purpose, correlationId: string): Promise<Result<Held, ConnectorFailure>> => {
    const form = { grant_type: GRANT, assertion: assertion(account, tokenUrl, purpose, runtime.now()) };
    // The fetch is shared, so one caller who gives up must not end it for the others: it has the deadline alone.
    const call = { signal: new AbortController().signal, correlationId };
    const answer = await http.request({ method: 'POST', path, body: { form }, write: false, call });
    return answer.ok ? decode(answer.value, parts, purpose) : answer;
  };

  return {
    async get(purpose, call) {
      const key = keyOf(purpose);
      const kept = held.get(key);
      if (kept !== undefined && kept.renewAt > runtime.now().getTime()) return ok(kept.token);
      const running = fetching.get(key) ?? fetchToken(purpose, call.correlationId).finally(() => fetching.delete(key));
      fetching.set(key, running);
      const fetched = await running;
      if (!fetched.ok) return fetched;
      held.delete(key);
      held.set(key, fetched.value);
      const [oldest] = held.keys();
      if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
      return ok(fetched.value.token);
    },
    drop(purpose, token) {
      const key = keyOf(purpose);
      if (held.get(key)?.token === token) held.delete(key);
    },
  };
}

import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { Secret } from '../../secret.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import { holdToken, renewalTime } from '../http/held-token.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { KeycloakSettings } from './settings.js';

/** Tokens of a realm live five minutes or one, so they are used to nearer their end than others'. */
const RENEW_EARLY_MS = 30_000;
const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().catch(60) });
const refused = z.object({ error: z.string().catch(''), error_description: z.string().catch('') });
const claims = z.object({
  sub: z.string().nullable().catch(null),
  resource_access: z
    .record(z.string(), z.object({ roles: z.array(z.string()).catch([]) }).catch({ roles: [] }))
    .nullable()
    .catch(null),
});

/** What the access token says about us. Read, not verified: it only explains what Keycloak itself enforces. */
export interface Identity {
  /** The service account's user id, `null` when the token does not tell (a lightweight token). */
  readonly userId: string | null;
  /** Our roles by client, `null` when the token carries none. */
  readonly roles: Readonly<Record<string, readonly string[]>> | null;
}

export interface Access {
  readonly token: Secret;
  readonly identity: Identity;
}

export interface TokenSource {
  get(call: CallContext): Promise<Result<Access, ConnectorFailure>>;
  /** Forgets this token, because it was refused or its roles may be old. A newer one is kept. */
  drop(token: Secret): void;
}

interface Held extends Access {
  readonly renewAt: number;
}

function identityOf(token: string): Identity {
  const nobody: Identity = { userId: null, roles: null };
  try {
    const parsed = claims.safeParse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
    if (!parsed.success) return nobody;
    const { sub, resource_access } = parsed.data;
    if (resource_access === null) return { userId: sub, roles: null };
    return {
      userId: sub,
      roles: Object.fromEntries(Object.entries(resource_access).map(([key, { roles }]) => [key, roles])),
    };
  } catch (error) {
    // An opaque token is allowed; then nothing is known about us.
    if (error instanceof SyntaxError) return nobody;
    throw error;
  }
}

function refusal(answer: HttpAnswer): ConnectorFailure {
  const body = refused.safeParse(answer.body);
  const said = body.success && body.data.error !== '' ? `, ${answer.quote(body.data.error)}` : '';
  const why =
    answer.status === 404
      ? 'the realm or the base URL'
      : 'KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET, and that "Service accounts roles" is on';
  return { kind: 'auth', message: `Keycloak gave no access token (HTTP ${answer.status}${said}); check ${why}.` };
}

function decode(answer: HttpAnswer, now: Date): Result<Held, ConnectorFailure> {
  if (answer.status >= 400) return err(refusal(answer));
  const body = granted.safeParse(answer.body);
  if (!body.success)
    return err({
      kind: 'transient',
      message: 'Keycloak answered the token request with something else; it is safe to ask again.',
    });
  const renewAt = renewalTime(now, body.data.expires_in, RENEW_EARLY_MS);
  return ok({ token: new Secret(body.data.access_token), identity: identityOf(body.data.access_token), renewAt });
}

/** One token for all calls, renewed before it ends; callers that come while one is fetched share that fetch. */
export function createTokenSource(http: HttpClient, settings: KeycloakSettings, runtime: Runtime): TokenSource {
  const realm = encodeURIComponent(settings.token_realm ?? settings.realm);

  const fetchToken = async (call: CallContext): Promise<Result<Held, ConnectorFailure>> => {
    const form = {
      grant_type: 'client_credentials',
      client_id: settings.client_id,
      client_secret: settings.client_secret.reveal(),
    };
    const path = `/realms/${realm}/protocol/openid-connect/token`;
    const answer = await http.request({ method: 'POST', path, body: { form }, write: false, call });
    return answer.ok ? decode(answer.value, runtime.now()) : answer;
  };

  const token = holdToken(fetchToken, runtime);
  return {
    get: (call) => token.get(call),
    drop: (refused) => token.dropIf((held) => held.token === refused),
  };
}

import { z } from 'zod';
import type { Runtime } from '../../platform/runtime.js';
import type { Secret } from '../../platform/secret.js';
import type { HttpClient } from '../http/client.js';
import { holdToken, type HeldToken } from '../http/held-token.js';
import { claimsOf } from '../http/jwt.js';
import { requestToken, secretForm, type AccessToken, type TokenRefusal } from '../http/token-request.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { KeycloakSettings } from './settings.js';

/** Tokens of a realm live five minutes or one, so they are used closer to their expiry than others'. */
const RENEW_EARLY_MS = 30_000;

const roles = z
  .object({ roles: z.array(z.string()).catch([]) })
  .catch({ roles: [] })
  .transform((client) => client.roles);
const claims = z.object({
  sub: z.string().nullable().catch(null),
  resource_access: z.record(z.string(), roles).nullable().catch(null),
});

/** What the access token says about us. Read, not verified: it only explains what Keycloak itself enforces. */
export interface Identity {
  /** The service account's user id, `null` when the token does not contain it (a lightweight token). */
  readonly userId: string | null;
  /** Our roles by client, `null` when the token contains none. */
  readonly roles: Readonly<Record<string, readonly string[]>> | null;
}

export function identityOf(token: Secret): Identity {
  const { data } = claims.safeParse(claimsOf(token.reveal()));
  return { userId: data?.sub ?? null, roles: data?.resource_access ?? null };
}

function refusal({ status, error, quote }: TokenRefusal): ConnectorFailure {
  const said = error === '' ? '' : `, ${quote(error)}`;
  const why =
    status === 404
      ? 'the realm or the base URL'
      : 'KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET, and that "Service accounts roles" is on';
  return { kind: 'auth', message: `Keycloak gave no access token (HTTP ${status}${said}); check ${why}.` };
}

/** One token for all calls, renewed before it expires; callers that come during a fetch share it. */
export function createTokenSource(
  http: HttpClient,
  settings: KeycloakSettings,
  runtime: Runtime,
): HeldToken<AccessToken> {
  const realm = encodeURIComponent(settings.token_realm ?? settings.realm);
  const path = `/realms/${realm}/protocol/openid-connect/token`;
  const request = { system: 'Keycloak', path, form: secretForm(settings), refusal, earlyMs: RENEW_EARLY_MS };
  return holdToken((call) => requestToken(http, request, runtime, call), runtime);
}

import { constants, createHash, sign, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Runtime } from '../../platform/runtime.js';
import type { Secret } from '../../platform/secret.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { HttpClient } from '../http/client.js';
import { assertionForm } from '../http/client-assertion.js';
import { holdToken, type HeldToken } from '../http/held-token.js';
import { claimsOf } from '../http/jwt.js';
import { requestToken, type TokenRefusal } from '../http/token-request.js';
import { mapped } from '../kit/answers.js';
import { privateKeyPem, type EntraIdSettings } from './settings.js';

const claims = z.object({ roles: z.array(z.string()).catch([]), wids: z.array(z.string()).catch([]) });

/** What the token says about the application. Microsoft guarantees no form of it: if it differs, nothing is known. */
export interface Rights {
  /** Granted application permissions. */
  readonly permissions: ReadonlySet<string>;
  /** Template ids of the directory roles of the application's service principal. */
  readonly roles: ReadonlySet<string>;
}

export interface Access {
  readonly token: Secret;
  /** `null`: the token cannot be read. */
  readonly rights: Rights | null;
  /** Ms since the epoch. */
  readonly renewAt: number;
}

function readRights(token: Secret): Rights | null {
  const { data } = claims.safeParse(claimsOf(token.reveal()));
  return data === undefined ? null : { permissions: new Set(data.roles), roles: new Set(data.wids) };
}

/** What to do about common error codes; Microsoft's own text is left out, because it only quotes ids and times. */
const MEND: Readonly<Record<string, string>> = {
  AADSTS7000215: 'the client secret is wrong; put its value (not its id) into client_secret',
  AADSTS7000222: 'the client secret has expired; create a new one under Certificates & secrets',
  AADSTS700016: 'the application is not known in this tenant; check client_id and tenant_id',
  AADSTS700027: 'the certificate or the signature is not accepted; upload the certificate to the application',
  AADSTS90002: 'there is no such tenant; check tenant_id and login_url',
  AADSTS900023: 'there is no such tenant; check tenant_id and login_url',
  AADSTS7000112: 'the application is disabled; enable it under Enterprise applications',
  AADSTS700024: "the signed statement is outside its time; set this machine's clock",
  AADSTS7000229:
    'the application has no service principal in this tenant; press Grant admin consent in its registration',
};

function refusal({ status, error, description, quote }: TokenRefusal): ConnectorFailure {
  if (error === 'temporarily_unavailable')
    return { kind: 'transient', message: 'Entra ID gives no tokens for now; it is safe to ask again.' };
  const code = /^AADSTS\d{5,8}/.exec(description)?.[0] ?? '';
  const mend = MEND[code] ?? 'check tenant_id, client_id and the secret or certificate';
  const what = [`HTTP ${status}`, quote(error), code].filter((part) => part !== '').join(', ');
  return { kind: 'auth', message: `Entra ID gave no access token (${what}): ${mend}.` };
}

/** By certificate, which Entra ID identifies by its thumbprint (`x5t#S256`), or by a secret. */
function proof(settings: EntraIdSettings, path: string, runtime: Runtime, now: Date): Record<string, string> {
  const { certificate, client_id: clientId, assertion_algorithm: alg } = settings;
  const key = privateKeyPem(settings);
  if (certificate === null || key === null) return { client_secret: settings.client_secret?.reveal() ?? '' };
  const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
  const padding = alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return assertionForm(
    {
      clientId,
      audience: `${settings.login_url}${path}`,
      header: { alg, 'x5t#S256': thumbprint },
      sign: (input) => sign('sha256', input, { key, padding, saltLength: 32 }),
    },
    runtime,
    now,
  );
}

/** OAuth 2.0 client credentials by secret or certificate. */
export function createTokens(http: HttpClient, settings: EntraIdSettings, runtime: Runtime): HeldToken<Access> {
  const path = `/${settings.tenant_id}/oauth2/v2.0/token`;
  return holdToken((call) => {
    const form = () => ({
      grant_type: 'client_credentials',
      client_id: settings.client_id,
      scope: `${settings.graph_url}/.default`,
      ...proof(settings, path, runtime, http.vendorTime(runtime.now())),
    });
    const got = requestToken(http, { system: 'Entra ID', path, form, refusal }, runtime, call);
    return mapped(got, (granted) => ({ ...granted, rights: readRights(granted.token) }));
  }, runtime);
}

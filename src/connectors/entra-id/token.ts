import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { Secret } from '../../secret.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import { holdToken, renewalTime } from '../http/held-token.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { clientAssertion } from './assertion.js';
import { privateKeyPem, type EntraIdSettings } from './settings.js';

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().catch(300) });
const refused = z.object({ error: z.string().catch(''), error_description: z.string().catch('') });
const claims = z.object({ roles: z.array(z.string()).catch([]), wids: z.array(z.string()).catch([]) });

/** What the token says of the application. Microsoft promises no form of it: then nothing is known. */
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
}

export interface TokenSource {
  get(call: CallContext): Promise<Result<Access, ConnectorFailure>>;
  /** Forgets this token, because it was refused. A newer one is kept. */
  drop(token: Secret): void;
}

interface Held {
  readonly access: Access;
  readonly renewAt: number;
}

function readRights(token: string): Rights | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const parsed = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return parsed.success ? { permissions: new Set(parsed.data.roles), roles: new Set(parsed.data.wids) } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What to do about the codes that people meet; Microsoft's own text is left out, it quotes ids and times only. */
const MEND: Readonly<Record<string, string>> = {
  AADSTS7000215: 'the client secret is wrong; put its value (not its id) into client_secret',
  AADSTS7000222: 'the client secret has expired; create a new one under Certificates & secrets',
  AADSTS700016: 'the application is not known in this tenant; check client_id and tenant_id',
  AADSTS700027: 'the certificate or the signature is not accepted; upload the certificate to the application',
  AADSTS90002: 'there is no such tenant; check tenant_id and login_url',
  AADSTS900023: 'there is no such tenant; check tenant_id and login_url',
  AADSTS7000112: 'the application is disabled; enable it under Enterprise applications',
};

function refusal(answer: HttpAnswer): ConnectorFailure {
  const body = refused.safeParse(answer.body);
  const said = body.success ? body.data : { error: '', error_description: '' };
  if (said.error === 'temporarily_unavailable')
    return { kind: 'transient', message: 'Entra ID gives no tokens for now; it is safe to ask again.' };
  const code = /^AADSTS\d{5,8}/.exec(said.error_description)?.[0] ?? '';
  const mend = MEND[code] ?? 'check tenant_id, client_id and the secret or certificate';
  const what = [`HTTP ${answer.status}`, answer.quote(said.error), code].filter((part) => part !== '').join(', ');
  return { kind: 'auth', message: `Entra ID gave no access token (${what}): ${mend}.` };
}

function decode(answer: HttpAnswer, now: Date): Result<Held, ConnectorFailure> {
  if (answer.status >= 400) return err(refusal(answer));
  const body = granted.safeParse(answer.body);
  if (!body.success) {
    const message = 'Entra ID answered the token request with something else; it is safe to ask again.';
    return err({ kind: 'transient', message });
  }
  const { access_token: text } = body.data;
  const access = { token: new Secret(text), rights: readRights(text) };
  return ok({ access, renewAt: renewalTime(now, body.data.expires_in) });
}

function proof(settings: EntraIdSettings, runtime: Runtime): Record<string, string> {
  const privateKey = privateKeyPem(settings);
  if (settings.certificate === null || privateKey === null)
    return { client_secret: settings.client_secret?.reveal() ?? '' };
  const audience = `${settings.login_url}/${settings.tenant_id}/oauth2/v2.0/token`;
  const key = { certificate: settings.certificate, privateKey, algorithm: settings.assertion_algorithm };
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: clientAssertion(key, settings.client_id, audience, runtime),
  };
}

/** OAuth 2.0 client credentials by secret or certificate. One token for all calls; callers share one fetch. */
export function createTokenSource(http: HttpClient, settings: EntraIdSettings, runtime: Runtime): TokenSource {
  const fetchToken = async (call: CallContext): Promise<Result<Held, ConnectorFailure>> => {
    const form = {
      grant_type: 'client_credentials',
      client_id: settings.client_id,
      scope: `${settings.graph_url}/.default`,
      ...proof(settings, runtime),
    };
    const path = `/${settings.tenant_id}/oauth2/v2.0/token`;
    const answer = await http.request({ method: 'POST', path, body: { form }, write: false, call });
    return answer.ok ? decode(answer.value, runtime.now()) : answer;
  };

  const token = holdToken(fetchToken, runtime);
  return {
    async get(call) {
      const got = await token.get(call);
      return got.ok ? ok(got.value.access) : got;
    },
    drop: (refused) => token.dropIf((held) => held.access.token === refused),
  };
}

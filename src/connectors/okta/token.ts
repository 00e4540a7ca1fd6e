import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import { holdToken, renewalTime } from '../http/held-token.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { clientAssertion, readPrivateKey } from './private-key.js';
import { ALL_SCOPES, grants } from './scopes.js';
import type { OktaSettings } from './settings.js';

export const TOKEN_PATH = '/oauth2/v1/token';
const SCOPE_PATIENCE_MS = 60_000;

/** `expires_in` is in seconds (3600 in practice). */
const granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().catch(300),
  scope: z.string().catch(''),
});
const refused = z.object({ error: z.string().catch(''), error_description: z.string().catch('') });

/** How the connector proves who it is. */
export interface Access {
  /** The value of the `Authorization` header. */
  header(call: CallContext): Promise<Result<string, ConnectorFailure>>;
  /** Forgets the token behind this header, because it was refused; false when there is no other to be had. */
  drop(header: string): boolean;
  /**
   * Forgets the token when it lacks this scope, which may have been granted since; at most once a minute, so that a scope
   * that is missing for good costs no second request each time.
   */
  dropWithout(scope: string): boolean;
  /** The scopes that a fresh token holds; `null` for an API token, which has none. */
  scopes(call: CallContext): Promise<Result<readonly string[] | null, ConnectorFailure>>;
}

interface Held {
  readonly header: string;
  readonly scopes: readonly string[];
  readonly renewAt: number;
}

function refusal(answer: HttpAnswer): ConnectorFailure {
  const body = refused.safeParse(answer.body);
  const { error, error_description: description } = body.success ? body.data : { error: '', error_description: '' };
  const said = answer.quote([`HTTP ${answer.status}`, error, description].filter((text) => text !== '').join(', '));
  if (error === 'consent_required' || error === 'invalid_scope' || error === 'access_denied') {
    return {
      kind: 'permission',
      message: `Okta grants the service app none of the scopes it asks for (${said}); grant them under Applications | the app | Okta API Scopes.`,
    };
  }
  if (error === 'invalid_dpop_proof') {
    return {
      kind: 'auth',
      message: `Okta demands DPoP of the service app (${said}); switch off "Require Demonstrating Proof of Possession (DPoP)" in the app.`,
    };
  }
  return {
    kind: 'auth',
    message: `Okta gave no access token (${said}); check client_id, private_key and key_id, that the public key is in the app, and this machine's clock.`,
  };
}

function decode(answer: HttpAnswer, now: Date): Result<Held, ConnectorFailure> {
  if (answer.status >= 400) return err(refusal(answer));
  const body = granted.safeParse(answer.body);
  if (!body.success) {
    const message = 'Okta answered the token request with something else; it is safe to ask again.';
    return err({ kind: 'transient', message });
  }
  return ok({
    header: `Bearer ${body.data.access_token}`,
    scopes: body.data.scope.split(' ').filter((scope) => scope !== ''),
    renewAt: renewalTime(now, body.data.expires_in),
  });
}

/** A service app: one token for all calls, renewed early; callers that come while one is fetched share that fetch. */
function serviceApp(http: HttpClient, settings: OktaSettings, runtime: Runtime): Access {
  const signing = readPrivateKey(settings.private_key?.reveal() ?? '');
  const clientId = settings.client_id;
  if (signing === null || clientId === null)
    throw new Error('Okta needs client_id and private_key of a service app, or an api_token.');
  let droppedAt = -Infinity;

  const fetchToken = async (call: CallContext): Promise<Result<Held, ConnectorFailure>> => {
    const form = {
      grant_type: 'client_credentials',
      scope: (settings.scopes ?? ALL_SCOPES).join(' '),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion(signing, {
        clientId,
        audience: `${settings.base_url}${TOKEN_PATH}`,
        keyId: settings.key_id,
        id: runtime.newId('jti'),
        now: runtime.now(),
      }),
    };
    const answer = await http.request({ method: 'POST', path: TOKEN_PATH, body: { form }, write: false, call });
    return answer.ok ? decode(answer.value, runtime.now()) : answer;
  };

  const source = holdToken(fetchToken, runtime);

  return {
    async header(call) {
      const token = await source.get(call);
      return token.ok ? ok(token.value.header) : token;
    },
    drop(header) {
      source.dropIf((held) => held.header === header);
      return true;
    },
    dropWithout(scope) {
      const now = runtime.now().getTime();
      const held = source.held();
      if (held === null || grants(held.scopes, scope) || now - droppedAt < SCOPE_PATIENCE_MS) return false;
      droppedAt = now;
      source.dropIf((one) => one === held);
      return true;
    },
    async scopes(call) {
      source.dropIf(() => true);
      const token = await source.get(call);
      return token.ok ? ok(token.value.scopes) : token;
    },
  };
}

/** Throws when the settings hold neither a token nor a service app: that is a mistake in the configuration. */
export function createAccess(http: HttpClient, settings: OktaSettings, runtime: Runtime): Access {
  const { api_token: token } = settings;
  if (token === null) return serviceApp(http, settings, runtime);
  return {
    header: () => Promise.resolve(ok(`SSWS ${token.reveal()}`)),
    drop: () => false,
    dropWithout: () => false,
    scopes: () => Promise.resolve(ok(null)),
  };
}

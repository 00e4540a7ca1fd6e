import { sign } from 'node:crypto';
import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import { assertionForm } from '../http/client-assertion.js';
import { createDpop } from '../http/dpop.js';
import { holdToken, type HeldToken } from '../http/held-token.js';
import { requestToken, type AccessToken, type TokenRefusal, type TokenRequest } from '../http/token-request.js';
import { mapped } from '../kit/answers.js';
import type { CallContext, ConnectorFailure } from '../../ports/connector.js';
import { readPrivateKey } from './private-key.js';
import { SCOPE_LISTS } from './scopes.js';
import type { OktaSettings } from './settings.js';

const TOKEN_PATH = '/oauth2/v1/token';

export interface Credential {
  /** What a request is signed with; made anew each time it is sent. */
  readonly headers: (request: { readonly method: string; readonly path: string }) => Readonly<Record<string, string>>;
  /** Whether the answer refuses the proof of possession for want of a nonce, and was not executed. */
  readonly asksAgain: (answer: HttpAnswer) => boolean;
  /** `null`: an API token, which has none. */
  readonly scopes: readonly string[] | null;
  /** Ms since the epoch. */
  readonly renewAt: number;
}

function refusal({ status, error, description, quote }: TokenRefusal): ConnectorFailure {
  const said = quote([`HTTP ${status}`, error, description].filter((text) => text !== '').join(', '));
  switch (error) {
    case 'invalid_scope':
      return {
        kind: 'permission',
        message: `Okta refuses the list of scopes (${said}): one of them was not granted, or this org does not have it (okta.userRisk.* and okta.devices.* come with features). Name those that it has in the setting \`scopes\` of okta.`,
      };
    case 'consent_required':
    case 'access_denied':
      return {
        kind: 'permission',
        message: `Okta grants the service app none of the scopes it asks for (${said}); grant them under Applications | the app | Okta API Scopes.`,
      };
    case 'invalid_dpop_proof':
      return {
        kind: 'auth',
        message: `Okta refused the proof of possession (DPoP) of the token request (${said}); check this machine's clock, and that base_url is the org's own address.`,
      };
    default:
      return {
        kind: 'auth',
        message: `Okta gave no access token (${said}); check client_id, private_key and key_id, that the public key is in the app, and this machine's clock.`,
      };
  }
}

/** Without a proof. */
const plain = (authorization: string): Pick<Credential, 'headers' | 'asksAgain'> => ({
  headers: () => ({ authorization }),
  asksAgain: () => false,
});

/**
 * Service apps demand DPoP by default, so every token is asked for with a proof; what comes back says whether it is bound
 * to the key (Okta's guide "Configure OAuth 2.0 Demonstrating Proof-of-Possession").
 */
function proving(http: HttpClient, { base_url }: OktaSettings, runtime: Runtime) {
  const { forTokens, forCalls } = createDpop(runtime);
  const proven = (method: string, path: string) => ({
    method,
    url: `${base_url.replace(/\/+$/, '')}${path}`,
    now: http.vendorTime(runtime.now()),
  });
  const proof: TokenRequest['proof'] = {
    header: () => forTokens.prove(proven('POST', TOKEN_PATH)),
    asksAgain: (answer) => forTokens.asksAgain(answer),
  };
  const presented = ({ token: held, type }: AccessToken): Pick<Credential, 'headers' | 'asksAgain'> => {
    const bearer = held.reveal();
    if (type.toLowerCase() !== 'dpop') return plain(`Bearer ${bearer}`);
    return {
      headers: ({ method, path }) => ({
        authorization: `DPoP ${bearer}`,
        dpop: forCalls.prove({ ...proven(method, path), token: bearer }),
      }),
      asksAgain: (answer) => forCalls.asksAgain(answer),
    };
  };
  return { proof, presented };
}

/** A service app, or an API token. Throws when the settings contain neither: that is a mistake in the configuration. */
export function createAccess(http: HttpClient, settings: OktaSettings, runtime: Runtime): HeldToken<Credential> {
  const { api_token: token, client_id: clientId, key_id: keyId, private_key: privateKey } = settings;
  if (token !== null) {
    const credential: Credential = { ...plain(`SSWS ${token.reveal()}`), scopes: null, renewAt: Infinity };
    return holdToken(() => Promise.resolve(ok(credential)), runtime);
  }
  const signing = readPrivateKey(privateKey?.reveal() ?? '');
  if (signing === null || clientId === null)
    throw new Error('Okta needs client_id and private_key of a service app, or an api_token.');
  const { key, algorithm: alg } = signing;
  const kid = keyId ?? signing.keyId;
  const assertion = {
    clientId,
    audience: `${settings.base_url}${TOKEN_PATH}`,
    header: { alg, ...(kid === null ? {} : { kid }) },
    sign: (input: Buffer) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
  };
  const { proof, presented } = proving(http, settings, runtime);
  const tokenFor = (scopes: readonly string[], call: CallContext) => {
    const signed = () => assertionForm(assertion, runtime, http.vendorTime(runtime.now()));
    const form = () => ({ grant_type: 'client_credentials', scope: scopes.join(' '), ...signed() });
    return requestToken(http, { system: 'Okta', path: TOKEN_PATH, form, proof, refusal }, runtime, call);
  };
  const lists = settings.scopes === null ? SCOPE_LISTS : [settings.scopes];
  return holdToken(async (call) => {
    const [best = [], ...lesser] = lists;
    let got = await tokenFor(best, call);
    for (const list of lesser) {
      if (got.ok || got.error.kind !== 'permission') break;
      got = await tokenFor(list, call);
    }
    return mapped(got, (granted) => ({ ...presented(granted), scopes: granted.scopes, renewAt: granted.renewAt }));
  }, runtime);
}

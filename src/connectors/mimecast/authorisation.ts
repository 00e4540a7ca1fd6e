import type { Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { HttpAnswer, HttpClient, HttpFailure, HttpRequest } from '../http/client.js';
import { holdToken } from '../http/held-token.js';
import { sendSigned } from '../http/signed.js';
import { requestToken, secretForm, type TokenRefusal } from '../http/token-request.js';
import { failure, type Answer } from '../kit/action.js';
import type { CallContext, ConnectorFailure } from '../../ports/connector.js';
import { codesOf, forbids } from './envelope.js';
import { PATH } from './permissions.js';
import type { Api1Settings, Api2Settings, MimecastSettings } from './settings.js';
import { requestGuid, signedHeaders } from './signature.js';

/** How the two versions of the API authenticate a caller: everything else is the same for both. */
export interface Authorisation {
  /** Sends with the credentials. If they are refused, nothing was executed: the same request may be sent once more. */
  send(request: Omit<HttpRequest, 'headers'>): Promise<Result<HttpAnswer, HttpFailure>>;
  /** Whether Mimecast accepts the credentials; `null`: only a function call shows that. */
  readonly enter: ((call: CallContext) => Answer<unknown>) | null;
}

function refusal({ status, error, body, quote }: TokenRefusal): ConnectorFailure {
  const code = error || codesOf(body)[0];
  const said = code === undefined ? `HTTP ${status}` : `HTTP ${status}, ${quote(code)}`;
  return failure(
    'auth',
    `Mimecast gave no access token (${said}); check MIMECAST_CLIENT_ID, MIMECAST_CLIENT_SECRET and the base URL.`,
  );
}

/**
 * API 2.0: a bearer token (OAuth 2.0 client credentials, for 1800 seconds in practice); a 401 means that it has expired
 * early.
 */
function bearer(http: HttpClient, settings: Api2Settings, runtime: Runtime): Authorisation {
  const request = { system: 'Mimecast', path: PATH.token, form: secretForm(settings), refusal };
  const tokens = holdToken((call) => requestToken(http, request, runtime, call), runtime);
  return {
    enter: (call) => tokens.get(call),
    send: (request) =>
      sendSigned(tokens, request, {
        send({ token }) {
          const headers = { authorization: `Bearer ${token.reveal()}`, 'x-mc-req-id': requestGuid(runtime) };
          return http.request({ ...request, headers });
        },
        refuses: ({ status, body }) => status >= 400 || forbids(body),
        // Mimecast does not say whether a token keeps the rights that its application had when it was given.
        lacks: ({ status, body }) => (status === 401 ? 'token' : status === 403 || forbids(body) ? 'right' : null),
      }),
  };
}

/**
 * `err_developer_key` is known to occur now and then for a valid application id; the answer to a wrong date has shown
 * Mimecast's clock.
 */
const REPEATED: ReadonlySet<string> = new Set(['err_developer_key', 'err_xdk_invalid_date']);

/** API 1.0: every request is signed. */
function signed(http: HttpClient, settings: Api1Settings, runtime: Runtime): Authorisation {
  return {
    enter: null,
    async send(request) {
      const once = () => {
        const signed = { path: request.path, now: http.vendorTime(runtime.now()) };
        return http.request({ ...request, headers: signedHeaders(settings, runtime, signed) });
      };
      const answer = await once();
      return answer.ok && codesOf(answer.value.body).some((code) => REPEATED.has(code)) ? once() : answer;
    },
  };
}

export const createAuthorisation = (http: HttpClient, settings: MimecastSettings, runtime: Runtime): Authorisation =>
  settings.auth === 'api2' ? bearer(http, settings, runtime) : signed(http, settings, runtime);

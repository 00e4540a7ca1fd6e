import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { codesOf } from './envelope.js';
import type { MimecastSettings } from './settings.js';
import { requestGuid, signedHeaders } from './signature.js';
import { createTokenSource } from './token.js';

/** What a request carries to be let in, and whether a refusal of it is worth one more try. */
export interface Ticket {
  readonly headers: Readonly<Record<string, string>>;
  /** Called when the request was refused: proven not executed. `true`: another ticket may be let in. */
  renew(answer: HttpAnswer): boolean;
}

/** How the two versions of the API let a caller in: everything else is the same for both. */
export interface Authorisation {
  ticket(path: string, call: CallContext): Promise<Result<Ticket, ConnectorFailure>>;
}

/** API 2.0: a bearer token; a 401 means that it has run out early. */
function bearer(
  http: HttpClient,
  settings: Extract<MimecastSettings, { auth: 'api2' }>,
  runtime: Runtime,
): Authorisation {
  const tokens = createTokenSource(http, settings, runtime);
  return {
    async ticket(_path, call) {
      const token = await tokens.get(call);
      if (!token.ok) return token;
      return ok({
        headers: { authorization: `Bearer ${token.value.reveal()}`, 'x-mc-req-id': requestGuid(runtime) },
        renew(answer) {
          if (answer.status !== 401) return false;
          tokens.drop(token.value);
          return true;
        },
      });
    },
  };
}

/** API 1.0: every request is signed. `err_developer_key` is known to come now and then for a right application id. */
function signed(settings: Extract<MimecastSettings, { auth: 'api1' }>, runtime: Runtime): Authorisation {
  return {
    ticket: (path) =>
      Promise.resolve(
        ok({
          headers: signedHeaders(settings, runtime, path),
          renew: (answer) => codesOf(answer.body).includes('err_developer_key'),
        }),
      ),
  };
}

export function createAuthorisation(http: HttpClient, settings: MimecastSettings, runtime: Runtime): Authorisation {
  return settings.auth === 'api2' ? bearer(http, settings, runtime) : signed(settings, runtime);
}

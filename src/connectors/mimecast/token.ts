import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { Secret } from '../../secret.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import { holdToken, renewalTime } from '../http/held-token.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { PATH } from './permissions.js';
import type { Api2Settings } from './settings.js';

/** OAuth 2.0 client credentials; `expires_in` is in seconds (1800 in practice). */
const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().catch(300) });
const refused = z.object({
  error: z.string().optional().catch(undefined),
  fail: z
    .array(z.object({ code: z.string() }))
    .optional()
    .catch(undefined),
});

export interface TokenSource {
  get(call: CallContext): Promise<Result<Secret, ConnectorFailure>>;
  /** Forgets this token, because it was refused. A newer one is kept. */
  drop(token: Secret): void;
}

interface Held {
  readonly token: Secret;
  readonly renewAt: number;
}

function decode(answer: HttpAnswer, now: Date): Result<Held, ConnectorFailure> {
  if (answer.status >= 400) {
    const body = refused.safeParse(answer.body);
    const code = body.success ? (body.data.error ?? body.data.fail?.[0]?.code) : undefined;
    const said = code === undefined ? `HTTP ${answer.status}` : `HTTP ${answer.status}, ${answer.quote(code)}`;
    return err({
      kind: 'auth',
      message: `Mimecast gave no access token (${said}); check MIMECAST_CLIENT_ID, MIMECAST_CLIENT_SECRET and the base URL.`,
    });
  }
  const body = granted.safeParse(answer.body);
  if (!body.success)
    return err({
      kind: 'transient',
      message: 'Mimecast answered the token request with something else; it is safe to ask again.',
    });
  const renewAt = renewalTime(now, body.data.expires_in);
  return ok({ token: new Secret(body.data.access_token), renewAt });
}

/** One token for all calls, renewed 60 seconds early; callers that come while one is fetched share that fetch. */
export function createTokenSource(http: HttpClient, settings: Api2Settings, runtime: Runtime): TokenSource {
  const fetchToken = async (call: CallContext): Promise<Result<Held, ConnectorFailure>> => {
    const form = {
      grant_type: 'client_credentials',
      client_id: settings.client_id,
      client_secret: settings.client_secret.reveal(),
    };
    const answer = await http.request({ method: 'POST', path: PATH.token, body: { form }, write: false, call });
    return answer.ok ? decode(answer.value, runtime.now()) : answer;
  };

  const token = holdToken(fetchToken, runtime);
  return {
    async get(call) {
      const got = await token.get(call);
      return got.ok ? ok(got.value.token) : got;
    },
    drop: (refused) => token.dropIf((held) => held.token === refused),
  };
}

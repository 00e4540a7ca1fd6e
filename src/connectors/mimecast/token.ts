import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { Secret } from '../../secret.js';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { PATH } from './permissions.js';
import type { Api2Settings } from './settings.js';

const RENEW_EARLY_MS = 60_000;

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
  const lifetimeMs = body.data.expires_in * 1000;
  const renewAt = now.getTime() + Math.max(lifetimeMs - RENEW_EARLY_MS, lifetimeMs / 2);
  return ok({ token: new Secret(body.data.access_token), renewAt });
}

/** One token for all calls, renewed 60 seconds early; callers that come while one is fetched share that fetch. */
export function createTokenSource(http: HttpClient, settings: Api2Settings, runtime: Runtime): TokenSource {
  let held: Held | null = null;
  let fetching: Promise<Result<Held, ConnectorFailure>> | null = null;

  const fetchToken = async (correlationId: string): Promise<Result<Held, ConnectorFailure>> => {
    const form = {
      grant_type: 'client_credentials',
      client_id: settings.client_id,
      client_secret: settings.client_secret.reveal(),
    };
    // The fetch is shared, so one caller who gives up must not end it for the others: it has the deadline alone.
    const call = { signal: new AbortController().signal, correlationId };
    const answer = await http.request({ method: 'POST', path: PATH.token, body: { form }, write: false, call });
    return answer.ok ? decode(answer.value, runtime.now()) : answer;
  };

  return {
    async get(call) {
      if (held !== null && held.renewAt > runtime.now().getTime()) return ok(held.token);
      fetching ??= fetchToken(call.correlationId).finally(() => (fetching = null));
      const fetched = await fetching;
      if (!fetched.ok) return fetched;
      held = fetched.value;
      return ok(held.token);
    },
    drop(token) {
      if (held?.token === token) held = null;
    },
  };
}

import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { Secret } from '../../platform/secret.js';
import type { CallContext, ConnectorFailure } from '../../ports/connector.js';
import type { HttpAnswer, HttpClient } from './client.js';
import { renewalTime } from './held-token.js';

/** RFC 6749, 5.1; without `expires_in` (it is only recommended) the token is assumed to be short-lived. */
const granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().catch(60),
  scope: z.string().catch(''),
  token_type: z.string().catch(''),
});
/** RFC 6749, 5.2. */
const refused = z.object({ error: z.string().catch(''), error_description: z.string().catch('') });

export interface AccessToken {
  readonly token: Secret;
  /** How it is presented, in the server's words: `Bearer`, `DPoP`; empty when the answer does not say. */
  readonly type: string;
  /** Those that were granted; empty when the answer does not name them. */
  readonly scopes: readonly string[];
  /** Ms since the epoch. */
  readonly renewAt: number;
}

/** What a token endpoint said instead of a token; only through `quote` is any of it safe to show. */
export interface TokenRefusal extends Pick<HttpAnswer, 'status' | 'body' | 'quote'> {
  readonly error: string;
  readonly description: string;
}

export interface TokenRequest {
  readonly system: string;
  readonly path: string;
  /** Made for each request: a signed one has a time, by the vendor's clock. */
  readonly form: () => Readonly<Record<string, string>>;
  readonly refusal: (refusal: TokenRefusal) => ConnectorFailure;
  /** Proves possession of a key (RFC 9449), anew for each request. */
  readonly proof?: {
    readonly header: () => string;
    /** Whether the refusal asks for another proof. */
    readonly asksAgain: (answer: HttpAnswer) => boolean;
  };
  /** How long before its expiry it is renewed. */
  readonly earlyMs?: number;
}

/** Client credentials by id and secret (RFC 6749, 2.3.1 and 4.4.2). */
export const secretForm = (client: { readonly client_id: string; readonly client_secret: Secret }) => () => ({
  grant_type: 'client_credentials',
  client_id: client.client_id,
  client_secret: client.client_secret.reveal(),
});

/** A clock that is wrong by less is no reason for a refusal. */
const SKEW_MS = 2_000;
/** Once for the clock, and once for the nonce. */
const MOST_MORE = 2;

/** Requests an access token (RFC 6749, 4.4). After a lost answer the request may be repeated: it changes nothing. */
export async function requestToken(
  http: HttpClient,
  { system, path, form, proof, refusal, earlyMs }: TokenRequest,
  runtime: Runtime,
  call: CallContext,
): Promise<Result<AccessToken, ConnectorFailure>> {
  const send = () => {
    const headers = proof === undefined ? {} : { headers: { dpop: proof.header() } };
    return http.request({ method: 'POST', path, body: { form: form() }, ...headers, write: false, call });
  };
  const difference = (): number => http.vendorTime(new Date(0)).getTime();
  let before = difference();
  let answer = await send();
  for (let more = 0; more < MOST_MORE && answer.ok; more += 1) {
    // A refusal has shown the vendor's clock, too: what was signed by another time is signed once more.
    const isMistimed = answer.value.status >= 400 && Math.abs(difference() - before) > SKEW_MS;
    const asksAgain = proof?.asksAgain(answer.value) === true;
    if (!isMistimed && !asksAgain) break;
    before = difference();
    answer = await send();
  }
  if (!answer.ok) return answer;
  const { status, body, quote } = answer.value;
  if (status >= 400) {
    const { error = '', error_description: description = '' } = refused.safeParse(body).data ?? {};
    return err(refusal({ status, body, quote, error, description }));
  }
  const { data } = granted.safeParse(body);
  if (data === undefined) {
    const message = `${system} answered the token request with something else; it is safe to ask again.`;
    return err({ kind: 'transient', message });
  }
  return ok({
    token: new Secret(data.access_token),
    type: data.token_type,
    scopes: data.scope.split(' ').filter((scope) => scope !== ''),
    renewAt: renewalTime(runtime.now(), data.expires_in, earlyMs),
  });
}

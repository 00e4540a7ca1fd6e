import { ok, type Result } from '../../platform/result.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { HttpAnswer, HttpRequest } from './client.js';
import type { HeldToken, Lack, Renewable } from './held-token.js';

interface Signing<T, F> {
  readonly send: (token: T) => Promise<Result<HttpAnswer, F>>;
  /** What the token of a refused request lacks; `null`: no other token would do better. */
  readonly lacks: (answer: HttpAnswer, token: T) => Lack | null;
}

/**
 * Sends with the held token. An answer of 400..499 proves that nothing was executed: where another token may do better,
 * the same request is sent once more.
 */
export async function sendSigned<T extends Renewable, F extends ConnectorFailure>(
  tokens: HeldToken<T>,
  { write, call }: Pick<HttpRequest, 'write' | 'call'>,
  { send, lacks }: Signing<T, F>,
): Promise<Result<HttpAnswer & { readonly token: T }, F | ConnectorFailure>> {
  for (let attempt = 1; ; attempt += 1) {
    const token = await tokens.get(call);
    if (!token.ok) return token;
    const answer = await send(token.value);
    if (!answer.ok) return answer;
    const lack = answer.value.status < 400 || attempt === 2 ? null : lacks(answer.value, token.value);
    if (lack === null || !tokens.renews(token.value, lack, write)) return ok({ ...answer.value, token: token.value });
  }
}

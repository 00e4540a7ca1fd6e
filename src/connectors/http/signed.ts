import { ok, type Result } from '../../platform/result.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { HttpAnswer, HttpRequest } from './client.js';
import type { HeldToken, Lack, Renewable } from './held-token.js';

interface Signing<T, F> {
  readonly send: (token: T) => Promise<Result<HttpAnswer, F>>;
  /** Whether the answer is a refusal; default: its status. A vendor may refuse with HTTP 200. */
  readonly refuses?: (answer: HttpAnswer) => boolean;
  /** What the token of a refused request lacks; `null`: no other token would do better. */
  readonly lacks: (answer: HttpAnswer, token: T) => Lack | null;
}

/**
 * Sends with the held token. A refusal proves that nothing was executed: where another token may do better, the same
 * request is sent once more.
 */
export async function sendSigned<T extends Renewable, F extends ConnectorFailure>(
  tokens: HeldToken<T>,
  request: Pick<HttpRequest, 'write' | 'call'>,
  { send, lacks, refuses = ({ status }) => status >= 400 }: Signing<T, F>,
): Promise<Result<HttpAnswer & { readonly token: T }, F | ConnectorFailure>> {
  for (let attempt = 1; ; attempt += 1) {
    const token = await tokens.get(request.call);
    if (!token.ok) return token;
    const answer = await send(token.value);
    if (!answer.ok) return answer;
    const lack = !refuses(answer.value) || attempt === 2 ? null : lacks(answer.value, token.value);
    if (lack === null || !tokens.renews(token.value, lack, request)) return ok({ ...answer.value, token: token.value });
  }
}

import type { ConnectorFailure } from '../../ports/connector.js';
import type { HttpAnswer } from './client.js';

/**
 * A refusal that only holds for a moment: locked (RFC 4918, 11.3), or a conflict that says when to come again. It is a
 * refusal, so nothing was done. `said` is safe to show.
 */
export function comeAgain(
  system: string,
  { status, retryAfterMs }: Pick<HttpAnswer, 'status' | 'retryAfterMs'>,
  said: string,
): ConnectorFailure | null {
  if (status !== 423 && (status !== 409 || retryAfterMs === null)) return null;
  const message = `${system} is changing this at the moment (${said}); nothing was done, it is safe to try again.`;
  return { kind: 'transient', message, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

import { createHmac } from 'node:crypto';
import { refused } from './outcome.js';
import type { Attempt, Outcome } from './outcome.js';

/** Slack's v0 signature of a request body (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
export function signature(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function encode(attempt: Attempt): { body: string; contentType: string } {
  if (attempt.type === 'events_api') return { body: JSON.stringify(attempt.payload), contentType: 'application/json' };
  const form =
    attempt.type === 'interactive'
      ? { payload: JSON.stringify(attempt.payload) }
      : Object.fromEntries(
          Object.entries(attempt.payload).map(([key, value]) => [
            key,
            typeof value === 'string' ? value : String(value),
          ]),
        );
  return { body: new URLSearchParams(form).toString(), contentType: 'application/x-www-form-urlencoded' };
}

/** An answer's body: JSON when it says so, else its text; `{}` when empty, as an ack without words. */
async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return {};
  if (response.headers.get('content-type')?.includes('json') !== true) return { text };
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

/** Delivers by a signed POST to the app's request URL; any answer but 200 within the time is no ack. */
export async function signedPost(
  target: { url: string; signingSecret: string; nowSeconds: number },
  attempt: Attempt,
): Promise<Outcome> {
  const { body, contentType } = encode(attempt);
  const timestamp = String(target.nowSeconds);
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(attempt.ackTimeoutMs),
      headers: {
        'Content-Type': contentType,
        'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'X-Slack-Request-Timestamp': timestamp,
        'X-Slack-Signature': signature(target.signingSecret, timestamp, body),
        ...(attempt.retry > 0
          ? { 'X-Slack-Retry-Num': String(attempt.retry), 'X-Slack-Retry-Reason': attempt.retryReason }
          : {}),
      },
      body,
    });
    const answer = await answerOf(response);
    if (response.status === 200) return { acked: true, body: answer };
    return refused('http_error', `HTTP ${response.status}`, response.headers.get('x-slack-no-retry') === '1');
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return refused('http_timeout', `no answer within ${attempt.ackTimeoutMs} ms`);
    return refused('connection_failed', error instanceof Error ? error.message : String(error));
  }
}

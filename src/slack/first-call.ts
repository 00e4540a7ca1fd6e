import { classifySlackError, slackErrorOf } from './failures.js';

/** Where each token is found. Source: docs.slack.dev, "Tokens" and "Using Socket Mode". */
const TOKENS = {
  SLACK_BOT_TOKEN: 'the Bot User OAuth Token (xoxb-…) of the app, under OAuth & Permissions, after it was installed',
  SLACK_APP_TOKEN: 'an app-level token (xapp-…) with connections:write, under Basic Information',
} as const;

/** Slack's codes for a token that it refuses. */
const NOT_TAKEN = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'missing_scope',
]);

/**
 * How a failed first call is reported to whoever starts Notme: which token is wrong, or that Slack cannot be reached.
 */
export function sayFirstFailure(token: keyof typeof TOKENS, apiUrl: string, error: unknown): string {
  const code = slackErrorOf(error);
  if (code !== null && NOT_TAKEN.has(code))
    return `Slack does not take ${token} (${code}). Set it to ${TOKENS[token]}.`;
  const failure = classifySlackError(error);
  const reason = code ?? ('detail' in failure ? failure.detail : 'it is asked too often');
  return `Slack did not answer as it should at ${apiUrl} (${reason}). Look at the network, the proxy, and SLACK_API_URL if it is set; then start Notme again.`;
}

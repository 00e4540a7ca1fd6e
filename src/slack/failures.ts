import { ErrorCode, type WebAPICallError } from '@slack/web-api';
import * as z from 'zod';
import type { MessengerFailure } from '../incidents/messenger.js';

const UNREACHABLE = z.enum(['not_in_channel', 'is_archived', 'channel_not_found']);
const RESTRICTED = new Set([
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
]);
/** Slack's own trouble: the same call may go through later. */
const PASSING = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'ratelimited',
  // The token is renewed, or the scope granted, by a person: until then nothing may be given up as undeliverable.
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_permission',
  'access_denied',
  'org_login_required',
  'ekm_access_denied',
]);

const isCallError = (error: unknown): error is WebAPICallError => error instanceof Error && 'code' in error;

/** The `error` code of Slack's answer, e.g. `channel_not_found`; `null` when Slack did not answer with one. */
export function slackErrorOf(error: unknown): string | null {
  return isCallError(error) && error.code === ErrorCode.PlatformError ? error.data.error : null;
}

/** Sorts what the Web API client threw. */
export function classifySlackError(error: unknown): MessengerFailure {
  if (isCallError(error) && error.code === ErrorCode.RateLimitedError)
    return { kind: 'throttled', retryAfterMs: error.retryAfter * 1000 };
  const code = slackErrorOf(error);
  if (code === null)
    return { kind: 'transient', detail: error instanceof Error ? error.message : 'Slack did not answer' };
  const unreachable = UNREACHABLE.safeParse(code);
  if (unreachable.success) return { kind: 'unreachable', detail: unreachable.data };
  if (RESTRICTED.has(code)) return { kind: 'unreachable', detail: 'restricted' };
  return PASSING.has(code) ? { kind: 'transient', detail: code } : { kind: 'refused', detail: code };
}

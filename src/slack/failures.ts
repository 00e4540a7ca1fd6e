import { ErrorCode, type WebAPICallError } from '@slack/web-api';
import * as z from 'zod';
import type { MessengerFailure } from '../ports/messenger.js';

const UNREACHABLE = z.enum(['not_in_channel', 'is_archived', 'channel_not_found']);
const RESTRICTED = new Set([
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  // The app's messages tab is off: an administrator turns it on.
  'messages_tab_disabled',
]);
/**
 * What Slack never accepts, however often it is sent: this message, this change of a message, this recipient, this
 * window. Every other code may be temporary, also an unknown one. Source: docs.slack.dev, errors of chat.postMessage,
 * chat.update, conversations.open and views.update (`not_found`: the window was closed).
 */
const NEVER_TAKEN = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'invalid_arguments',
  'invalid_attachments',
  'too_many_attachments',
  'attachment_payload_limit_exceeded',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
  'cannot_reply_to_message',
  'thread_not_found',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'user_not_found',
  'user_not_visible',
  'user_disabled',
  'cannot_dm_bot',
  'not_found',
  'view_too_large',
]);

const isCallError = (error: unknown): error is WebAPICallError => error instanceof Error && 'code' in error;

/** Slack's codes are single words. The client returns whatever the answer contains as the code, even a proxy's page. */
const CODE = /^[a-z][a-z0-9_]{1,80}$/;

/** The `error` code of Slack's answer, e.g. `channel_not_found`; `null` when Slack did not answer with one. */
export function slackErrorOf(error: unknown): string | null {
  if (!isCallError(error) || error.code !== ErrorCode.PlatformError) return null;
  // Typed as a text, but an answer that is not Slack's may lack one.
  const told: unknown = error.data.error;
  return typeof told === 'string' && CODE.test(told) ? told : null;
}

const NOT_SLACKS = "the answer was not Slack's: something on the way, such as a proxy, gave its own";

function reasonOf(error: unknown): string {
  if (isCallError(error) && error.code === ErrorCode.PlatformError) return NOT_SLACKS;
  return error instanceof Error ? error.message : 'Slack did not answer';
}

/** Classifies what the Web API client threw. */
export function classifySlackError(error: unknown): MessengerFailure {
  if (isCallError(error) && error.code === ErrorCode.RateLimitedError)
    return { kind: 'throttled', retryAfterMs: error.retryAfter * 1000 };
  const code = slackErrorOf(error);
  if (code === null) return { kind: 'transient', detail: reasonOf(error) };
  const unreachable = UNREACHABLE.safeParse(code);
  if (unreachable.success) return { kind: 'unreachable', detail: unreachable.data };
  if (RESTRICTED.has(code)) return { kind: 'unreachable', detail: 'restricted' };
  return NEVER_TAKEN.has(code) ? { kind: 'refused', detail: code } : { kind: 'transient', detail: code };
}

/** Except Slack's "never" for a message or a person: redelivered, the event would only fail again. */
export function mayPass(error: unknown): boolean {
  const { kind } = classifySlackError(error);
  return kind !== 'refused' && kind !== 'unreachable';
}

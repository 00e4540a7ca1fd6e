import type { ConnectorFailure } from '../port.js';

/** No hyphen: every token of Slack's has one. */
const CODE = /^[a-z0-9_:.,]{1,100}$/i;

/** Slack's code of an error, fit to be shown; the vendor's text is not trusted to be one. */
const shownCode = (code: string): string => (CODE.test(code) ? code : 'an unreadable error');

const AUTH = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);
const PERMISSION = new Set([
  'missing_scope',
  'not_allowed_token_type',
  'no_permission',
  'not_an_admin',
  'not_an_owner',
  'admin_unauthorized',
  'restricted_action',
  'access_denied',
  'accesslimited',
  'team_access_not_granted',
  'team_not_authorized',
  'org_login_required',
  'two_factor_setup_required',
  'enterprise_is_restricted',
]);
const LICENCE = new Set(['feature_not_enabled', 'paid_only', 'paid_teams_only', 'team_not_eligible', 'not_supported']);
const PROTECTED = new Set([
  'cannot_reset_primary_owner',
  'session_reset_not_allowed',
  'cannot_modify_primary_owner',
  'cannot_reset_bot',
  'invalid_role_for_user',
  'cannot_disable_primary_owner',
  'cannot_modify_owner',
  'cannot_modify_gdpr',
  'cannot_disable_bot_user_with_scim',
]);
const NOT_FOUND = new Set(['user_not_found', 'users_not_found', 'no_such_user']);
const INVALID = new Set([
  'invalid_arguments',
  'invalid_cursor',
  'invalid_limit',
  'invalid_query',
  'over_pagination_limit',
  'team_not_found',
  'missing_team',
  'missing_user',
]);
/** Slack's documentation says of these that a part may have been carried out. */
const HALF_DONE = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/** Nothing was begun. */
const NOT_BEGUN = new Set(['user_session_reset_failed', 'team_added_to_org']);

const KNOWN = [AUTH, PERMISSION, LICENCE, PROTECTED, NOT_FOUND, INVALID, HALF_DONE, NOT_BEGUN];

/** Whether the code says what failed; else the HTTP status has to. */
export const isKnownCode = (code: string): boolean => KNOWN.some((codes) => codes.has(code));

export interface SlackError {
  readonly code: string;
  /** The scope that Slack names, for `missing_scope`. */
  readonly needed: string | null;
  readonly write: boolean;
  /** Milliseconds to wait, where Slack said so. */
  readonly retryAfterMs: number | null;
}

function permission({ code, needed }: SlackError): ConnectorFailure {
  const missing = needed === null ? null : shownCode(needed);
  const message =
    missing === null
      ? `Slack does not let the token do this (${code}); let an owner or administrator of the organisation install the app, and check its user scopes.`
      : `Slack's token lacks the scope ${missing}; add it under OAuth & Permissions | User Token Scopes and install the app again.`;
  return missing === null ? { kind: 'permission', message } : { kind: 'permission', message, missing };
}

/** What an error code of Slack means here; unknown codes are told as unsupported, with the code. */
export function failureOf(error: SlackError): ConnectorFailure {
  const code = shownCode(error.code);
  if (AUTH.has(code))
    return {
      kind: 'auth',
      message: `Slack refuses the token (${code}); install the app again as an owner or administrator and put the new user token into the settings.`,
    };
  if (PERMISSION.has(code)) return permission({ ...error, code });
  if (LICENCE.has(code))
    return {
      kind: 'licence',
      message: `Slack's plan does not include this (${code}); it needs Enterprise (SCIM: Business+). Check the plan, and the setting that names it.`,
    };
  if (PROTECTED.has(code))
    return {
      kind: 'protected_account',
      message: `Slack protects this account from the token's owner (${code}); an owner, or the primary owner, does it in Slack's administration.`,
    };
  if (NOT_FOUND.has(code))
    return { kind: 'not_found', message: `Slack has no such person (${code}); check the address or the account.` };
  if (INVALID.has(code))
    return {
      kind: 'invalid_input',
      message: `Slack does not take these values (${code}); check the workspace id in the settings.`,
    };
  if (code === 'ratelimited')
    return {
      kind: 'throttled',
      message: 'Slack takes no more calls for now (ratelimited); wait before trying again.',
      retryAfterMs: error.retryAfterMs,
    };
  if (HALF_DONE.has(code) && error.write)
    return {
      kind: 'unknown_outcome',
      message: `Slack failed while it carried this out (${code}); read the account back before repeating it.`,
    };
  if (HALF_DONE.has(code) || NOT_BEGUN.has(code))
    return { kind: 'transient', message: `Slack failed (${code}); it is safe to try again.` };
  return {
    kind: 'unsupported',
    message: `Slack refused with ${code}, which is not known here; see its documentation.`,
  };
}

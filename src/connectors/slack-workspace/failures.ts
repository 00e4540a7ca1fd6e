import { failure } from '../kit/action.js';
import type { ConnectorFailure } from '../../ports/connector.js';

/** No hyphen: every token of Slack's has one. */
const CODE = /^[a-z0-9_:.,]{1,100}$/i;

/** Slack's error code, fit to be shown; the vendor's text is not trusted to be one. */
const shownCode = (code: string): string => (CODE.test(code) ? code : 'an unreadable error');

interface Known {
  readonly kind: Parameters<typeof failure>[0];
  readonly codes: readonly string[];
  readonly message: (code: string) => string;
}

const mayRepeat = (code: string): string => `Slack failed (${code}); it is safe to try again.`;

/** The codes that say what failed. */
const KNOWN: readonly Known[] = [
  {
    kind: 'auth',
    codes: ['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive'],
    message: (code) =>
      `Slack refuses the token (${code}); install the app again as an owner or administrator and put the new user token into the settings.`,
  },
  {
    kind: 'permission',
    codes: [
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
    ],
    message: (code) =>
      `Slack does not let the token do this (${code}); let an owner or administrator of the organisation install the app, and check its user scopes.`,
  },
  {
    kind: 'licence',
    codes: ['feature_not_enabled', 'paid_only', 'paid_teams_only', 'team_not_eligible', 'not_supported'],
    message: (code) =>
      `Slack's plan does not include this (${code}); it needs Enterprise (SCIM: Business+). Check the plan, and the setting that names it.`,
  },
  {
    kind: 'protected_account',
    codes: [
      'cannot_reset_primary_owner',
      'session_reset_not_allowed',
      'cannot_modify_primary_owner',
      'cannot_reset_bot',
      'invalid_role_for_user',
      'cannot_disable_primary_owner',
      'cannot_modify_owner',
      'cannot_modify_gdpr',
      'cannot_disable_bot_user_with_scim',
    ],
    message: (code) =>
      `Slack protects this account from the token's owner (${code}); an owner, or the primary owner, does it in Slack's administration.`,
  },
  {
    kind: 'not_found',
    codes: ['user_not_found', 'users_not_found', 'no_such_user'],
    message: (code) => `Slack has no such person (${code}); check the address or the account.`,
  },
  {
    kind: 'invalid_input',
    codes: [
      'invalid_arguments',
      'invalid_cursor',
      'invalid_limit',
      'invalid_query',
      'over_pagination_limit',
      'team_not_found',
      'missing_team',
      'missing_user',
    ],
    message: (code) => `Slack does not take these values (${code}); check the workspace id in the settings.`,
  },
  {
    // For these, Slack's documentation says that a part may have been carried out.
    kind: 'unknown_outcome',
    codes: ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'],
    message: (code) => `Slack failed while it carried this out (${code}); read the account back before repeating it.`,
  },
  {
    // Nothing was begun.
    kind: 'transient',
    codes: ['user_session_reset_failed', 'team_added_to_org'],
    message: mayRepeat,
  },
];

const knownAs = (code: string): Known | undefined => KNOWN.find(({ codes }) => codes.includes(code));

/** Whether the code says what failed; else the HTTP status has to. */
export const isKnownCode = (code: string): boolean => knownAs(code) !== undefined;

export interface SlackError {
  readonly code: string;
  /** The scope that Slack names, for `missing_scope`. */
  readonly needed: string | null;
  readonly write: boolean;
  /** Milliseconds to wait, where Slack said so. */
  readonly retryAfterMs: number | null;
}

/** What an error code of Slack means here; unknown codes are reported as unsupported, with the code. */
export function failureOf({ code: told, needed, write, retryAfterMs }: SlackError): ConnectorFailure {
  const code = shownCode(told);
  if (code === 'ratelimited') {
    const message = 'Slack takes no more calls for now (ratelimited); wait before trying again.';
    return { kind: 'throttled', message, retryAfterMs };
  }
  const known = knownAs(code);
  if (known === undefined)
    return failure('unsupported', `Slack refused with ${code}, which is not known here; see its documentation.`);
  if (known.kind === 'permission' && needed !== null) {
    const missing = shownCode(needed);
    const message = `Slack's token lacks the scope ${missing}; add it under OAuth & Permissions | User Token Scopes and install the app again.`;
    return { kind: 'permission', message, missing };
  }
  if (known.kind === 'unknown_outcome' && !write) return failure('transient', mayRepeat(code));
  return failure(known.kind, known.message(code));
}

import { z } from 'zod';
import type { HttpAnswer } from '../http/client.js';
import type { ConnectorFailure } from '../port.js';
import { roleTitle, type Role } from './permissions.js';

/** Keycloak's three kinds of error bodies: its exception mapper, its resources, and user-profile validation. */
const errorBody = z.object({
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  errorMessage: z.string().optional().catch(undefined),
});

const READ_ONLY = /read.?only/i;
const PASSWORD_POLICY = /^invalidPassword/;

function badRequest(code: string, said: string): ConnectorFailure {
  if (PASSWORD_POLICY.test(code) || /N old passwords/.test(code)) {
    const message = `Keycloak's password policy refused the new password (${said}); change the policy under Authentication | Policies, or the length of passwords in Notme's configuration.`;
    return { kind: 'invalid_input', message, field: 'password' };
  }
  if (READ_ONLY.test(said)) {
    return {
      kind: 'unsupported',
      message: `Keycloak may not write to the user federation that keeps this account (${said}); act in that directory.`,
    };
  }
  return {
    kind: 'invalid_input',
    message: `Keycloak did not take the request (HTTP 400, ${said}); look at the account in its admin console.`,
  };
}

/**
 * The failure for an answer of 400..499, by status and Keycloak's own words.
 * @param need the role that the request needs, told when it is refused
 */
export function failureOf(answer: HttpAnswer, need: Role): ConnectorFailure {
  const body = errorBody.safeParse(answer.body);
  const { error, error_description, errorMessage } = body.success ? body.data : {};
  const code = errorMessage ?? error ?? '';
  const said = answer.quote(error_description ?? (code === '' ? 'without a reason' : code));
  switch (answer.status) {
    case 400:
      return badRequest(code, said);
    case 401:
      return {
        kind: 'auth',
        message: `Keycloak refused the access token (${said}); check that the API client is enabled and belongs to this realm.`,
      };
    case 403: {
      const message = `Keycloak refused this (HTTP 403); the service account needs the role "${roleTitle(need)}", or fine-grained permissions keep it from this account.`;
      return { kind: 'permission', message, missing: roleTitle(need) };
    }
    case 404:
      return {
        kind: 'not_found',
        message: `Keycloak does not know this (${said}); check the realm, and whether it was deleted.`,
      };
    case 409:
      return {
        kind: 'conflict',
        message: `Keycloak says that this is in conflict with what is there (${said}); look at the account.`,
      };
    default:
      return {
        kind: 'unsupported',
        message: `Keycloak answered with HTTP ${answer.status} (${said}); check the base URL and the version (24.0.2 or newer).`,
      };
  }
}

/** What of a list or detail could not be had, but need not spoil the rest. */
export const isPartial = ({ kind }: ConnectorFailure): boolean =>
  kind === 'permission' || kind === 'not_found' || kind === 'unsupported';

import { z } from 'zod';
import type { HttpAnswer } from '../http/client.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { comeAgain } from '../http/come-again.js';
import { failure } from '../kit/action.js';
import { roleTitle, type Role } from './permissions.js';

const text = z.string().optional().catch(undefined);
/** One complaint of the user-profile validation; since Keycloak 24 several come as a list. */
const validation = z.object({
  field: text,
  errorMessage: text,
  /** The field comes first, and some versions name it only here. */
  params: z.array(z.unknown()).optional().catch(undefined),
});

/** Keycloak's three kinds of error bodies: its exception mapper, its resources, and user-profile validation. */
export const errorBody = validation.extend({
  error: text,
  error_description: text,
  errors: z.array(validation.catch({})).catch([]).default([]),
});
type ErrorBody = z.output<typeof errorBody>;

function fieldOf({ field, errorMessage, params }: z.output<typeof validation>): string | undefined {
  if (field !== undefined && field !== '') return field;
  // Those of the password policy are its numbers.
  if (PASSWORD_POLICY.test(errorMessage ?? '')) return undefined;
  const first = params?.[0];
  return typeof first === 'string' && first !== '' ? first : undefined;
}

/** What the validation of the user's profile refused, one text each: `lastName: error-user-attribute-required`. */
function refusedFields({ errors, ...alone }: ErrorBody): readonly string[] {
  const all = [...(fieldOf(alone) === undefined ? [] : [alone]), ...errors];
  return all.flatMap((one) => {
    const said = [fieldOf(one), one.errorMessage].filter((part) => part !== undefined && part !== '').join(': ');
    return said === '' ? [] : [said];
  });
}

/** As many as fit into a sentence. */
const MOST_FIELDS = 10;
const PASSWORD_POLICY = /^invalidPassword/;

/** What Keycloak objected to in a request, in its own words. */
interface Words {
  /** Keycloak's own code for what went wrong; empty when it gives none. */
  readonly code: string;
  readonly fields: readonly string[];
  /** Text that may be shown, but still has to be quoted. */
  readonly reason: string;
}

function wordsOf(answered: unknown): Words {
  const body = errorBody.safeParse(answered).data;
  if (body === undefined) return { code: '', fields: [], reason: '' };
  const fields = refusedFields(body);
  const listed = body.errors.find(({ errorMessage }) => errorMessage !== undefined)?.errorMessage;
  const code = body.errorMessage ?? listed ?? body.error ?? '';
  const short = fields.length > 0 ? fields.slice(0, MOST_FIELDS).join('; ') : code;
  return { code, fields, reason: body.error_description ?? short };
}

function badRequest({ code, fields }: Words, said: string): ConnectorFailure {
  if (PASSWORD_POLICY.test(code) || /N old passwords/.test(code)) {
    const message = `Keycloak's password policy refused the new password (${said}); change the policy under Authentication | Policies, or the length of passwords in Notme's configuration.`;
    return { kind: 'invalid_input', message, field: 'password' };
  }
  // The whole user is written back, so an old value that breaks a newer rule blocks an unrelated change.
  const message =
    fields.length > 0
      ? `Keycloak refuses to write this user while its profile breaks the realm's rules (${said}); correct these fields under Users, then retry. Signing out and setting the password work meanwhile.`
      : `Keycloak did not take the request (HTTP 400, ${said}); look at the account in its admin console.`;
  return { kind: 'invalid_input', message };
}

/** The failure for an answer of 400..499, by status and Keycloak's own words; `need` is the role that the request needs. */
export function failureOf(answer: HttpAnswer, need: Role): ConnectorFailure {
  const words = wordsOf(answer.body);
  const said = answer.quote(words.reason === '' ? 'without a reason' : words.reason);
  const again = comeAgain('Keycloak', answer, said);
  if (again !== null) return again;
  switch (answer.status) {
    case 400:
      return badRequest(words, said);
    case 401:
      return failure(
        'auth',
        `Keycloak refused the access token (${said}); check that the API client is enabled and belongs to this realm.`,
      );
    case 403: {
      const message = `Keycloak refused this (HTTP 403); the service account needs the role "${roleTitle(need)}", or fine-grained permissions keep it from this account.`;
      return { kind: 'permission', message, missing: roleTitle(need) };
    }
    case 404:
      return failure(
        'not_found',
        `Keycloak does not know this (${said}); check the realm, and whether it was deleted.`,
      );
    case 409:
      return failure(
        'conflict',
        `Keycloak says that this is in conflict with what is there (${said}); look at the account.`,
      );
    default:
      return failure(
        'unsupported',
        `Keycloak answered with HTTP ${answer.status} (${said}); check the base URL and the version (24.0.2 or newer).`,
      );
  }
}

/** Whether the cause may be a directory that accepts no changes. A field of the profile can be read-only too. */
export const speaksOfReadOnly = ({ kind, message }: ConnectorFailure): boolean =>
  kind === 'invalid_input' && /read.?only/i.test(message);

import { z } from 'zod';
import type { HttpAnswer, HttpFailure } from '../http/client.js';
import { comeAgain } from '../http/come-again.js';
import { failure } from '../kit/action.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { delegationFix, PRIVILEGE, privilegeFix, type Scope } from './scopes.js';
import { word } from './shapes.js';

/** A failure with what callers must distinguish: that it exists already, or that the group itself is missing. */
export type GoogleFailure = HttpFailure & { readonly refusal?: 'duplicate' | 'no_such_group' };

export const isGone = ({ kind }: ConnectorFailure): boolean => kind === 'not_found';
export const isDuplicate = ({ refusal }: GoogleFailure): boolean => refusal === 'duplicate';

/** `{"error":{"code","message","status","errors":[{"reason","message"}],"details":[{"reason"}]}}`. */
export const envelope = z.object({
  error: z.object({
    message: word,
    status: word,
    errors: z.array(z.object({ reason: word })).catch([]),
    details: z.array(z.object({ reason: word })).catch([]),
  }),
});

/** Google documents no wait for its quotas and asks for a growing one; this is the first, the queue lets it grow. */
export const FIRST_WAIT_MS = 5000;

const SCOPE_MISSING = /^(insufficientPermissions|ACCESS_TOKEN_SCOPE_INSUFFICIENT)$/;
const RATE = /^(rateLimitExceeded|userRateLimitExceeded|quotaExceeded|dailyLimitExceeded|concurrentLimitExceeded)$/;

/** What was requested, for the sentence that says how to fix it. */
interface Asked {
  /** Its subject, e.g. `the user`. */
  readonly what: string;
  readonly scope: Scope;
  readonly adminEmail: string;
  readonly clientId: string | null;
}

/** What Google said: its reasons and its sentence, and both as a text that is fit to be shown. */
interface Said {
  readonly reasons: readonly string[];
  readonly message: string;
  readonly shown: string;
}

function forbidden({ reasons, message, shown }: Said, asked: Asked): ConnectorFailure {
  const { what, scope, adminEmail, clientId } = asked;
  const has = (pattern: RegExp): boolean => reasons.some((reason) => pattern.test(reason));
  if (has(RATE) || /quota exceeded|rate limit/i.test(message)) {
    const wait = `Google takes no more calls for now (${shown}); wait before trying again.`;
    return { kind: 'throttled', message: wait, retryAfterMs: FIRST_WAIT_MS };
  }
  if (has(/^(accessNotConfigured|SERVICE_DISABLED)$/))
    return {
      kind: 'permission',
      message: `The API for ${what} is not enabled in the service account's project (${shown}); enable the Admin SDK API and the Gmail API in Google Cloud under APIs & Services > Library.`,
      missing: 'API enabled in the project',
    };
  if (has(SCOPE_MISSING))
    return {
      kind: 'permission',
      message: `The token is not enough for ${what} (${shown}); ${delegationFix(clientId, scope)}.`,
      missing: scope,
    };
  return {
    kind: 'permission',
    message: `Google does not permit ${what} (${shown}); ${privilegeFix(adminEmail, scope)}.`,
    missing: PRIVILEGE[scope],
  };
}

const conflict = ({ shown }: Said, what: string): ConnectorFailure =>
  failure('conflict', `Google refused ${what} because of the present state (${shown}); read the account again.`);

function badRequest(said: Said, what: string): ConnectorFailure {
  const { reasons, message, shown } = said;
  const precondition = reasons.includes('failedPrecondition');
  if (precondition && /service not enabled/i.test(message))
    return failure(
      'licence',
      `This person has no Gmail here (${shown}); turn Gmail on for the account, or leave the mailbox out.`,
    );
  if (/password/i.test(message)) {
    const rules = 'compare it with the password rules of the Admin console';
    return {
      kind: 'invalid_input',
      message: `Google refused the new password (${shown}); ${rules}.`,
      field: 'password',
    };
  }
  if (precondition || reasons.includes('conditionNotMet')) return conflict(said, what);
  return failure('invalid_input', `Google refused the input for ${what} (${shown}); correct it and try again.`);
}

/** Google says "not found" for both the group and the member; the words tell which. */
function notFound({ message, shown }: Said, what: string): GoogleFailure {
  if (!/groupKey/.test(message))
    return failure('not_found', `Google does not know ${what} (${shown}); check the address and the settings.`);
  const mend = 'create it in the Admin console under Directory > Groups, or correct its address in the settings';
  const text = `Google has no such group for ${what} (${shown}); ${mend}.`;
  return { kind: 'not_found', refusal: 'no_such_group', message: text };
}

function classify(status: number, said: Said, asked: Asked): GoogleFailure {
  const { what } = asked;
  switch (status) {
    case 400:
      return badRequest(said, what);
    case 401:
      return failure(
        'auth',
        `Google refused the access token (${said.shown}); check the key of the service account and its delegation.`,
      );
    case 403:
      return forbidden(said, asked);
    case 404:
    case 410:
      return notFound(said, what);
    case 409:
    case 412:
      return conflict(said, what);
    default:
      return failure(
        'unsupported',
        `Google did not take the request for ${what} (${said.shown}); report this to the makers of Notme.`,
      );
  }
}

function reasonsIn(body: unknown): readonly string[] {
  const { errors = [], details = [] } = envelope.safeParse(body).data?.error ?? {};
  return [...errors, ...details].map(({ reason }) => reason).filter((reason) => reason !== '');
}

/** Whether the token was given before its scope was: one that is fetched now may have it. */
export const lacksScope = ({ status, body }: HttpAnswer): boolean =>
  status === 403 && reasonsIn(body).some((reason) => SCOPE_MISSING.test(reason));

/** Any answer of 400..499, in Google's envelope or not, as one of the closed set of failures. */
export function failureOf(answer: HttpAnswer, asked: Asked): GoogleFailure {
  const { message = '', status = '' } = envelope.safeParse(answer.body).data?.error ?? {};
  const reasons = [...reasonsIn(answer.body)];
  if (status === 'FAILED_PRECONDITION') reasons.push('failedPrecondition');
  const known = [reasons[0] ?? '', message].filter((part) => part !== '').join(': ');
  const shown = known === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status}, ${answer.quote(known)}`;
  const refused =
    comeAgain('Google Workspace', answer, shown) ?? classify(answer.status, { reasons, message, shown }, asked);
  return reasons.includes('duplicate') ? { ...refused, refusal: 'duplicate' } : refused;
}

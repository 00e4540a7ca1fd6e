import { z } from 'zod';
import type { HttpAnswer } from '../http/client.js';
import type { ConnectorFailure } from '../port.js';
import { delegationFix, privilegeFix } from './fixes.js';
import type { Scope } from './scopes.js';

const text = z.string().catch('');

/** `{"error":{"code","message","status","errors":[{"reason","message"}],"details":[{"reason"}]}}`. */
const envelope = z.object({
  error: z.object({
    message: text,
    status: text,
    errors: z.array(z.object({ reason: text })).catch([]),
    details: z.array(z.object({ reason: text })).catch([]),
  }),
});

/** Google names no wait for its quotas and asks for a growing one; this is the first, the queue lets it grow. */
const FIRST_WAIT_MS = 5000;

const RATE = /^(rateLimitExceeded|userRateLimitExceeded|quotaExceeded|dailyLimitExceeded|concurrentLimitExceeded)$/;

/** What was asked, for the sentence that says how to mend it. */
export interface Asked {
  /** What it is for, e.g. `the user`. */
  readonly what: string;
  readonly scope: Scope;
  readonly adminEmail: string;
  readonly clientId: string | null;
}

/** A failure with Google's own words, for callers that know more than the status tells. */
export interface GoogleFailure {
  readonly failure: ConnectorFailure;
  /** Whether Google itself refused: then nothing was executed. */
  readonly answered: boolean;
  readonly reasons: readonly string[];
  readonly message: string;
}

function forbidden(reasons: readonly string[], message: string, said: string, asked: Asked): ConnectorFailure {
  const { what, scope, adminEmail, clientId } = asked;
  const has = (pattern: RegExp): boolean => reasons.some((reason) => pattern.test(reason));
  if (has(RATE) || /quota exceeded|rate limit/i.test(message)) return throttled(said);
  if (has(/^(accessNotConfigured|SERVICE_DISABLED)$/)) {
    return {
      kind: 'permission',
      message: `The API for ${what} is not enabled in the service account's project (${said}); enable the Admin SDK API and the Gmail API in Google Cloud under APIs & Services > Library.`,
      missing: 'API enabled in the project',
    };
  }
  if (has(/^(insufficientPermissions|ACCESS_TOKEN_SCOPE_INSUFFICIENT)$/)) {
    const mend = delegationFix(clientId, scope);
    return { kind: 'permission', message: `The token is not enough for ${what} (${said}); ${mend}.`, missing: scope };
  }
  return {
    kind: 'permission',
    message: `Google does not permit ${what} (${said}); ${privilegeFix(adminEmail, scope)}.`,
    missing: scope,
  };
}

export function throttled(said: string): ConnectorFailure {
  return {
    kind: 'throttled',
    message: `Google takes no more calls for now (${said}); wait before trying again.`,
    retryAfterMs: FIRST_WAIT_MS,
  };
}

function badRequest(reasons: readonly string[], message: string, said: string, what: string): ConnectorFailure {
  if (reasons.includes('failedPrecondition') && /service not enabled/i.test(message)) {
    return {
      kind: 'licence',
      message: `This person has no Gmail here (${said}); turn Gmail on for the account, or leave the mailbox out.`,
    };
  }
  if (/password/i.test(message)) {
    return {
      kind: 'invalid_input',
      message: `Google refused the new password (${said}); compare it with the password rules of the Admin console.`,
      field: 'password',
    };
  }
  if (reasons.includes('failedPrecondition') || reasons.includes('conditionNotMet')) {
    return {
      kind: 'conflict',
      message: `Google refused ${what} because of the present state (${said}); read the account again.`,
    };
  }
  return {
    kind: 'invalid_input',
    message: `Google refused the input for ${what} (${said}); correct it and try again.`,
  };
}

function classify(answer: HttpAnswer, reasons: readonly string[], message: string, asked: Asked): ConnectorFailure {
  const { what } = asked;
  const known = [reasons[0] ?? '', message].filter((part) => part !== '').join(': ');
  const said = known === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status}, ${answer.quote(known)}`;
  switch (answer.status) {
    case 401:
      return {
        kind: 'auth',
        message: `Google refused the access token (${said}); check the key of the service account and its delegation.`,
      };
    case 403:
      return forbidden(reasons, message, said, asked);
    case 404:
    case 410:
      return {
        kind: 'not_found',
        message: `Google does not know ${what} (${said}); check the address and the settings.`,
      };
    case 409:
    case 412:
      return {
        kind: 'conflict',
        message: `Google refused ${what} because of the present state (${said}); read the account again.`,
      };
    case 400:
      return badRequest(reasons, message, said, what);
    default:
      return {
        kind: 'unsupported',
        message: `Google did not take the request for ${what} (${said}); report this to the makers of Notme.`,
      };
  }
}

/** Any answer of 400..499, in Google's envelope or not, as one of the closed set of failures. */
export function readGoogleError(answer: HttpAnswer, asked: Asked): GoogleFailure {
  const parsed = envelope.safeParse(answer.body);
  const error = parsed.success ? parsed.data.error : { message: '', status: '', errors: [], details: [] };
  const reasons = [...error.errors, ...error.details].map(({ reason }) => reason).filter((reason) => reason !== '');
  if (error.status === 'FAILED_PRECONDITION') reasons.push('failedPrecondition');
  return {
    failure: classify(answer, reasons, error.message, asked),
    answered: true,
    reasons,
    message: error.message,
  };
}

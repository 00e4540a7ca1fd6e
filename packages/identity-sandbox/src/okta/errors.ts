import { randomBytes } from 'node:crypto';
import type { Reply } from '../http/message.js';
import type { Okta } from '../vendor/index.js';

/** Okta's error object. */
export function oktaError(
  status: number,
  errorCode: string,
  errorSummary: string,
  causes: readonly string[] = [],
): Reply {
  const body: Okta.Refusal = {
    errorCode,
    errorSummary,
    errorLink: errorCode,
    errorId: `oae${randomBytes(15).toString('base64url')}`,
    errorCauses: causes.map((cause) => ({ errorSummary: cause })),
  };
  return { status, body };
}

export const notFound = (id: string, type: string): Reply =>
  oktaError(404, 'E0000007', `Not found: Resource not found: ${id} (${type})`);

export const noSuchPath = (): Reply => oktaError(404, 'E0000008', 'The requested path was not found');

export const wrongMethod = (): Reply =>
  oktaError(405, 'E0000022', 'The endpoint does not support the provided HTTP method');

export const forbidden = (): Reply =>
  oktaError(403, 'E0000006', 'You do not have permission to perform the requested action');

export const invalidToken = (): Reply => oktaError(401, 'E0000011', 'Invalid token provided');

export const noFeature = (): Reply =>
  oktaError(401, 'E0000015', 'You do not have permission to access the feature you are requesting');

export const invalid = (what: string, ...causes: string[]): Reply =>
  oktaError(400, 'E0000001', `Api validation failed: ${what}`, causes);

export const malformed = (): Reply => oktaError(400, 'E0000003', 'The request body was not well-formed.');

export const wrongStatus = (): Reply =>
  oktaError(403, 'E0000038', "This operation is not allowed in the user's current status.");

/** A limit of 0 with 0 remaining is the limit on calls at the same time. */
export function tooMany(now: Date, waitMs: number, concurrent = false): Reply {
  const reset = Math.ceil((now.getTime() + waitMs) / 1000);
  return {
    ...oktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.'),
    headers: {
      'X-Rate-Limit-Limit': concurrent ? '0' : '600',
      'X-Rate-Limit-Remaining': '0',
      'X-Rate-Limit-Reset': String(reset),
    },
  };
}

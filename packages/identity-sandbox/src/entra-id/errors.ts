import { randomUUID } from 'node:crypto';
import type { Reply } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';

/** Graph's error body. */
export function graphError(status: number, code: string, message: string, now: Date): Reply {
  const id = randomUUID();
  const innerError = { date: now.toISOString().slice(0, 19), 'request-id': id, 'client-request-id': id };
  const error: EntraId.GraphError = { code, message, innerError };
  return { status, body: { error } };
}

/** The errors that many functions share. */
export function createErrors(clock: () => Date) {
  const error = (status: number, code: string, message: string): Reply => graphError(status, code, message, clock());
  return {
    error,
    denied: () => error(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
    /** Identity Protection, Conditional Access and the methods word a missing permission otherwise. */
    deniedByPolicy: () =>
      error(
        403,
        'AccessDenied',
        'You cannot perform the requested operation, required scopes are missing in the token.',
      ),
    methodDenied: () => error(403, 'accessDenied', 'Request Authorization failed'),
    mailDenied: () => error(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
    notLicensed: () => error(403, 'AccessDenied', 'Your tenant is not licensed for this feature.'),
    notPremium: () =>
      error(
        403,
        'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
        "Neither tenant is B2C or tenant doesn't have premium license",
      ),
    /** Privileged Identity Management, whose roles and groups word it so. */
    notGoverned: () =>
      error(
        400,
        'AadPremiumLicenseRequired',
        'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.',
      ),
    missing: (id: string) =>
      error(
        404,
        'Request_ResourceNotFound',
        `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      ),
    notFound: () => error(404, 'ResourceNotFound', 'The requested resource could not be found.'),
    badRequest: (message: string) => error(400, 'Request_BadRequest', message),
    onPremises: () =>
      error(
        400,
        'Request_BadRequest',
        'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
      ),
    badRoute: (segment: string) => error(400, 'BadRequest', `Resource not found for the segment '${segment}'.`),
    unauthorized: () => error(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'),
    internal: () => error(500, 'InternalServerError', 'An internal server error occurred. The operation failed.'),
    throttled: (waitMs: number): Reply => ({
      ...error(429, 'TooManyRequests', 'Too Many Requests'),
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) },
    }),
    /** Conditional Access and Identity Protection do not say how long. */
    throttledSilently: (): Reply => error(429, 'TooManyRequests', 'Too Many Requests'),
  };
}
export type Errors = ReturnType<typeof createErrors>;

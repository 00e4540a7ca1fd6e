import type { Reply } from '../http/message.js';
import type { Google } from '../vendor/index.js';

const refusal = (status: number, error: Google.Refusal, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers,
  body: { error },
});

/** `error` of the Admin SDK and Gmail: the old list of reasons beside the newer status. */
export function googleError(code: number, reason: string, message: string, status?: string): Reply {
  const errors = [
    { message, domain: reason.includes('imit') || reason.includes('uota') ? 'usageLimits' : 'global', reason },
  ];
  return refusal(code, { code, message, errors, ...(status === undefined ? {} : { status }) });
}

export const notFound = (what: string): Reply => googleError(404, 'notFound', `Resource Not Found: ${what}`);
export const notAuthorized = (): Reply => googleError(403, 'forbidden', 'Not Authorized to access this resource/api');
export const invalid = (message: string): Reply => googleError(400, 'invalid', message);
export const duplicate = (message: string): Reply => googleError(409, 'duplicate', message);
export const precondition = (message: string): Reply =>
  googleError(400, 'failedPrecondition', message, 'FAILED_PRECONDITION');

export const unauthenticated = (): Reply =>
  refusal(
    401,
    {
      code: 401,
      message:
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
      errors: [
        {
          message: 'Invalid Credentials',
          domain: 'global',
          reason: 'authError',
          location: 'Authorization',
          locationType: 'header',
        },
      ],
      status: 'UNAUTHENTICATED',
    },
    { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  );

export const insufficientScopes = (): Reply =>
  refusal(403, {
    code: 403,
    message: 'Request had insufficient authentication scopes.',
    errors: [{ message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' }],
    status: 'PERMISSION_DENIED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
      },
    ],
  });

/** Many services of the Admin SDK say "too many" with 403, and none says how long to wait. */
export const tooMany = (): Reply => googleError(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded');

export const internal = (): Reply =>
  googleError(503, 'backendError', 'Service unavailable. Please try again', 'UNAVAILABLE');

/** Google answers unknown routes with a page. */
export const noSuchPage = (path: string): Reply => ({
  status: 404,
  headers: { 'Content-Type': 'text/html; charset=UTF-8' },
  body: `<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> <ins>That’s an error.</ins><p>The requested URL <code>${path.replace(/[<>&]/g, '')}</code> was not found on this server.`,
});

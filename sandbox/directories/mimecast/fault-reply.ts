import type { MimecastFault } from './faults.js';
import { functionFailure, gatewayFailure, metaFailure, type Reply } from './wire.js';

/** What became of a request: an answer, a broken connection, or silence. */
export type Outcome = { readonly reply: Reply } | 'drop' | 'silence';

const PROXY_PAGE = '<html><body>Please sign in to the proxy</body></html>';

const INSTEAD: Partial<Record<MimecastFault['type'], (fault: MimecastFault, json: unknown) => Outcome>> = {
  throttle: ({ ms = 1000 }) => ({
    reply: {
      ...gatewayFailure(429, 'rate_limit_exceeded', 'Too many requests'),
      headers: { 'X-RateLimit-Reset': String(ms) },
    },
  }),
  http_500: () => ({ reply: gatewayFailure(500, 'err_internal', 'Internal error') }),
  unauthorized: () => ({ reply: gatewayFailure(401, 'token_expired', 'Access Token Expired') }),
  nonsense: () => ({ reply: { status: 200, body: PROXY_PAGE } }),
  fail_envelope: ({ code = 'err_internal' }, json) => ({
    reply: functionFailure(json, { code, message: 'The function failed' }),
  }),
  meta_status: ({ status = 500 }) => ({ reply: metaFailure(status) }),
  timeout_before_effect: () => 'silence',
  drop_before_effect: () => 'drop',
};

/** The faults that stand in the place of the function: nothing is carried out. */
export function insteadOf(fault: MimecastFault | null, json: unknown): Outcome | null {
  return fault === null ? null : (INSTEAD[fault.type]?.(fault, json) ?? null);
}

/** The faults that come after it: the change holds, the answer does not arrive. */
export function afterwards(fault: MimecastFault | null, reply: Reply): Outcome {
  if (fault?.type === 'timeout_after_effect') return 'silence';
  return fault?.type === 'drop_after_effect' ? 'drop' : { reply };
}

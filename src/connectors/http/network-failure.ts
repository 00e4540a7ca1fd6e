import { z } from 'zod';
import type { ConnectorFailure } from '../../ports/connector.js';

/** At which stage a request was lost, by Node's and undici's error codes. */
export type LostAt = 'before_send' | 'certificate' | 'after_send';

const BEFORE_SEND = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const CERTIFICATE = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
]);

/** Valid before or after this time: of the certificate's, or of this machine's clock. */
const OUT_OF_TIME: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

const coded = z.object({ code: z.string().optional(), syscall: z.string().optional(), cause: z.unknown().optional() });

interface Trace {
  readonly lostAt: LostAt;
  /** The machine's code, e.g. `ECONNREFUSED`; `network error` when there is none. */
  readonly code: string;
}

/** Follows `cause` to the error that says where the request was lost; an unknown one counts as sent. */
export function traceNetworkError(error: unknown): Trace {
  let current: unknown = error;
  for (let depth = 0; depth < 5; depth += 1) {
    const parsed = coded.safeParse(current);
    if (!parsed.success) break;
    const { code, syscall, cause } = parsed.data;
    if (code !== undefined) {
      if (CERTIFICATE.has(code)) return { lostAt: 'certificate', code };
      const early = BEFORE_SEND.has(code) || syscall === 'connect' || syscall === 'getaddrinfo';
      if (early) return { lostAt: 'before_send', code };
      if (cause === undefined) return { lostAt: 'after_send', code };
    }
    current = cause;
  }
  return { lostAt: 'after_send', code: 'network error' };
}

/** A request whose answer never came: only a write that may have been sent has an unknown outcome. */
export function lost(what: string, write: boolean): ConnectorFailure {
  return write
    ? {
        kind: 'unknown_outcome',
        message: `${what}, after the change was sent; read the account back before repeating it.`,
      }
    : { kind: 'transient', message: `${what}; it is safe to ask again.` };
}

/** The failure for what a request threw. The error's own text is left out: it may quote the request. */
export function networkFailure(system: string, error: unknown, write: boolean): ConnectorFailure {
  const { lostAt, code } = traceNetworkError(error);
  switch (lostAt) {
    case 'before_send':
      return {
        kind: 'transient',
        message: `${system} could not be reached (${code}); nothing was sent, it is safe to try again.`,
      };
    case 'certificate':
      return {
        kind: 'auth',
        message: `${system}'s certificate is not trusted (${code}); ${OUT_OF_TIME.has(code) ? "check this machine's clock, and have the certificate renewed where it is installed" : "check the base URL and the machine's certificate authorities"}.`,
      };
    case 'after_send':
      return lost(`The connection to ${system} broke (${code})`, write);
  }
}

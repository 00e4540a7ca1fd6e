import { z } from 'zod';
import { quoteServer, type MailFailure } from './port.js';

/** What mailgun.js 14 throws. Its class name is minified and `name` is `Error`, so it is recognised by `type`. */
const apiError = z.object({
  type: z.literal('MailgunAPIError'),
  status: z.number(),
  message: z.string().catch(''),
  details: z.unknown().optional(),
});

/** Codes of a connection that was never established: nothing was handed over. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO']);
/**
 * The system's, OpenSSL's or axios' codes, which mailgun.js returns as the message of a `status: 400`. Of these only
 * ERR_BAD_REQUEST can be a true 400: axios says so when the status line has no reason.
 */
const NETWORK_CODE = /^(E[A-Z]{3,}|[A-Z]+(_[A-Z0-9]+)+)$/;
const CERTIFICATE = /CERT|SIGNATURE|ERR_TLS/;

function networkFailure(code: string): MailFailure {
  if (NEVER_SENT.has(code)) {
    return {
      kind: 'transient',
      message: `Mailgun could not be reached (${code}); check the network and the mail url.`,
    };
  }
  if (CERTIFICATE.test(code)) {
    return {
      kind: 'transient',
      message: `Mailgun's certificate was not accepted (${code}); check the mail url and the trusted certificates.`,
    };
  }
  return {
    kind: 'unknown_outcome',
    message: `The connection to Mailgun broke before its answer came (${code}); look in Mailgun's log before sending again.`,
  };
}

function answerFailure(status: number, said: string): MailFailure {
  if (said.includes('Mailgun Magnificent API')) {
    return {
      kind: 'auth',
      message: 'The mail url is not that of the API; write https://api.mailgun.net without a path.',
    };
  }
  if (status === 401 || status === 403) {
    return {
      kind: 'auth',
      message: `Mailgun refused the API key (${status}); check MAILGUN_API_KEY, and that the url is that of the key's region (us or eu).`,
    };
  }
  if (status === 404) {
    return {
      kind: 'auth',
      message: `Mailgun does not know the sending domain (${said}); check MAILGUN_DOMAIN and the region of the url.`,
    };
  }
  if (status === 429) return { kind: 'throttled', message: 'Mailgun asks for fewer mails; it is tried again later.' };
  if (status === 503) return { kind: 'transient', message: 'Mailgun is not available (503); it is tried again.' };
  if (status >= 500 || status === 408) {
    return {
      kind: 'unknown_outcome',
      message: `Mailgun failed (${status}) and did not say whether it took the mail; look in Mailgun's log before sending again.`,
    };
  }
  return { kind: 'rejected', message: `Mailgun did not take the mail (${status}: ${said}); mend what it names.` };
}

/**
 * Classifies what `messages.create` threw. mailgun.js reports a network failure as `status: 400` with the system's
 * error code as its message, and loses Retry-After (seen in 14.0.1).
 */
export function mailgunFailure(error: unknown): MailFailure {
  const parsed = apiError.safeParse(error);
  if (!parsed.success) {
    return {
      kind: 'unknown_outcome',
      message: "The Mailgun client failed in an unexpected way; look in Mailgun's log before sending again.",
    };
  }
  const { status, message } = parsed.data;
  const said = quoteServer(typeof parsed.data.details === 'string' ? parsed.data.details : '');
  if (status === 400 && NETWORK_CODE.test(message) && message !== 'ERR_BAD_REQUEST') return networkFailure(message);
  return answerFailure(status, said === '' ? quoteServer(message) : said);
}

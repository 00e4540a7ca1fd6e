import { z } from 'zod';
import { err, ok, type Result } from '../platform/result.js';
import { breaksHeader, emailAddress } from './address.js';

const header = (max: number) =>
  z
    .string()
    .min(1, 'is empty; give it a text')
    .max(max)
    .refine((text) => !breaksHeader(text), 'holds a line break or another control character; take it out');

/** One mail to one person. Checked before anything leaves the process. */
export const outgoingMail = z.object({
  /** Our own unique id: becomes the Message-ID `<id@domain>`, so that a mail sent twice can be recognised. */
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, 'may hold only letters, digits, ".", "_" and "-", at most 100'),
  to: emailAddress,
  subject: header(400),
  text: z.string().min(1).max(100_000),
  html: z.string().min(1).max(100_000),
  correlationId: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'may hold only visible ASCII characters, at most 200'),
});
export type OutgoingMail = z.infer<typeof outgoingMail>;

/** Everything that can go wrong with a mail. */
export interface MailFailure {
  /**
   * `transient`: proven not accepted, may be sent again. `throttled`: the same, later. `rejected`: will never be
   * accepted as it is. `auth`: key, domain or rights are wrong(an administrator must act). `unknown_outcome`: the mail
   * was handed over and the answer was lost; sending again may deliver it twice, with the same Message-ID.
   */
  readonly kind: 'transient' | 'throttled' | 'rejected' | 'auth' | 'unknown_outcome';
  /** What is wrong and how to fix it; never a key, a password or the mail's text. */
  readonly message: string;
  /** Milliseconds that the server asked us to wait, when it said so. */
  readonly retryAfterMs?: number;
}

export interface Sent {
  /** The Message-ID under which the server accepted the mail, without angle brackets. */
  readonly messageId: string;
}

/** A way to send mail. `send` never throws for what a server answers; `ping` rejects with what is wrong, and sends nothing. */
export interface Mailer {
  readonly kind: 'mailgun' | 'smtp';
  send(message: OutgoingMail): Promise<Result<Sent, MailFailure>>;
  ping(): Promise<void>;
}

/** Checks a mail at the edge: refuses header injection, address lists and malformed ids. */
export function checkOutgoing(message: OutgoingMail): Result<OutgoingMail, MailFailure> {
  const parsed = outgoingMail.safeParse(message);
  if (parsed.success) return ok(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  return err({ kind: 'rejected', message: `The mail was not sent: ${problems.join('; ')}.` });
}

/** A server's words, safe for a log line: one line, at most 200 characters. */
export function quoteServer(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

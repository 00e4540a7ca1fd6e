import type { Result } from '../platform/result.js';
import type { Secret } from '../platform/secret.js';
import type { Notice } from './notice.js';

/** A notice on its way to somebody without a Slack account. */
export interface MailedNotice {
  readonly notice: Notice;
  readonly systemTitle: string;
  readonly to: string;
  /** The report page's single-use token: goes into the link and nowhere else. */
  readonly token: Secret;
  readonly expiresAt: Date;
  /** IANA name. */
  readonly timeZone: string;
  readonly correlationId: string;
}

export interface MailProblem {
  /** `auth`: key, domain or rights; `rejected`: this one mail; the others may pass. Each is tried again. */
  readonly kind: 'unconfigured' | 'transient' | 'throttled' | 'rejected' | 'auth' | 'unknown_outcome';
  /** What is wrong and how to fix it. */
  readonly message: string;
  /** How long the server asked us to wait, when it said so. */
  readonly retryAfterMs?: number;
}

/** Sends notices by mail. Implemented by the mail edge; the same notice sent twice carries the same Message-ID. */
export interface NoticeMailer {
  send(mail: MailedNotice): Promise<Result<null, MailProblem>>;
  /** Checks whether mails would be accepted, and sends nothing. Rejects with what is wrong. */
  ping(): Promise<void>;
}

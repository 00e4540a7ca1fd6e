import type { Result } from '../result.js';
import type { Secret } from '../secret.js';
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
  readonly message: string;
  /** `null`: sending it again would fail in the same way. */
  readonly retryAfterMs: number | null;
}

/** Sends notices by mail. Implemented by the mail edge; the same notice sent twice carries the same Message-ID. */
export interface NoticeMailer {
  send(mail: MailedNotice): Promise<Result<null, MailProblem>>;
}

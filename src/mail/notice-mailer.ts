import type { MailTexts } from '../texts/mail.js';
import type { NoticeMailer } from '../notices/notice-mailer.js';
import { err, ok } from '../platform/result.js';
import { noticeMail } from './notice-mail.js';
import type { Mailer } from './port.js';

/** Sends notices as mails whose link opens the report page at `reportUrl` (ends with a slash). */
export function createNoticeMailer(mailer: Mailer, reportUrl: string, texts: MailTexts): NoticeMailer {
  return {
    ping: () => mailer.ping(),
    send: async (mail) => {
      const { notice } = mail;
      const content = noticeMail(
        {
          facts: { ...notice, systemTitle: mail.systemTitle, occurredAt: notice.occurred_at },
          link: `${reportUrl}${mail.token.reveal()}`,
          expiresAt: mail.expiresAt,
          timeZone: mail.timeZone,
        },
        texts,
      );
      const sent = await mailer.send({ id: notice.id, to: mail.to, correlationId: mail.correlationId, ...content });
      return sent.ok ? ok(null) : err(sent.error);
    },
  };
}

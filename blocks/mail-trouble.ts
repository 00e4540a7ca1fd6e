import type { MailTrouble } from '../src/notices/refused-mail.js';
import { type Content, header, section, type Translator } from './parts.js';

/** Tells the security channel that notices cannot be mailed, why, and what happens to them. */
export function mailTroubleCard({ say, plain }: Translator, { kind, notices, problem }: MailTrouble): Content {
  return {
    text: plain('mail_trouble.title'),
    blocks: [
      header(plain('mail_trouble.title')),
      section(say(`mail_trouble.${kind}`, { problem })),
      section(say('mail_trouble.next', { count: notices })),
    ],
  };
}

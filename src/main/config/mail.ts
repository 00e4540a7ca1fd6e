import type { MailInput } from './shape.js';
import { anyGiven, isGiven, read, required, requiredSecret, secretFrom, type Place, type Sources } from './sources.js';

/** Mailgun or SMTP, never both; `null` when no mail is configured. */
export function mail(sources: Sources): MailInput | null {
  const { env, file, problems } = sources;
  const mailgun =
    file.mail?.mailgun !== undefined || anyGiven(sources, ['MAILGUN_API_KEY', 'MAILGUN_DOMAIN', 'MAILGUN_URL']);
  const smtp = env.given.has('SMTP_URL');
  const sender: Place = { name: 'MAIL_FROM', key: 'mail.from', inFile: file.mail?.from };
  if (mailgun && smtp) {
    const fix = 'Keep either SMTP_URL or the settings of Mailgun.';
    problems.push({ key: 'SMTP_URL', problem: 'Both Mailgun and SMTP are configured.', fix });
    return null;
  }
  if (!mailgun && !smtp) {
    if (isGiven(sources, sender)) problems.push(senderAlone);
    return null;
  }
  const from = required(sources, sender, 'mails need a sender');
  return mailgun ? mailgunInput(sources, from) : smtpInput(sources, from);
}

const senderAlone = {
  key: 'MAIL_FROM',
  problem: 'A sender is set, but no way to send mail.',
  fix: 'Set MAILGUN_API_KEY and MAILGUN_DOMAIN, or SMTP_URL, or remove the sender.',
};

function mailgunInput(sources: Sources, from: string | undefined): MailInput | null {
  const section = sources.file.mail?.mailgun;
  const because = 'Mailgun is only half configured';
  const apiKey = requiredSecret(sources, 'MAILGUN_API_KEY', because);
  const domainPlace: Place = { name: 'MAILGUN_DOMAIN', key: 'mail.mailgun.domain', inFile: section?.domain };
  const domain = required(sources, domainPlace, because);
  if (apiKey === null || domain === undefined || from === undefined) return null;
  const url = read(sources, { name: 'MAILGUN_URL', key: 'mail.mailgun.url', inFile: section?.url });
  return { transport: 'mailgun', domain, api_key: apiKey, url: url ?? 'https://api.mailgun.net', from };
}

function smtpInput({ env }: Sources, from: string | undefined): MailInput | null {
  const url = secretFrom(env, 'SMTP_URL');
  return url === null || from === undefined ? null : { transport: 'smtp', url, from };
}

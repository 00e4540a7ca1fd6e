import { en } from '../texts/en.js';
import { sayPlain, withOverrides } from '../texts/say.js';
import type { MailTrouble } from '../notices/refused-mail.js';
import type { Diagnosis, Found } from './examine.js';

const say = sayPlain(withOverrides({}));

/** What the doctor needs from a way to send mail: `ping` rejects with what is wrong, and sends nothing. */
export interface Pinged {
  ping(): Promise<void>;
}

/** Without a mail server somebody contacts people by hand: the installation decides that. */
async function serverFinding(mailer: Pinged | null): Promise<Found> {
  if (!mailer)
    return { subject: 'mail', verdict: 'console', detail: en['mail.doctor.none'], fix: en['mail.doctor.set'] };
  try {
    await mailer.ping();
    return { subject: 'mail', verdict: 'ok', detail: en['mail.doctor.ok'], fix: '' };
  } catch (error) {
    const detail = error instanceof Error ? error.message : en['mail.doctor.unknown'];
    return { subject: 'mail', verdict: 'misconfigured', detail, fix: en['mail.doctor.kept'] };
  }
}

function waitingFinding({ notices, problem }: MailTrouble): Found {
  const detail = say('mail.doctor.waiting', { count: notices, problem });
  return { subject: 'mail', verdict: 'misconfigured', detail, fix: en['mail.doctor.kept'] };
}

/** Whether people without Slack can be reached: what the mail server says now, and what notices wait for. */
export async function examineMail(mailer: Pinged | null, waiting: readonly MailTrouble[]): Promise<Diagnosis> {
  const findings = [await serverFinding(mailer), ...waiting.map(waitingFinding)];
  return { system: 'mail', title: en['mail.doctor.title'], account: null, findings, missing: null };
}

import type { Runtime } from '../platform/runtime.js';
import { createMailgunMailer } from './mailgun.js';
import type { Mailer } from './port.js';
import type { MailSettings } from './settings.js';
import { createSmtpMailer } from './smtp.js';

/** The mailer that the settings call for. */
export function createMailer(settings: MailSettings, runtime: Runtime): Mailer {
  return settings.transport === 'mailgun' ? createMailgunMailer(settings) : createSmtpMailer(settings, runtime);
}

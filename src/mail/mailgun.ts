import Mailgun from 'mailgun.js';
import { z } from 'zod';
import { err, ok, type Result } from '../platform/result.js';
import { sayMailbox } from './address.js';
import { mailgunFailure } from './mailgun-failure.js';
import { checkOutgoing, type MailFailure, type Mailer, type OutgoingMail, type Sent } from './port.js';
import type { MailgunSettings } from './settings.js';
import { withinDeadline } from '../platform/within-deadline.js';

const accepted = z.object({ id: z.string().regex(/^<?[^<>\s]+>?$/) });

function fields(settings: MailgunSettings, message: OutgoingMail) {
  return {
    from: sayMailbox(settings.from),
    to: [message.to],
    subject: message.subject,
    text: message.text,
    html: message.html,
    'h:Message-Id': `<${message.id}@${settings.domain}>`,
    'h:Auto-Submitted': 'auto-generated',
    'v:notme-id': message.id,
    'v:correlation-id': message.correlationId,
    // Rewritten links look like phishing, and a tracking pixel tells others when a person reads security mail.
    'o:tracking': 'no' as const,
    'o:tracking-clicks': 'no' as const,
    'o:tracking-opens': 'no' as const,
    'o:require-tls': 'yes' as const,
  };
}

/**
 * Mail through Mailgun's API (`POST /v3/{domain}/messages`, Basic `api:key`).
 * `ping` posts a message without sender and recipient, which Mailgun refuses with 400 once it has accepted key and
 * domain: a domain sending key may do nothing else, so no reading call would prove it.
 */
export function createMailgunMailer(settings: MailgunSettings): Mailer {
  const client = new Mailgun(FormData).client({
    username: 'api',
    key: settings.api_key.reveal(),
    url: settings.url,
    timeout: settings.deadline_ms,
  });

  async function create(data: Parameters<typeof client.messages.create>[1]): Promise<Result<Sent, MailFailure>> {
    try {
      const answer = await withinDeadline(client.messages.create(settings.domain, data), settings.deadline_ms);
      if (answer === 'late') {
        return err({
          kind: 'unknown_outcome',
          message: `Mailgun did not answer within ${settings.deadline_ms} ms; look in Mailgun's log before sending again.`,
        });
      }
      const parsed = accepted.safeParse(answer);
      if (parsed.success) return ok({ messageId: parsed.data.id.replace(/^<|>$/g, '') });
      return err({
        kind: 'unknown_outcome',
        message: "Mailgun answered without a message id; look in Mailgun's log before sending again.",
      });
    } catch (error) {
      return err(mailgunFailure(error));
    }
  }

  return {
    kind: 'mailgun',
    async send(message) {
      const checked = checkOutgoing(message);
      return checked.ok ? create(fields(settings, checked.value)) : checked;
    },
    async ping() {
      const answer = await create({ text: 'ping' });
      if (answer.ok || answer.error.kind === 'rejected') return;
      throw new Error(answer.error.message);
    },
  };
}

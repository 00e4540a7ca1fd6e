import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { err, ok, type Result } from '../platform/result.js';
import type { Runtime } from '../platform/runtime.js';
import { domainOf } from './address.js';
import { checkOutgoing, quoteServer, type MailFailure, type Mailer, type OutgoingMail, type Sent } from './port.js';
import { isLoopback, smtpServer, type SmtpServer, type SmtpSettings } from './settings.js';
import { withinDeadline } from '../platform/within-deadline.js';

/** The parts of nodemailer's errors that are used. */
const smtpError = z.object({
  code: z.string().catch(''),
  responseCode: z.number().optional().catch(undefined),
  response: z.unknown().optional(),
});

/** What a server's reply code means (RFC 5321: 4xx may be tried again, 5xx may not). */
function replyFailure(code: number, said: string): MailFailure {
  if (code === 530 || code === 535) {
    return {
      kind: 'auth',
      message: `The mail server refused the sign-in (${said}); check the SMTP user and password.`,
    };
  }
  if (code >= 500)
    return { kind: 'rejected', message: `The mail server did not take the mail (${said}); mend what it names.` };
  if (code === 421 || code === 450 || code === 452) {
    return { kind: 'throttled', message: `The mail server asks to come back later (${said}).` };
  }
  return { kind: 'transient', message: `The mail server could not take the mail now (${said}); it is tried again.` };
}

/** `handedOver`: the DATA command was sent, so the mail may have been accepted although no reply came. */
function failureOf(error: unknown, handedOver: boolean): MailFailure {
  const parsed = smtpError.safeParse(error);
  if (!parsed.success)
    return {
      kind: 'unknown_outcome',
      message: "The SMTP client failed in an unexpected way; look in the mail server's log before sending again.",
    };
  const { code, responseCode, response } = parsed.data;
  if (responseCode !== undefined && responseCode >= 400) {
    return replyFailure(responseCode, quoteServer(typeof response === 'string' ? response : String(responseCode)));
  }
  if (handedOver) {
    return {
      kind: 'unknown_outcome',
      message: `The connection broke after the mail was handed over (${code}); look in the mail server's log before sending again.`,
    };
  }
  if (code === 'EAUTH')
    return {
      kind: 'auth',
      message: 'The mail server offers no sign-in that we know; check the SMTP user, the password and the port.',
    };
  if (code === 'EENVELOPE')
    return { kind: 'rejected', message: 'The mail server refused sender or recipient; check both addresses.' };
  return {
    kind: 'transient',
    message: `The mail server could not be reached safely (${code}); check host, port and TLS.`,
  };
}

/**
 * A logger that listens for the one moment that matters: the DATA command, after which the mail may have been accepted.
 */
function watchForData(onData: () => void) {
  const silent = (): void => undefined;
  const listen = (entry: unknown, text: unknown): void => {
    const parsed = z.object({ tnx: z.literal('client') }).safeParse(entry);
    if (parsed.success && typeof text === 'string' && /^DATA\b/.test(text)) onData();
  };
  return { level: silent, trace: silent, debug: listen, info: silent, warn: silent, error: silent, fatal: silent };
}

function options(server: SmtpServer, deadlineMs: number, onData: () => void) {
  return {
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: !server.secure && !isLoopback(server.host),
    ...(server.user !== null && server.password !== null
      ? { auth: { user: server.user, pass: server.password.reveal() } }
      : {}),
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
    logger: watchForData(onData),
  };
}

/** Mail through a plain SMTP server. TLS is required unless the server is on loopback. One connection per mail. */
export function createSmtpMailer(settings: SmtpSettings, runtime: Runtime): Mailer {
  const server = smtpServer(settings);
  const { name, address } = settings.from;

  async function deliver(message: OutgoingMail): Promise<Result<Sent, MailFailure>> {
    let handedOver = false;
    const transport = createTransport(options(server, settings.deadline_ms, () => (handedOver = true)));
    const messageId = `${message.id}@${domainOf(address)}`;
    const sending = transport.sendMail({
      from: { name, address },
      to: { name: '', address: message.to },
      subject: message.subject,
      text: message.text,
      html: message.html,
      messageId: `<${messageId}>`,
      date: runtime.now(),
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Notme-Id': message.id,
        'X-Correlation-Id': message.correlationId,
      },
    });
    try {
      const answer = await withinDeadline(sending, settings.deadline_ms);
      if (answer !== 'late') return ok({ messageId });
      return err(failureOf({ code: 'ETIMEDOUT' }, handedOver));
    } catch (error) {
      return err(failureOf(error, handedOver));
    } finally {
      transport.close();
    }
  }

  return {
    kind: 'smtp',
    async send(message) {
      const checked = checkOutgoing(message);
      return checked.ok ? deliver(checked.value) : checked;
    },
    async ping() {
      const transport = createTransport(options(server, settings.deadline_ms, () => undefined));
      try {
        const answer = await withinDeadline(transport.verify(), settings.deadline_ms);
        if (answer === 'late') throw Object.assign(new Error('late'), { code: 'ETIMEDOUT' });
      } catch (error) {
        throw new Error(failureOf(error, false).message, { cause: error });
      } finally {
        transport.close();
      }
    },
  };
}

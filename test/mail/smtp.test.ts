import { afterEach, describe, expect, it } from '@jest/globals';
import { smtpSettings } from '../../src/mail/settings.js';
import { createSmtpMailer } from '../../src/mail/smtp.js';
import { Secret } from '../../src/platform/secret.js';
import { mail, playedRuntime } from './example.js';
import { startSmtp, type SmtpScript } from './smtp-server.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function server(script?: SmtpScript) {
  const made = await startSmtp(script);
  open.push(made);
  return made;
}

const mailer = (port: number, over: object = {}) =>
  createSmtpMailer(
    smtpSettings.parse({
      transport: 'smtp',
      host: '127.0.0.1',
      port,
      from: 'Notme <notme@example.com>',
      deadline_ms: 3_000,
      ...over,
    }),
    playedRuntime(),
  );

describe('the SMTP mailer', () => {
  it('sends with our Message-ID and the clock that was handed in', async () => {
    const smtp = await server();
    expect(await mailer(smtp.port).send(mail)).toEqual({ ok: true, value: { messageId: 'notice_0001@example.com' } });
    const [message = ''] = smtp.taken;
    expect(message).toContain('Message-ID: <notice_0001@example.com>');
    expect(message).toContain('Date: Mon, 02 Mar 2026 12:00:00 +0000');
    expect(message).toContain('Auto-Submitted: auto-generated');
    expect(message).toContain('X-Notme-ID: notice_0001');
    expect(message).toContain('To: ada@example.com');
    expect(message).toContain('Content-Type: multipart/alternative');
  });

  it('signs in from a url', async () => {
    const smtp = await server({ offersAuth: true });
    const url = new Secret(`smtp://us%40er:p%25w@127.0.0.1:${smtp.port}`);
    expect(await mailer(smtp.port, { host: undefined, port: undefined, url }).send(mail)).toMatchObject({ ok: true });
    expect(smtp.commands).toContain(`AUTH PLAIN ${Buffer.from('\0us@er\0p%w').toString('base64')}`);
  });

  it.each([
    ['a refused sign-in', { AUTH: '535 5.7.8 no' }, 'auth'],
    ['a refused recipient', { RCPT: '550 5.1.1 no such user' }, 'rejected'],
    ['a greylisting', { RCPT: '450 4.2.0 later' }, 'throttled'],
    ['a local error', { MAIL: '451 4.3.0 error' }, 'transient'],
    ['a refused body', { body: '554 5.7.1 spam' }, 'rejected'],
    ['a busy server', { greeting: '421 busy' }, 'throttled'],
    ['a connection cut at the greeting', { greeting: 'drop' }, 'transient'],
    ['a connection cut at the recipient', { RCPT: 'drop' }, 'transient'],
    ['a connection cut after the body', { body: 'drop' }, 'unknown_outcome'],
  ])('classifies %s', async (_what, replies, kind) => {
    const smtp = await server({ replies, offersAuth: true });
    const sent = await mailer(smtp.port, { user: 'user', password: new Secret('pa55word') }).send(mail);
    expect(sent).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(sent)).not.toContain('pa55word');
  });

  it('calls a refused connection transient', async () => {
    const smtp = await startSmtp();
    await smtp.close();
    expect(await mailer(smtp.port).send(mail)).toMatchObject({ error: { kind: 'transient' } });
    await expect(mailer(smtp.port).ping()).rejects.toThrow('check host, port and TLS');
  });

  it('pings', async () => {
    const smtp = await server();
    await expect(mailer(smtp.port).ping()).resolves.toBeUndefined();
    expect(smtp.taken).toHaveLength(0);
  });

  it('refuses header injection', async () => {
    const smtp = await server();
    expect(await mailer(smtp.port).send({ ...mail, subject: 'a\r\nBcc: eve@example.com' })).toMatchObject({
      error: { kind: 'rejected' },
    });
    expect(smtp.commands).toHaveLength(0);
  });
});

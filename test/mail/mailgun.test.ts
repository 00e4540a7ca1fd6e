import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createMailSandbox, type MailSandbox } from '../../sandbox/mail/index.js';
import { createMailgunMailer } from '../../src/mail/mailgun.js';
import { mailgunFailure } from '../../src/mail/mailgun-failure.js';
import { mailgunSettings } from '../../src/mail/settings.js';
import { Secret } from '../../src/platform/secret.js';
import { mail, NOON } from './example.js';

const KEY = 'key-very-secret';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function sandbox(): Promise<MailSandbox> {
  const made = await createMailSandbox({ domain: 'mg.example.com', apiKey: KEY, clock: () => NOON });
  open.push(made);
  return made;
}

const mailer = (url: string, over: { key?: string; domain?: string; deadline_ms?: number } = {}) =>
  createMailgunMailer(
    mailgunSettings.parse({
      transport: 'mailgun',
      domain: over.domain ?? 'mg.example.com',
      api_key: new Secret(over.key ?? KEY),
      url,
      from: 'Security, Team <security@mg.example.com>',
      ...(over.deadline_ms === undefined ? {} : { deadline_ms: over.deadline_ms }),
    }),
  );

async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

describe('the Mailgun mailer', () => {
  it('sends with our Message-ID, without tracking, over TLS only', async () => {
    const mailgun = await sandbox();
    const sent = await mailer(mailgun.url).send(mail);
    expect(sent).toEqual({ ok: true, value: { messageId: 'notice_0001@mg.example.com' } });
    const [kept] = mailgun.mailbox('ada@example.com');
    expect(kept).toMatchObject({
      message_id: '<notice_0001@mg.example.com>',
      from: '"Security, Team" <security@mg.example.com>',
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      links: [{ label: 'the page', url: 'https://notme.example/report/abc?x=1&y=2' }],
      fields: {
        'v:notme-id': 'notice_0001',
        'v:correlation-id': 'corr-1',
        'o:tracking': 'no',
        'o:tracking-clicks': 'no',
        'o:tracking-opens': 'no',
        'o:require-tls': 'yes',
      },
    });
  });

  it.each([
    ['a wrong key', { key: 'key-wrong' }, 'auth', 'MAILGUN_API_KEY'],
    ['an unknown domain', { domain: 'other.example.com' }, 'auth', 'MAILGUN_DOMAIN'],
  ])('calls %s a matter for an administrator', async (_what, over, kind, mend) => {
    const mailgun = await sandbox();
    const sent = await mailer(mailgun.url, over).send(mail);
    expect(sent).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(sent)).toContain(mend);
    expect(JSON.stringify(sent)).not.toContain('key-');
    expect(mailgun.mailbox()).toHaveLength(0);
  });

  it.each([
    ['http_429', 'throttled', 0],
    ['http_500', 'unknown_outcome', 0],
    ['drop_after_accept', 'unknown_outcome', 1],
    ['drop_before_accept', 'unknown_outcome', 0],
  ] as const)('classifies %s as %s', async (type, kind, delivered) => {
    const mailgun = await sandbox();
    mailgun.faults.add({ type, times: 1 });
    expect(await mailer(mailgun.url).send(mail)).toMatchObject({ ok: false, error: { kind } });
    expect(mailgun.mailbox()).toHaveLength(delivered);
    expect(await mailer(mailgun.url).send(mail)).toMatchObject({ ok: true });
    expect(new Set(mailgun.mailbox().map((one) => one.message_id)).size).toBe(1);
  });

  it('gives up a slow answer without claiming that nothing was sent', async () => {
    const mailgun = await sandbox();
    mailgun.faults.add({ type: 'slow', times: 1, ms: 5_000 });
    expect(await mailer(mailgun.url, { deadline_ms: 200 }).send(mail)).toMatchObject({
      error: { kind: 'unknown_outcome' },
    });
  });

  it('calls a refused connection transient: mailgun.js reports it as status 400', async () => {
    const mailgun = await sandbox();
    await mailgun.close();
    open.splice(0);
    expect(await mailer(mailgun.url).send(mail)).toMatchObject({ error: { kind: 'transient' } });
  });

  it.each([
    ['a bare 400 without a reason', 400, '{"message":"to parameter is not valid"}', 'rejected'],
    ['a 503', 503, 'down', 'transient'],
    ['an answer that is nonsense', 200, '<html>', 'unknown_outcome'],
    ['an answer without an id', 200, '{"message":"Queued"}', 'unknown_outcome'],
    ['the root of the site', 200, 'Mailgun Magnificent API', 'auth'],
  ])('understands %s', async (_what, status, body, kind) => {
    const url = await answering((_request, response) => {
      response.statusMessage = status === 400 ? ' ' : 'Said';
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    expect(await mailer(url).send(mail)).toMatchObject({ ok: false, error: { kind } });
  });

  it('refuses header injection and lists before anything is sent', async () => {
    const mailgun = await sandbox();
    const bad = [
      { subject: 'Hello\r\nBcc: eve@example.com' },
      { subject: 'Hello\nBcc: eve@example.com' },
      { subject: 'a\u0000b' },
      { to: 'ada@example.com\r\nBcc: eve@example.com' },
      { to: 'ada@example.com, eve@example.com' },
      { to: 'Ada <ada@example.com>' },
      { id: 'a>\r\nBcc: eve@example.com' },
      { correlationId: 'a\nb' },
    ];
    for (const over of bad) {
      expect(await mailer(mailgun.url).send({ ...mail, ...over })).toMatchObject({ error: { kind: 'rejected' } });
    }
    expect(mailgun.mailbox()).toHaveLength(0);
  });

  it('pings without sending, and says what is wrong', async () => {
    const mailgun = await sandbox();
    await expect(mailer(mailgun.url).ping()).resolves.toBeUndefined();
    await expect(mailer(mailgun.url, { key: 'key-wrong' }).ping()).rejects.toThrow('MAILGUN_API_KEY');
    await expect(mailer(mailgun.url, { domain: 'x.example.com' }).ping()).rejects.toThrow('MAILGUN_DOMAIN');
    expect(mailgun.mailbox()).toHaveLength(0);
  });
});

describe('mailgunFailure', () => {
  const thrown = (status: number, message: string, details = '') =>
    mailgunFailure(Object.assign(new Error(message), { type: 'MailgunAPIError', status, details })).kind;

  it('tells network failures from refusals', () => {
    expect(thrown(400, 'ECONNREFUSED')).toBe('transient');
    expect(thrown(400, 'ENOTFOUND')).toBe('transient');
    expect(thrown(400, 'DEPTH_ZERO_SELF_SIGNED_CERT')).toBe('transient');
    expect(thrown(400, 'ECONNRESET', 'socket hang up')).toBe('unknown_outcome');
    expect(thrown(400, 'ECONNABORTED', 'timeout of 100ms exceeded')).toBe('unknown_outcome');
    expect(thrown(400, 'ERR_BAD_RESPONSE')).toBe('unknown_outcome');
    expect(thrown(400, 'ERR_BAD_REQUEST', 'bad')).toBe('rejected');
    expect(thrown(400, 'Bad Request', 'bad')).toBe('rejected');
    expect(thrown(400, 'BAD REQUEST', 'bad')).toBe('rejected');
    expect(mailgunFailure(new TypeError('x')).kind).toBe('unknown_outcome');
  });
});

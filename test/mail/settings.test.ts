import { describe, expect, it } from '@jest/globals';
import { mailSettings, smtpServer, smtpSettings } from '../../src/mail/settings.js';
import { Secret } from '../../src/platform/secret.js';

const mailgun = { transport: 'mailgun', domain: 'mg.example.com', api_key: new Secret('k'), from: 'a@example.com' };
const smtp = { transport: 'smtp', from: 'Notme <a@example.com>' };
const problems = (value: unknown): string => JSON.stringify(mailSettings.safeParse(value).error?.issues ?? []);

describe('mail settings', () => {
  it('knows both regions of Mailgun', () => {
    expect(mailSettings.parse(mailgun)).toMatchObject({ url: 'https://api.mailgun.net', deadline_ms: 15_000 });
    expect(mailSettings.parse({ ...mailgun, url: 'eu' })).toMatchObject({ url: 'https://api.eu.mailgun.net' });
  });

  it('refuses what would send the key in the clear or break a header', () => {
    expect(problems({ ...mailgun, url: 'http://api.mailgun.net' })).toContain('not an https address');
    expect(problems({ ...mailgun, url: 'file:///etc/passwd' })).toContain('not an https address');
    expect(problems({ ...mailgun, from: 'A\r\nBcc: <e@example.com>' })).toContain('not a sender');
    expect(problems({ ...mailgun, domain: 'mg.example.com/../x' })).toContain('not a domain');
    expect(problems({ ...mailgun, api_key: 'plain text' })).toContain('not a secret');
    expect(problems({ ...mailgun, colour: 'blue' })).toContain('colour');
    expect(problems({ transport: 'pigeon' })).toContain('transport');
  });

  it('takes an SMTP server as an address or in parts, never both', () => {
    const secure = smtpSettings.parse({ ...smtp, url: new Secret('smtps://u:p@mail.example.com') });
    expect(smtpServer(secure)).toMatchObject({ host: 'mail.example.com', port: 465, secure: true, user: 'u' });
    expect(smtpServer(smtpSettings.parse({ ...smtp, host: 'h.example.com' }))).toMatchObject({
      port: 587,
      secure: false,
    });
    expect(smtpServer(smtpSettings.parse({ ...smtp, host: 'h.example.com', port: 465 }))).toMatchObject({
      secure: true,
    });
    expect(problems(smtp)).toContain('either url or host');
    expect(problems({ ...smtp, host: 'h', url: new Secret('smtp://h') })).toContain('either url or host');
    expect(problems({ ...smtp, url: new Secret('https://h') })).toContain('not an SMTP address');
    expect(problems({ ...smtp, url: new Secret('smtp://u:%zz@h') })).toContain('not an SMTP address');
    expect(problems({ ...smtp, host: 'h', user: 'u' })).toContain('belong together');
  });
});

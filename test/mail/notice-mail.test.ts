import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeHtml, html } from '../../src/platform/html.js';
import { noticeMail, type NoticeMailInput } from '../../src/mail/notice-mail.js';
import { outgoingMail } from '../../src/mail/port.js';
import { mailTexts } from '../../src/texts/mail.js';
import { sayWhen } from '../../src/platform/when.js';
import { linksOf } from '../../sandbox/mail/message.js';

const LINK = 'https://notme.example/report/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const input = (facts: Partial<NoticeMailInput['facts']> = {}): NoticeMailInput => ({
  facts: {
    kind: 'password_reset',
    systemTitle: 'Mimecast',
    login: 'ada@example.com',
    actor: 'helpdesk@example.com',
    ip: '203.0.113.7',
    occurredAt: new Date('2026-03-02T13:32:00Z'),
    ...facts,
  },
  link: LINK,
  expiresAt: new Date('2026-03-09T13:32:00Z'),
  timeZone: 'Europe/Berlin',
});

describe('the notice mail', () => {
  it('says what, when with the zone, by whom, and has one link', () => {
    const mail = noticeMail(input());
    expect(mail.subject).toBe('Was this you? Your Mimecast account changed');
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('The password of your Mimecast account was reset.');
      expect(part).toContain('14:32 GMT+1 (Europe/Berlin)');
      expect(part).toContain('helpdesk@example.com');
      expect(part).toContain('203.0.113.7');
      expect(part).toContain('We never ask for your password');
    }
    expect(linksOf(mail.html, mail.text)).toEqual([{ label: 'This was not me', url: LINK }]);
    expect(mail.text.match(/https?:\/\//g)).toHaveLength(1);
    expect(mail.html).not.toMatch(/<img|<script|<link|url\(/i);
  });

  it('says that the actor is not known, and takes overridden texts as text', () => {
    const mail = noticeMail(input({ actor: null, ip: null }), {
      ...mailTexts,
      'mail.notice.greeting': 'Hi <b>you</b>',
    });
    expect(mail.text).toContain('By: not known');
    expect(mail.text).not.toContain('From address');
    expect(mail.html).toContain('Hi &lt;b&gt;you&lt;/b&gt;');
  });

  it('lets no outside text break a line, a tag or a header, or become a link', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '<img src=x onerror=1>',
        'a\r\nBcc: e@x',
        '{when}',
        'https://evil.example',
        '"><script>',
        '\u2028x',
        '{system}',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (systemTitle, login, actor) => {
        const mail = noticeMail(input({ systemTitle, login, actor }));
        const plain = noticeMail(input());
        expect(mail.html.match(/</g)?.length).toBe(plain.html.match(/</g)?.length);
        expect(mail.text.split('\n').length).toBe(plain.text.split('\n').length);
        expect(mail.text.match(/https?:\/\//gi)).toHaveLength(1);
        const whole = { ...mail, id: 'a', to: 'a@example.com', correlationId: 'c' };
        expect(outgoingMail.safeParse(whole).success).toBe(true);
      }),
    );
  });
});

describe('html', () => {
  it('escapes every value, in content and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
        expect(html`<a title="${text}">${text}</a>`.markup).toBe(`<a title="${escaped}">${escaped}</a>`);
      }),
    );
  });
});

describe('sayWhen', () => {
  it('falls back to UTC when the zone is not known', () => {
    expect(sayWhen(new Date('2026-03-02T13:32:00Z'), 'Mars/Olympus')).toBe('Monday, 2 March 2026 at 13:32 UTC');
    expect(sayWhen(new Date('2026-07-02T23:32:00Z'), 'Asia/Kolkata')).toContain(
      'Friday, 3 July 2026 at 05:02 GMT+5:30 (Asia/Kolkata)',
    );
  });
});

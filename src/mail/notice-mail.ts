import type { SystemEvent } from '../ports/connector.js';
import { sayFrom, type SayFrom } from '../platform/fill.js';
import { html, type Html } from '../platform/html.js';
import { mailTexts, type MailTexts } from '../texts/mail.js';
import { oneLine } from '../platform/untrusted.js';
import { sayWhen } from '../platform/when.js';

/** What an identity system reported about one account. `systemTitle` is the name people know, e.g. `Mimecast`. */
export interface NoticeFacts extends Pick<SystemEvent, 'kind' | 'login' | 'actor' | 'ip' | 'occurredAt'> {
  readonly systemTitle: string;
}

export interface NoticeMailInput {
  readonly facts: NoticeFacts;
  /** The report page's address with its single-use token. It is the only link in the mail. */
  readonly link: string;
  readonly expiresAt: Date;
  /** The reader's IANA zone; UTC when unknown. */
  readonly timeZone: string;
}

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

type Say = SayFrom<typeof mailTexts>;

/** Text of others, never a link: most mail clients link anything that looks like one, so the dots are broken up. */
function inert(text: string): string {
  return oneLine(text)
    .trim()
    .slice(0, 200)
    .replace(/(https?):\/\//gi, '$1 : ')
    .replace(/\bwww\./gi, 'www .');
}

function rowsOf({ facts, timeZone }: NoticeMailInput, say: Say): readonly (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [
    [say('mail.notice.account'), inert(facts.login)],
    [say('mail.notice.when'), sayWhen(facts.occurredAt, timeZone)],
    [say('mail.notice.by'), facts.actor === null ? say('mail.notice.by_unknown') : inert(facts.actor)],
  ];
  if (facts.ip !== null) rows.push([say('mail.notice.from'), inert(facts.ip)]);
  return rows;
}

const PARAGRAPH = 'margin:0 0 16px';
const BUTTON =
  'display:inline-block;padding:12px 20px;border-radius:6px;background:#9f1239;color:#ffffff;font-weight:bold;text-decoration:none';

function row([label, value]: readonly [string, string]): Html {
  return html`<tr>
    <th
      align="left"
      style="padding:4px 16px 4px 0;font-weight:normal;color:#4b5563;white-space:nowrap;vertical-align:top"
    >
      ${label}
    </th>
    <td style="padding:4px 0;word-break:break-word">${value}</td>
  </tr>`;
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
      </head>
      <body style="margin:0;padding:24px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
        <div style="max-width:520px;margin:0 auto">${body}</div>
      </body>
    </html> `.markup;
}

/**
 * The mail of one notice: what was changed, when, by whom, one link. No picture, no tracking, nothing loaded from
 * elsewhere. Everything from outside is escaped, kept on one line and never made a link.
 */
export function noticeMail(input: NoticeMailInput, texts: MailTexts = mailTexts): MailContent {
  const say = sayFrom<typeof mailTexts>(texts);
  const system = inert(input.facts.systemTitle);
  const subject = oneLine(say('mail.notice.subject', { system })).trim();
  const what = say(`mail.notice.${input.facts.kind}`, { system });
  const rows = rowsOf(input, say);
  const expires = say('mail.notice.expires', { expires: sayWhen(input.expiresAt, input.timeZone) });

  const text = [
    say('mail.notice.greeting'),
    what,
    rows.map(([label, value]) => `${label}: ${value}`).join('\n'),
    say('mail.notice.if_you'),
    `${say('mail.notice.if_not_you')}\n${input.link}\n${expires}`,
    say('mail.notice.never_ask'),
    say('mail.notice.doubt'),
  ].join('\n\n');

  const body = html`<p style="${PARAGRAPH}">${say('mail.notice.greeting')}</p>
    <p style="${PARAGRAPH};font-size:18px"><strong>${what}</strong></p>
    <table role="presentation" cellpadding="0" cellspacing="0" style="border:0;margin:0 0 16px">
      ${rows.map(row)}
    </table>
    <p style="${PARAGRAPH}">${say('mail.notice.if_you')}</p>
    <p style="${PARAGRAPH}">${say('mail.notice.if_not_you')}</p>
    <p style="${PARAGRAPH}"><a href="${input.link}" style="${BUTTON}">${say('mail.notice.button')}</a></p>
    <p style="${PARAGRAPH};font-size:14px">${expires}</p>
    <p style="${PARAGRAPH}">${say('mail.notice.never_ask')}</p>
    <p style="margin:0;font-size:14px">${say('mail.notice.doubt')}</p>`;
  return { subject, text: `${text}\n`, html: page(subject, body) };
}

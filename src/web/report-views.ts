import { sayFrom, type SayFrom } from '../platform/fill.js';
import { html, type Html } from '../platform/html.js';
import { sayWhen } from '../platform/when.js';
import { layout } from './layout.js';
import type { Gone, OpenNotice } from './report-port.js';
import type { pageTexts } from '../texts/page.js';
import { type PageTexts } from '../texts/page.js';

/** A page ready to send. */
export interface Page {
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds?: number;
}

export type SayPage = SayFrom<typeof pageTexts>;
export const sayPage = (texts: PageTexts): SayPage => sayFrom<typeof pageTexts>(texts);

function facts(say: SayPage, notice: OpenNotice): Html {
  const rows: (readonly [string, string])[] = [
    [say('page.open.when'), sayWhen(notice.occurredAt, notice.timeZone)],
    [say('page.open.by'), notice.actor ?? say('page.open.by_unknown')],
  ];
  if (notice.ip !== null) rows.push([say('page.open.from'), notice.ip]);
  return html`<dl>
    ${rows.map(
      ([label, value]) =>
        html`<dt>${label}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** The notice and its two buttons. It is only shown: nothing has happened yet, however often it is fetched. */
export function openPage(say: SayPage, notice: OpenNotice, nonce: string, stale = false): Page {
  const what = say(`page.open.${notice.kind}`, { system: notice.systemTitle, login: notice.login });
  const body = html`${stale ? html`<p role="alert"><strong>${say('page.open.stale')}</strong></p>` : null}
    <p>${what}</p>
    ${facts(say, notice)}
    ${notice.saidMe ? html`<p role="status"><strong>${say('page.open.said_me')}</strong></p>` : null}
    <p>${say('page.open.hint')}</p>
    <form method="post" aria-labelledby="title">
      <input type="hidden" name="nonce" value="${nonce}" />
      <button class="danger" type="submit" name="answer" value="not_me">${say('page.open.not_me')}</button>
      ${notice.saidMe ? null : html`<button type="submit" name="answer" value="me">${say('page.open.me')}</button>`}
    </form>
    <p class="soft">${say('page.open.expires', { expires: sayWhen(notice.expiresAt, notice.timeZone) })}</p>
    <p class="soft">${say('page.never_ask')}</p> `;
  return { status: stale ? 403 : 200, body: layout(say('page.open.title'), body) };
}

export function reportedPage(say: SayPage, reference: string): Page {
  const body = html`<p><strong>${say('page.reported.text', { reference })}</strong></p>
    <p>${say('page.reported.next')}</p>
    <p>${say('page.reported.do')}</p>
    <p class="soft">${say('page.never_ask')}</p> `;
  return { status: 200, body: layout(say('page.reported.title'), body) };
}

/** "This was me" is noted as a claim: somebody else with access to the mailbox could have pressed it. */
export function wasMePage(say: SayPage, path: string): Page {
  const body = html`<p>${say('page.me.text')}</p>
    <p>${say('page.me.next')}</p>
    <p>${say('page.me.change')} <a href="${path}">${say('page.me.back')}</a></p> `;
  return { status: 200, body: layout(say('page.me.title'), body) };
}

/** "This was me" after "not me": nobody takes a report back by a link. */
export function alreadyReportedPage(say: SayPage): Page {
  const body = html`<p>${say('page.already.text')}</p>
    <p>${say('page.already.next')}</p> `;
  return { status: 409, body: layout(say('page.already.title'), body) };
}

const GONE_STATUS: Readonly<Record<Gone['state'], number>> = { used: 410, expired: 410, unknown: 404 };

export function gonePage(say: SayPage, { state }: Gone): Page {
  return {
    status: GONE_STATUS[state],
    body: layout(say(`page.${state}.title`), html`<p>${say(`page.${state}.text`)}</p>`),
  };
}

/** The request was not a form of ours: another site sent it, or its fields are wrong or too large. */
export function refusedPage(say: SayPage, why: 'refused' | 'malformed', status: number): Page {
  return { status, body: layout(say(`page.${why}.title`), html`<p>${say(`page.${why}.text`)}</p>`, 'alert') };
}

export function busyPage(say: SayPage, seconds: number): Page {
  const body = layout(say('page.busy.title'), html`<p>${say('page.busy.text', { seconds })}</p>`, 'alert');
  return { status: 429, body, retryAfterSeconds: seconds };
}

export function downPage(say: SayPage, correlation: string): Page {
  return {
    status: 503,
    body: layout(say('page.down.title'), html`<p>${say('page.down.text', { correlation })}</p>`, 'alert'),
  };
}

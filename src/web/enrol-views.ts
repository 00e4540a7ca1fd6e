import { renderSVG } from 'uqr';
import type { Enrolled } from '../approvals/enrolments.js';
import { html, Html } from '../platform/html.js';
import type { Say } from '../texts/say.js';
import { layout } from './layout.js';
import type { Page } from './report-views.js';

/** Before: nothing is made until the button is pressed, so that a preview of the link spends nothing. */
export function enrolPage(say: Say, label: string, nonce: string): Page {
  const body = html`<p>${say('enrol.text', { label })}</p>
    <p>${say('enrol.once')}</p>
    <form method="post">
      <input type="hidden" name="nonce" value="${nonce}" />
      <input type="hidden" name="response" value="" />
      <button type="submit">${say('enrol.button')}</button>
    </form>`;
  return { status: 200, body: layout(say('enrol.title'), body) };
}

/** The secret as a picture and as text, and the recovery codes: shown once. */
export function enrolledPage(say: Say, { uri, recoveryCodes }: Enrolled): Page {
  const secret = new URL(uri.reveal()).searchParams.get('secret') ?? '';
  const grouped = secret.replace(/(.{4})(?=.)/g, '$1 ');
  const body = html`<ol>
      <li>${say('enrol.scan')}</li>
      <li>${say('enrol.keep')}</li>
      <li>${say('enrol.try')}</li>
    </ol>
    <div class="qr" role="img" aria-label="${say('enrol.qr')}">
      ${new Html(renderSVG(uri.reveal(), { ecc: 'M', border: 4 }))}
    </div>
    <p><a href="${uri.reveal()}">${say('enrol.here')}</a></p>
    <h2>${say('enrol.secret')}</h2>
    <p><code>${grouped}</code></p>
    <h2>${say('enrol.recovery')}</h2>
    <p>${say('enrol.recovery.text')}</p>
    <ul>
      ${recoveryCodes.map((code) => html`<li><code>${code.reveal()}</code></li>`)}
    </ul>`;
  return { status: 200, body: layout(say('enrol.done'), body) };
}

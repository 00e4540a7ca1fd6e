import { createHash } from 'node:crypto';
import { html, Html } from '../platform/html.js';

/** Contrast of every pair is at least 4.5:1 (WCAG AA), in light and dark. */
const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#16191d;--soft:#4b5563;--line:#d5d9df;--danger:#9f1239;--on:#fff;--focus:#1d4ed8}
@media (prefers-color-scheme:dark){:root{--bg:#121417;--card:#1b1f24;--text:#eef0f3;--soft:#b4bcc8;--line:#3a414b;--danger:#fda4af;--on:#3b0413;--focus:#93c5fd}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:17px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:34rem;margin:0 auto;padding:24px 16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:24px 20px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 12px}
p{margin:0 0 14px;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:16px 0 8px;overflow-wrap:anywhere}
ol,ul{margin:0 0 16px;padding-left:1.5rem}
li{overflow-wrap:anywhere}
[role=alert]:empty{display:none}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0 0 16px}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
form{display:grid;gap:12px;margin:0 0 16px}
button{font:inherit;font-weight:600;min-height:48px;padding:10px 16px;border-radius:8px;border:2px solid var(--line);background:transparent;color:inherit;cursor:pointer}
button.danger{background:var(--danger);border-color:var(--danger);color:var(--on)}
a{color:inherit}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.qr svg{display:block;width:100%;max-width:18rem;height:auto;margin:0 auto 16px}
code{font-size:1.05rem;overflow-wrap:anywhere}
.soft{color:var(--soft);font-size:.9rem}
.card>:last-child{margin-bottom:0}
`;

/** In one piece, so that no template formatter can add a blank to what the hash covers. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded, run or framed; the one stylesheet is allowed by its hash. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The passkey page also runs its own two scripts; nothing inline, nothing from elsewhere. */
export const SCRIPTED_PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'permissions-policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self)',
};

/** A whole page: one heading, one card. `tone` tells assistive software how urgent the card is. */
export function layout(title: string, body: Html, tone: 'calm' | 'alert' = 'calm'): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <div class="card" role="${tone === 'alert' ? 'alert' : 'region'}" aria-labelledby="title">
            <h1 id="title">${title}</h1>
            ${body}
          </div>
        </main>
      </body>
    </html> `.markup;
}

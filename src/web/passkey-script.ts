import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The browser half of SimpleWebAuthn, as its package brings it for pages without a build. */
const packaged = (): string =>
  readFileSync(join(dirname(require.resolve('@simplewebauthn/browser')), '../dist/bundle/index.umd.min.js'), 'utf8');

/** Asks the browser for the passkey and sends its answer off with the form; what goes wrong is said in place. */
const PAGE = `'use strict';
const form = document.getElementById('passkey');
const problem = document.getElementById('problem');
const button = form.querySelector('button');
const { startRegistration, startAuthentication, browserSupportsWebAuthn } = SimpleWebAuthnBrowser;
if (!browserSupportsWebAuthn()) problem.textContent = problem.dataset.unsupported;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = '';
  button.disabled = true;
  try {
    const start = form.dataset.kind === 'register' ? startRegistration : startAuthentication;
    form.elements.response.value = JSON.stringify(await start({ optionsJSON: JSON.parse(form.dataset.options) }));
    form.submit();
  } catch (error) {
    button.disabled = false;
    problem.textContent = problem.dataset.stopped + ' (' + error.name + ')';
    button.focus();
  }
});
`;

/** The scripts of the passkey page, by path. */
export const passkeyScripts = (): ReadonlyMap<string, string> =>
  new Map([
    ['/passkey/simplewebauthn.js', packaged()],
    ['/passkey/page.js', PAGE],
  ]);

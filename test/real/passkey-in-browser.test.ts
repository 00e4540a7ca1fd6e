import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { offerPasskey } from '../../src/approvals/passkey-registration.js';
import { launchBrowser } from '../../packages/slack-sandbox/test/real/browser.js';
import { type Flow, PEOPLE, startFlow, textOf } from '../flow/flow.js';

/** Set to a folder to keep the pictures. */
const SHOTS = process.env['PAGE_SHOTS'];
const { ada, bea, cem, dia } = PEOPLE;

/** Chromium with a virtual authenticator of its own: somebody's phone. Source: Chrome DevTools Protocol, WebAuthn. */
async function phoneOf(browser: Browser): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return page;
}

describe('the passkey page, in Chromium', () => {
  let flow: Flow;
  let browser: Browser;
  let beas: Page;
  let cems: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    flow = await startFlow();
    browser = await launchBrowser();
    [beas, cems] = [await phoneOf(browser), await phoneOf(browser)];
    for (const page of [beas, cems]) {
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    }
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await flow.close();
  });

  const shot = async (page: Page, name: string): Promise<void> => {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    for (const [size, width] of [
      ['desktop', 1280],
      ['phone', 390],
    ] as const) {
      await page.setViewportSize({ width, height: 860 });
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      await page.screenshot({ path: join(SHOTS, `${size}-${name}.png`), fullPage: true });
    }
  };
  const origin = (): string => {
    const party = flow.app.core.party();
    if (!party.ok) throw new Error(party.error);
    return party.value.origin;
  };
  const register = async (page: Page, person: { id: string; email: string }): Promise<void> => {
    const { core } = flow.app;
    const from = { surface: 'host', correlationId: core.runtime.newId('cli') };
    const who = { userId: person.id, label: person.email };
    const token = await core.db.transaction((tx) => offerPasskey(core, tx, who, from));
    await page.goto(`${origin()}/enrol/${token.reveal()}`);
    await shot(page, '1-register');
    await page.getByRole('button', { name: 'Register the passkey' }).click();
    await page.getByRole('heading', { name: 'The passkey is registered' }).waitFor();
  };
  /** Bea submits a decision without a code. @returns the link that the window then shows */
  const submitted = async (name: string, action: string): Promise<string> => {
    const view = await flow.openDecision(bea.id, name, action);
    await flow.player.submit(bea.id, view, { reason: 'seen in a breach list' });
    const top = textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {});
    await flow.world.slack.act({ as: bea.id, do: 'close', view_id: view });
    const [link] = /http:\/\/localhost:\d+\/confirm\/[\w-]+/.exec(top) ?? [];
    if (link === undefined) throw new Error(`the window shows no link: ${top}`);
    return link;
  };
  const heading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name }).waitFor();

  it('registers the passkeys of two approvers, and tells the channel', async () => {
    await register(beas, bea);
    await register(cems, cem);
    await flow.inChannel('registered a passkey');
    await flow.told(bea.id, 'A passkey was registered for you');
  }, 240_000);

  it('shows exactly the plan, and the confirmed decision is verified', async () => {
    await flow.report(ada);
    const link = await submitted(ada.real_name, 'disable_account');
    await beas.goto(link);
    const shown = await beas.locator('main').innerText();
    for (const part of [ada.real_name, ada.email, 'Disable', 'seen in a breach list']) expect(shown).toContain(part);
    await shot(beas, '2-confirm');
    // By keyboard alone.
    await beas.keyboard.press('Tab');
    await beas.keyboard.press('Enter');
    await heading(beas, 'Confirmed');
    await shot(beas, '3-confirmed');
    await flow.inChannel('*Mimecast: Disable* verified');
    const { rows } = await flow.app.core.db.query<{ proof: unknown }>('select proof from decisions');
    expect(rows).toMatchObject([{ proof: { kind: 'passkey' } }]);
    expect(errors).toEqual([]);
    await beas.goto(link);
    await heading(beas, 'Nothing was done');
    expect(await beas.locator('main').innerText()).toContain('already used');
  }, 240_000);

  it("refuses the passkey of another approver on this one's link", async () => {
    await flow.report(dia);
    const link = await submitted(dia.real_name, 'disable_account');
    await cems.goto(link);
    await cems.getByRole('button', { name: 'Confirm with passkey' }).click();
    // Cem's device has none of the passkeys that the page asks for: the browser itself finds nothing to sign with.
    await cems.getByRole('alert').getByText('The passkey was not used').waitFor();
    expect(flow.world.mimecast.user(dia.email)?.accountDisabled).toBe(false);
  }, 240_000);

  it('refuses a plan whose accounts were changed meanwhile, and the record says so', async () => {
    const link = await submitted(dia.real_name, 'disable_account');
    await beas.goto(link);
    await flow.app.core.db.query(
      `update accounts a set login = 'other@meadow.example' from people p where p.id = a.person_id and p.email = $1`,
      [dia.email],
    );
    await beas.getByRole('button', { name: 'Confirm with passkey' }).click();
    await heading(beas, 'Nothing was done');
    expect(await beas.locator('main').innerText()).toContain('changed since');
    await shot(beas, '4-changed');
    expect(await flow.record(dia.email)).toContain('decision.refused');
    expect(flow.world.mimecast.user(dia.email)?.accountDisabled).toBe(false);
  }, 240_000);
});

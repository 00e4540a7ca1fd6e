import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Notme } from '../../src/main/app.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { PEOPLE } from '../../sandbox/world/people.js';
import { startAppIn, startWorld } from '../../sandbox/world/start.js';
import type { World } from '../../sandbox/world/world.js';
import { launchBrowser } from '../../packages/slack-sandbox/test/real/browser.js';

/** Set to a folder to keep the pictures (docs/images are made with it). */
const SHOTS = process.env['PAGE_SHOTS'];

/** A first-time visitor who follows the three hints, and nothing else. */
describe.each<[string, BrowserContextOptions]>([
  ['desktop', { viewport: { width: 1280, height: 860 } }],
  ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' }],
])('one incident on the sandbox page, %s', (size, options) => {
  let browser: Browser;
  let page: Page;
  let world: World;
  let app: Notme;
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-browser-'));
  const errors: string[] = [];

  beforeAll(async () => {
    const runtime = systemRuntime();
    world = await startWorld({ dataDir, runtime, port: 0, page: true, keep: false, everySystem: true });
    app = await startAppIn(world, {
      dataDir,
      runtime,
      log: createLog({ level: 'silent', pretty: false }),
      pollSeconds: 1,
    });
    browser = await launchBrowser();
    page = await (await browser.newContext(options)).newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(world.slack.url);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await app.stop();
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const shot = async (name: string): Promise<void> => {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(SHOTS, `${size}-${name}.png`) });
  };
  const press = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).locator('visible=true').first().click();
  const fitsWidth = (): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth <= window.innerWidth');

  it('leads from the attack to the contained account', async () => {
    await page.getByText('Local simulator').first().waitFor();
    await shot('1-start');
    await press('Take me there');
    await press('An attacker resets this password');
    await press('Be Ada');
    await page.getByText('Was this you?').first().waitFor();
    await shot('2-notice');
    await press("I didn't do this");
    await page.getByText('Thank you for telling us').first().waitFor();
    await shot('3-told');
    expect(await fitsWidth()).toBe(true);
    await press('Be Bea');
    if (size === 'phone')
      await page
        .getByRole('button', { name: 'Chat' })
        .or(page.getByRole('link', { name: 'Chat' }))
        .or(page.getByRole('tab', { name: 'Chat' }))
        .first()
        .click();
    await page.getByText('Linked accounts').first().waitFor();
    await shot('4-card');
    await press('Lock down everything');
    await page.getByLabel('Reason').fill('Ada did not reset it herself');
    const seed = world.phones[PEOPLE.bea.id] ?? '';
    const { codeAt } = await import('../../sandbox/world/phones.js');
    await page.getByLabel('One-time code').fill(codeAt(seed, world.now()));
    await shot('5-decide');
    expect(await fitsWidth()).toBe(true);
    await press('Do it');
    await page
      .getByText(/Disable \(verified\)/)
      .locator('visible=true')
      .first()
      .waitFor();
    expect(world.mimecast.user(PEOPLE.ada.email)?.accountDisabled).toBe(true);
    await page
      .getByText(/\d+ repl/)
      .locator('visible=true')
      .first()
      .click();
    await page.getByText('Mimecast: Disable').locator('visible=true').last().waitFor();
    await shot('6-thread');
    expect(await fitsWidth()).toBe(true);
    if (size === 'phone') await press('Systems');
    await page.getByRole('tab', { name: /^Identity systems/ }).click();
    for (const system of ['Mimecast', 'Okta', 'Entra ID', 'Google Workspace', 'Keycloak', 'Meadow Wiki', 'Slack'])
      await page.getByRole('button', { name: new RegExp(`^${system}.*Ada: disabled`) }).waitFor();
    await shot('7-systems');
    expect(await fitsWidth()).toBe(true);
    expect(errors).toEqual([]);
  }, 120_000);
});

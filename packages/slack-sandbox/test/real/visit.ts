/** Somebody who looks at the page of a workspace with the canteen's app in it. */
import { mkdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import bolt from '@slack/bolt';
import type { App } from '@slack/bolt';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createSlackSandbox, type SlackSandbox } from '../../src/index.js';
import { launchBrowser } from './browser.js';
import { kitchen, listen, MANIFEST, SEED } from './canteen.js';

export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
/** Set to a folder to keep pictures of what the tests saw. */
const SHOTS = process.env['PAGE_SHOTS'];

let browser: Browser;
export let sandbox: SlackSandbox;
export let app: App;
export let context: BrowserContext;
export let page: Page;
let complaints: string[];

export async function open(hash = '', viewport = WIDE, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  context = await browser.newContext({ viewport, colorScheme });
  page = await context.newPage();
  // A missing element is named before the whole test runs out of time.
  page.setDefaultTimeout(6000);
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    // An answer of 4xx or 5xx is told to the person and logged by the browser as well.
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) complaints.push(line.text());
  });
  await page.goto(`${sandbox.url}/${hash}`);
  await page
    .getByRole('button', { name: /^You are:/ })
    .first()
    .waitFor();
}

export async function shoot(name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

export const chat = () => page.getByRole('main');
export const composer = () => chat().getByRole('combobox');
export const dialog = () => page.getByRole('dialog');
export const focused = () =>
  page.evaluate<string>(
    'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent ?? document.activeElement.tagName',
  );
export const sideways = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

/** Asks the app for its card in the direct messages. */
export async function askForCard(text = 'hello'): Promise<void> {
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: 'Canteen' }).click();
  await chat().getByRole('combobox', { name: 'Message Canteen' }).fill(text);
  await composer().press('Enter');
  await chat().getByRole('heading', { name: 'Your table' }).last().waitFor();
}

/** Before each test of the file the workspace and its app start anew; what the page complained of fails it. */
export function visitCanteen(): void {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    sandbox = await createSlackSandbox({
      manifest: MANIFEST,
      seed: SEED,
      page: true,
      panels: kitchen(() => sandbox.announcePanels()),
      ackTimeoutMs: 700,
    });
    app = new bolt.App({
      token: sandbox.botToken,
      appToken: sandbox.appToken,
      socketMode: true,
      logLevel: bolt.LogLevel.ERROR,
      clientOptions: { slackApiUrl: sandbox.apiUrl },
    });
    listen(app);
    await app.start();
    await sandbox.wait({ timeout_ms: 5000, until: { connected: true } });
  });
  afterEach(async () => {
    await context.close();
    await app.stop();
    await sandbox.close();
    expect(complaints).toEqual([]);
  });
}

import { access } from 'node:fs/promises';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** It talks to the loopback address only: none of the browser's own services may call out. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // not there: the next place is tried
  }
}

async function findChromium(): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  const places = named === undefined ? PLACES : [named];
  for (const place of places) if (await exists(place)) return place;
  throw new Error(
    `No Chromium at ${places.join(', ')}. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its executable.`,
  );
}

/**
 * Starts the system's own Chromium, headless.
 * @throws Error that names the fix when there is none
 */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: QUIET });
}

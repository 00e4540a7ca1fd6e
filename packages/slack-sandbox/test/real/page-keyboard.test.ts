import { describe, expect, it } from '@jest/globals';
import { sandbox, page, open, chat, dialog, focused, askForCard, visitCanteen } from './visit.js';

visitCanteen();

describe('by keyboard alone', () => {
  it('goes from the skip link through a command, a form and back', async () => {
    await open('#as=UADA&c=CGENERAL');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('Skip to the conversation');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Message #general');
    await page.keyboard.type('/l');
    await page.getByRole('option', { name: /\/lunch/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('dumplings');
    await page.getByText('/lunch [dish] - Orders a lunch').waitFor();
    await page.keyboard.press('Enter');
    await chat().getByText('You ordered dumplings.').waitFor();
    await page.locator('#announcer').getByText('You ordered dumplings.').waitFor();

    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Shortcuts');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: /Order something/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog().getByRole('heading', { name: 'Shortcut' }).waitFor();
    await page.keyboard.type('stew');
    // Around the dialog and back: the focus never leaves it.
    for (let step = 0; step < 14; step++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate<boolean>('document.activeElement.closest("[role=dialog]") !== null')).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.waitForFunction('document.activeElement.getAttribute("aria-label") === "Shortcuts"');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await page.keyboard.type('stew');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await sandbox.wait({ timeout_ms: 5000, until: { message: { text_contains: 'Ordered: stew' } } });
  });

  it('presses a button of a card and finds the focus again after the card changed', async () => {
    await open();
    await askForCard();
    await page.getByRole('button', { name: 'Open the form' }).focus();
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.waitForFunction('document.activeElement.textContent === "Open the form"');
  });
});

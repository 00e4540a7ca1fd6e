import { describe, expect, it } from '@jest/globals';
import { page, open, visitCanteen } from './visit.js';

visitCanteen();

describe('the systems beside it', () => {
  it('changes a value, lights it up, says it, and moves the hints on', async () => {
    await open();
    const systems = page.getByRole('complementary', { name: 'Systems' });
    await page.getByText('Switch the lamp on.').waitFor();
    await systems.getByRole('combobox', { name: 'To' }).selectOption('broken');
    await systems.getByRole('button', { name: 'Switch the lamp' }).click();
    await systems.getByText('The lamp is broken: choose another.').waitFor();
    await systems.getByRole('combobox', { name: 'To' }).selectOption('on');
    await systems.getByRole('button', { name: 'Switch the lamp' }).click();
    await systems.locator('.fact.is-fresh').getByText('on').waitFor();
    await page.locator('#announcer').getByText('Kitchen, Stove, Lamp: on').waitFor();
    await page.getByRole('button', { name: 'As Ben' }).click();
    await page.getByRole('heading', { name: 'back-office' }).waitFor();
  });

  it('shows panels of one group as lines of which one is open, by keyboard too', async () => {
    await open();
    await page.getByRole('tab', { name: 'Rooms' }).click();
    const line = (name: RegExp) => page.getByRole('button', { name });
    await line(/^Cellar.*lamp off/).waitFor();
    expect(await line(/^Cellar/).getAttribute('aria-expanded')).toBe('false');
    await line(/^Cellar/).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Jars').waitFor();
    expect(await line(/^Cellar/).getAttribute('aria-expanded')).toBe('true');
    expect(await page.getByText('Bolt').isVisible()).toBe(false);
    await page.getByText('Hatch').click();
    await page.getByText('Bolt').waitFor();
    // The address names the open line.
    await page.reload();
    await page.getByText('Jars').waitFor();
    await line(/^Attic/).click();
    await page.getByText('Under the roof.').waitFor();
    expect(await page.getByText('Jars').isVisible()).toBe(false);
    await line(/^Attic/).click();
    await page.getByText('Under the roof.').waitFor({ state: 'detached' });
  });

  it('opens a mail; its links open apart and never run code', async () => {
    await open();
    await page.getByRole('tab', { name: 'Post' }).click();
    await page.getByText('The menu', { exact: true }).click();
    await page.getByText('<b>Not bold</b>').waitFor();
    const links = page.getByRole('tabpanel').getByRole('link');
    expect(await links.count()).toBe(1);
    expect(await links.first().getAttribute('target')).toBe('_blank');
    expect(await links.first().getAttribute('rel')).toContain('noopener');
    await page.getByRole('tab', { name: 'Deliveries' }).click();
    await page.getByText('apps.connections.open').first().waitFor();
  });

  it('says plainly what it is and what it is not', async () => {
    await open();
    await page.getByText('Local simulator - this is not Slack.').waitFor();
    await page.getByText('What is not simulated').click();
    await page.getByText(/^workflows, functions, canvases/).waitFor();
  });
});

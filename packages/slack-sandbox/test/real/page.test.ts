import { describe, expect, it } from '@jest/globals';
import { sandbox, page, open, shoot, chat, composer, dialog, sideways, askForCard, visitCanteen } from './visit.js';

visitCanteen();

describe('writing and pressing', () => {
  it('sends a direct message and shows the answer of the app with its blocks', async () => {
    await open();
    expect(await page.title()).toBe('Harbour - local simulator');
    await askForCard('a *table* <b>for</b> two');
    await chat().getByText('a table <b>for</b> two').first().waitFor();
    // Ada lives in Tokyo: midnight UTC is nine in the morning there.
    await chat().getByText('2100-01-01 09:00').waitFor();
    await chat().getByText('block not drawn: video').waitFor();
    await shoot('card-1280-light');
  });

  it('asks before it does what wants a confirmation, and says so when it is done', async () => {
    await open();
    await askForCard();
    await page.getByRole('button', { name: 'Clear the table' }).click();
    await dialog().getByRole('button', { name: 'Keep' }).click();
    expect(sandbox.journal().filter((entry) => entry.kind === 'delivery' && entry.name === 'block_actions')).toEqual(
      [],
    );
    await page.getByRole('button', { name: 'Clear the table' }).click();
    await dialog().getByRole('button', { name: 'Clear', exact: true }).click();
    await chat().getByText('Only visible to you').waitFor();
    await chat().getByText('Done: cleared').waitFor();
  });

  it('tells what a select and an overflow menu chose', async () => {
    await open();
    await askForCard();
    await chat().getByRole('combobox', { name: 'Choose a drink' }).selectOption('tea');
    await chat().getByText('Done: tea').waitFor();
    await page.getByRole('button', { name: 'More options' }).click();
    await page.getByRole('menuitem', { name: 'Print' }).click();
    await chat().getByText('Done: print').waitFor();
  });

  it('shows an error beside its field, then sends the mended form', async () => {
    await open();
    await askForCard();
    await page.getByRole('button', { name: 'Open the form' }).click();
    const dish = dialog().getByRole('textbox', { name: 'Dish' });
    await dish.waitFor();
    await dialog().getByRole('button', { name: 'Place order' }).click();
    await dialog().getByText('Please complete this required field.').waitFor();
    await dish.fill('soup');
    await dialog().getByRole('button', { name: 'Place order' }).click();
    await dialog().getByText('There is no soup today.').waitFor();
    expect(await dish.getAttribute('aria-invalid')).toBe('true');
    const told = (await dish.getAttribute('aria-describedby')) ?? '';
    expect(
      await page.evaluate<string>(`document.getElementById(${JSON.stringify(told.split(' ')[0])}).textContent`),
    ).toBe('There is no soup today.');
    await shoot('modal-1280-light');
    await dish.fill('fish');
    await dialog().getByRole('combobox', { name: 'Side' }).selectOption('salad');
    await dialog().locator('summary').click();
    await dialog().getByRole('checkbox', { name: /Ben/ }).check();
    await dialog().getByRole('combobox', { name: 'Cook' }).pressSequentially('car');
    await dialog().getByRole('option', { name: 'Carlo' }).click();
    await dialog().getByRole('button', { name: 'Place order' }).click();
    await dialog().waitFor({ state: 'detached' });
    await chat().getByText('Ordered: fish | salad | UBEN | 2030-01-02 | carlo').waitFor();
  });

  it('answers in a thread, opens the home tab, and runs a shortcut on a message', async () => {
    await open('#as=UADA&c=CGENERAL');
    await composer().fill('Hello @ben and @crew');
    await composer().press('Enter');
    await chat().getByText('Hello @Ben Cole and @crew').hover();
    await chat().getByRole('button', { name: 'Reply in thread' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('combobox').fill('one more thing');
    await thread.getByRole('combobox').press('Enter');
    await chat()
      .getByRole('button', { name: /^1 reply/ })
      .waitFor();
    await page.reload();
    await thread.getByText('one more thing').waitFor();
    await chat().getByText('Hello @Ben').hover();
    await chat().getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: /^Order this/ }).click();
    await dialog().getByRole('heading', { name: 'From a message' }).waitFor();
    await dialog().getByRole('button', { name: 'Never mind' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: 'Canteen' }).click();
    await chat().getByRole('button', { name: 'Home' }).click();
    await chat().getByText('Welcome, @Ada Byron').waitFor();
  });

  it('says when the app does not answer', async () => {
    await open();
    await composer().fill('/silent');
    await composer().press('Enter');
    await page.getByRole('alert').getByText('/silent').waitFor();
  });

  it('puts nothing a message says into the page as markup', async () => {
    await open('#as=UADA&c=CGENERAL');
    await composer().fill('<img src=x onerror="document.title=1"> <javascript:alert(1)|press> <https://example.com|a>');
    await composer().press('Enter');
    await chat().getByText('<img src=x').waitFor();
    expect(await chat().locator('.message img').count()).toBe(0);
    expect(await chat().locator('a[href^="javascript"]').count()).toBe(0);
  });
});

describe('two people', () => {
  it('changes from one person to another and marks what is new', async () => {
    await open('#as=UADA&c=CGENERAL');
    await composer().fill('news for Ben');
    await composer().press('Enter');
    await chat().getByText('news for Ben').waitFor();
    await page.getByRole('button', { name: /^You are:/ }).click();
    await page.getByRole('menuitemradio', { name: /Ben Cole/ }).click();
    await page.getByRole('button', { name: 'back-office' }).click();
    await page.getByRole('heading', { name: 'back-office' }).waitFor();
    await page.getByRole('button', { name: 'pier' }).click();
    await composer().waitFor();
    expect(await page.getByRole('button', { name: 'general' }).textContent()).not.toContain('unread');
    await sandbox.act({ as: 'UADA', do: 'message', channel: 'CGENERAL', text: 'more news' });
    await page.getByRole('button', { name: /general.*unread/ }).click();
    await page.getByRole('button', { name: /^general$/ }).waitFor();
  });

  it('shows both at once where there is room', async () => {
    await open('#as=UADA&c=CGENERAL');
    await page.getByRole('button', { name: 'Two people side by side' }).click();
    const ben = page.getByRole('region', { name: "Ben Cole's window" });
    await ben.getByRole('main').getByRole('combobox').fill('hello from Ben');
    await ben.getByRole('button', { name: 'Channels' }).click();
    await ben.getByRole('button', { name: 'general' }).click();
    await ben.getByRole('main').getByRole('combobox').fill('hello from Ben');
    await ben.getByRole('main').getByRole('combobox').press('Enter');
    await page.getByRole('region', { name: "Ada Byron's window" }).getByText('hello from Ben').waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot('side-1280-light');
    await page.reload();
    await ben.getByText('hello from Ben').first().waitFor();
  });
});

import { describe, expect, it } from '@jest/globals';
import { WIDE, PHONE, page, open, shoot, chat, composer, dialog, sideways, askForCard, visitCanteen } from './visit.js';

visitCanteen();

const READABLE = `(() => {
  const rgb = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return text.startsWith('color(') ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const light = ([r, g, b]) => { const c = [r, g, b].map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  const ground = (el) => { for (let at = el; at; at = at.parentElement) { const c = rgb(getComputedStyle(at).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255]; };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !el.checkVisibility({ opacityProperty: true }) || el.closest('[aria-disabled=true], option, noscript, .unseen')) continue;
    const [a, b] = [light(rgb(getComputedStyle(el).color)), light(ground(el))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.push(walker.currentNode.data.trim().slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return bad;
})()`;

describe('sizes and colours', () => {
  it.each(['light', 'dark'] as const)(
    'is readable in %s, at every width, without scrolling sideways',
    async (scheme) => {
      await open('', WIDE, scheme);
      await askForCard(`a ${'very'.repeat(60)} long word`);
      expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe(
        scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 25, 29)',
      );
      expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
      await shoot(`wide-1280-${scheme}`);
      await page.getByRole('button', { name: 'Open the form' }).click();
      await dialog().waitFor();
      expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
      for (const width of [390, 760, 761, 1099, 1100]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await sideways()).toBeLessThanOrEqual(0);
      }
    },
  );

  it.each(['light', 'dark'] as const)('is one column with a navigation below on a phone, in %s', async (scheme) => {
    await open('#as=UADA&c=CGENERAL', PHONE, scheme);
    const views = page.getByRole('navigation', { name: 'Views' });
    await views.getByRole('button', { name: 'Channels' }).click();
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot(`phone-channels-${scheme}`);
    await askForCard(`a ${'very'.repeat(60)} long word`);
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot(`phone-chat-${scheme}`);
    const small = `[...document.querySelectorAll('button, summary, textarea, select, .button')].filter((el) => el.checkVisibility() && el.getBoundingClientRect().height < 44).map((el) => (el.textContent || el.tagName) + el.getBoundingClientRect().height)`;
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await page.getByRole('button', { name: 'Open the form' }).click();
    await dialog().waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await shoot(`phone-modal-${scheme}`);
    await page.getByRole('button', { name: 'Never mind' }).click();
    await chat().getByRole('button', { name: 'More actions' }).last().click();
    await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
    await page.getByRole('combobox', { name: 'Reply in the thread' }).waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    await shoot(`phone-thread-${scheme}`);
    await views.getByRole('button', { name: 'Systems' }).click();
    await page.getByRole('complementary', { name: 'Systems' }).getByText('Lamp').first().waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await shoot(`phone-systems-${scheme}`);
    await page.getByRole('tab', { name: 'Rooms' }).click();
    await page.getByRole('button', { name: /^Cellar/ }).click();
    await page.getByText('Jars').waitFor();
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await page.evaluate<string[]>(READABLE)).toEqual([]);
    expect(await page.evaluate<string[]>(small)).toEqual([]);
    await shoot(`phone-rooms-${scheme}`);
  });

  it('keeps the chosen theme over a reload', async () => {
    await open();
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await composer().waitFor();
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(22, 25, 29)');
  });
});

describe('mrkdwn', () => {
  const parse = (text: string) =>
    page.evaluate<unknown>(`import('/mrkdwn.js').then((m) => m.parseMrkdwn(${JSON.stringify(text)}))`);
  const text = (v: string) => ({ t: 'text', v });

  it('reads marks, code, quotes and references as Slack does', async () => {
    await open();
    expect(await parse('*a* _b_ ~c~')).toEqual([
      { t: 'b', c: [text('a')] },
      text(' '),
      { t: 'i', c: [text('b')] },
      text(' '),
      { t: 's', c: [text('c')] },
    ]);
    expect(await parse('2*3*4 and snake_case_name')).toEqual([text('2*3*4 and snake_case_name')]);
    expect(await parse('*bold _both_*')).toEqual([{ t: 'b', c: [text('bold '), { t: 'i', c: [text('both')] }] }]);
    expect(await parse('`*a* &amp;`')).toEqual([{ t: 'code', v: '*a* &' }]);
    expect(await parse('```\n*a*\n```')).toEqual([{ t: 'pre', v: '*a*' }]);
    expect(await parse('&gt; one\n&gt; two\nthree')).toEqual([
      { t: 'quote', c: [text('one'), { t: 'br' }, text('two')] },
      text('three'),
    ]);
    expect(await parse('<https://a.test/?x=1&amp;y|label> <javascript:x|no>')).toEqual([
      { t: 'link', url: 'https://a.test/?x=1&y', label: 'label' },
      text(' <javascript:x|no>'),
    ]);
    expect(await parse('<!date^10^{time}|ten>')).toEqual([
      { t: 'date', seconds: 10, pattern: '{time}', url: '', fallback: 'ten' },
    ]);
    expect(await parse('<@U1> <#C1|x> <!here>')).toEqual([
      { t: 'user', id: 'U1', label: '' },
      text(' '),
      { t: 'channel', id: 'C1', label: 'x' },
      text(' '),
      { t: 'special', id: 'here', label: '' },
    ]);
    expect(await parse('not ``` closed *x')).toEqual([text('not ``` closed *x')]);
  });
});

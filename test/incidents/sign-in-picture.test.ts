import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { en } from '../../src/texts/en.js';
import { sayPlain } from '../../src/texts/say.js';
import { ticksOf } from '../../jobs/sign-in-picture/axis.js';
import { signInPicture } from '../../jobs/sign-in-picture/picture.js';
import type { SignInStory } from '../../jobs/sign-in-picture/sign-in.js';
import { drawSignIns } from '../../jobs/sign-in-picture/svg.js';
import { decodePng } from './png.js';
import { signIn, stories, story } from './sign-in-stories.js';

const say = sayPlain(en);
const draw = (told: SignInStory): { svg: string; alt: string } => drawSignIns(told, say)!;
const count = (svg: string, pattern: RegExp): number => [...svg.matchAll(pattern)].length;
/** What is written in the picture, in the order of drawing. */
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, text = '']) => text.replace(/<[^>]+>/g, ''));
/** The picture without its legend and the signs beside lanes: only circles and triangles in the plot. */
const marks = (svg: string, kind: string): { x: number; y: number }[] =>
  [
    ...svg
      .replace(/<g class="legend">.*?<\/g>/g, '')
      .matchAll(new RegExp(`class="mark ${kind}" (?:cx="([\\d.]+)" cy="([\\d.]+)"|d="M([\\d.]+) ([\\d.]+)L)`, 'g')),
  ]
    .map(([, cx, cy, mx, my]) => ({ x: Number(cx ?? mx), y: Number(cy ?? my) }))
    .filter(({ x }) => x > 100);

describe('the picture of sign-ins', () => {
  it('is a PNG with pixels of the right colour where a mark must be', async () => {
    const { svg } = draw(stories.few);
    const picture = decodePng((await signInPicture(stories.few, say))!.png);
    expect(picture.width).toBe(1200);
    expect(picture.height).toBeGreaterThan(400);
    const [known] = marks(svg, 'known succeeded');
    const [red, , blue] = picture.at(known!.x, known!.y);
    expect(blue - red).toBeGreaterThan(100);
    const [odd] = marks(svg, 'odd succeeded');
    const inside = picture.at(odd!.x, odd!.y + 14);
    expect(inside[0] - inside[2]).toBeGreaterThan(100);
    const [failed] = marks(svg, 'odd failed');
    const hollow = picture.at(failed!.x, failed!.y + 14);
    expect(Math.min(...hollow)).toBeGreaterThan(220);
    expect(picture.at(3, 3)).toEqual([255, 255, 255]);
  });

  it('draws letters, also of scripts that the main font does not have', async () => {
    const inked = async (title: string): Promise<string> => {
      const picture = decodePng((await signInPicture({ ...stories.one, title }, say))!.png);
      const rows = Array.from({ length: 40 }, (_, y) =>
        Array.from({ length: 120 }, (_, x) => (picture.at(28 + x, 24 + y)[0] < 128 ? '#' : ' ')).join(''),
      );
      return rows.join('\n');
    };
    const seen = await Promise.all(['東京', '서울', 'กท', 'मु', 'Mo', ''].map(inked));
    // Boxes for missing characters would be alike.
    expect(new Set(seen).size).toBe(seen.length);
    expect(count(seen[0]!, /#/g)).toBeGreaterThan(100);
    expect(count(seen[5]!, /#/g)).toBe(0);
  });

  it('is null when there is nothing to draw', async () => {
    expect(await signInPicture(story([]), say)).toBeNull();
    expect(drawSignIns(story([signIn(0, { at: new Date(Number.NaN) })]), say)).toBeNull();
  });

  it('has one mark for each sign-in, by shape and filling', () => {
    const { svg } = draw(stories.week);
    expect(marks(svg, 'known succeeded')).toHaveLength(21);
    expect(marks(svg, 'odd failed')).toHaveLength(5);
    expect(marks(svg, 'odd succeeded')).toHaveLength(3);
    const places = marks(svg, '(?:odd|known) \\w+').map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('says in numbers what stands too close to be counted', () => {
    const { svg } = draw(stories.many);
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['×58', '×2', '500 of 540 drawn, the unusual and the newest first']),
    );
  });

  it('puts new places on top and known ones below, each with its count', () => {
    const written = texts(draw(stories.week).svg);
    const at = (text: string): number => written.indexOf(text);
    expect(at('NG, Lagos')).toBeGreaterThan(-1);
    expect(at('DE, Berlin')).toBeGreaterThan(at('NG, Lagos'));
    expect(at('DE, Potsdam')).toBeGreaterThan(at('DE, Berlin'));
    expect(written[at('NG, Lagos') + 2]).toBe('7');
    expect(written).toEqual(
      expect.arrayContaining(['29 sign-ins from 3 places', '8 unusual', '1 unusual', '5 failed']),
    );
  });

  it('sums up the lanes that find no room, never an unusual one', () => {
    const known = Array.from({ length: 18 }, (_, index) => signIn(index + 1, { place: `DE, Town ${index}` }));
    const { svg } = draw(story([...known, signIn(400, { place: 'KP, Pyongyang', odd: true })]));
    expect(count(svg, /class="lane"/g)).toBe(12);
    expect(texts(svg)).toContain('and 7 more places with 7 sign-ins');
    expect(texts(svg)).toContain('KP, Pyongyang');
  });

  it('shows the times and the report in the reader’s zone', () => {
    const berlin = draw(stories.few).svg;
    expect(texts(berlin)).toEqual(
      expect.arrayContaining(['Reported 03:12', 'Times in Europe/Berlin, GMT+1', '00:00', 'Tue 24 Nov']),
    );
    const tokyo = draw({ ...stories.few, timeZone: 'Asia/Tokyo' }).svg;
    expect(texts(tokyo)).toContain('Reported 11:12');
    expect(texts(draw({ ...stories.few, timeZone: 'Mars/Olympus' }).svg)).toContain('Times in UTC');
  });

  it('keeps to the wall clock when the clocks change', () => {
    const from = Date.UTC(2026, 2, 28, 20);
    const ticks = ticksOf({ from, to: from + 10 * 3_600_000, timeZone: 'Europe/Berlin' });
    expect(ticks.map(({ at, label }) => `${new Date(at).toISOString().slice(11, 16)} ${label}`)).toEqual([
      '21:00 22:00',
      '23:00 00:00',
      // 02:00 does not exist in this night.
      '02:00 04:00',
      '04:00 06:00',
      '06:00 08:00',
    ]);
    expect(ticks.map(({ below }) => below)).toEqual(['Sat 28 Mar', 'Sun 29 Mar', '', '', '']);
    expect(texts(draw(stories.clocksChange).svg)).toContain('Times in Europe/Berlin, GMT+1 → GMT+2');
  });

  it('escapes what it was told, and cuts what is too long', () => {
    const { svg } = draw(stories.scripts);
    expect(svg).not.toMatch(/<script|<b>/);
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).toContain('&lt;b&gt;&amp;amp;&quot;');
    const turned = draw(story([signIn(1, { place: 'DE, \u202enilreB\u0000\ud800' })]));
    expect(turned.svg).not.toMatch(/[\p{Cf}\p{Cc}\p{Cs}]/u);
    expect(texts(draw(stories.longNames).svg).filter((text) => text.endsWith('…')).length).toBeGreaterThan(2);
  });

  it('is told in words', () => {
    expect(draw(stories.week).alt).toBe(
      '29 sign-ins from 3 places between Tue 17 Nov 2026, 09:36 and Tue 24 Nov 2026, 02:06 (Europe/Berlin, GMT+1); ' +
        '8 unusual, from NG, Lagos; DE, Berlin; 5 failed. Reported at Tue 24 Nov 2026, 03:12.',
    );
    expect(draw(stories.one).alt).toMatch(/^1 sign-in from 1 place at Tue 24 Nov 2026, 02:42 \(Europe/);
  });

  it('takes anything', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    );
    const anyStory = fc.record({
      title: anyText,
      timeZone: fc.oneof(fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'UTC'), anyText),
      now: fc.date({ noInvalidDate: false }),
      opened: fc.date({ noInvalidDate: false }),
      signIns: fc.array(
        fc.record({
          at: fc.oneof(fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31') }), fc.date()),
          system: anyText,
          ip: fc.option(anyText),
          place: fc.option(anyText),
          device: fc.option(anyText),
          succeeded: fc.option(fc.boolean()),
          odd: fc.boolean(),
        }),
        { maxLength: 40 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(anyStory, async (told) => {
        const picture = await signInPicture(told, say);
        if (picture === null)
          return told.signIns.every(({ at }) => !(at.getUTCFullYear() >= 1900 && at.getUTCFullYear() < 2200));
        expect(Buffer.from(picture.png).readUInt32BE(16)).toBe(1200);
        expect(picture.alt.length).toBeLessThan(600);
        return true;
      }),
      { numRuns: 20 },
    );
  });
});

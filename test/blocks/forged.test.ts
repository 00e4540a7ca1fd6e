import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import '../property-seed.js';
import { lineCard } from '../../blocks/status-card.js';
import { itemsInput } from '../../blocks/modals/inputs.js';
import { translatorOf } from '../../blocks/parts.js';
import { en } from '../../src/texts/en.js';
import { mailTexts } from '../../src/texts/mail.js';
import { pageTexts } from '../../src/texts/page.js';
import { list, phrase, text, user } from '../../src/texts/phrase.js';
import { placeholdersOf, type TextKey, withOverrides } from '../../src/texts/say.js';
import { fill } from '../../src/platform/fill.js';
import { html } from '../../src/platform/html.js';

const translator = translatorOf(withOverrides({}));
type AnyKey = (key: TextKey, values: Readonly<Record<string, string>>) => string;
const say = translator.say as AnyKey;
const plain = translator.plain as AnyKey;

/** What an attacker writes to speak with Notme's translator. */
const FRAGMENTS = [
  '\n', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f', '\t', '   ', '\u00a0', '\u2800',
  ':white_check_mark:', ':lock:', ':no_entry', 'no_entry:', ':skin-tone-2:', '::', ':', ' :a_b',
  '*', '_', '~', '`', '```', '>', '&gt;', '&', '<', '<!channel>', '<@U1>', '<https://evil.example|Okta>', '|',
  '\u202e', '\u2066', '\u200b', '\u200d', '\ufeff', '\u0007', '\u001b[31m', '\u{e0041}',
  'Okta: Disable', 'verified', 'ada', 'ä', '1', ' ', '{name}', '$&', '• ', '😀',
] as const; // prettier-ignore
const hostile = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...FRAGMENTS) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

/** Names of pictures, but for those that are parts of times and addresses. */
const pictures = (said: string): string[] =>
  [...said.matchAll(/:(?=([\p{L}\p{N}_+'-]+):)/gu)]
    .map(([, name = '']) => name)
    .filter((name) => !/^[0-9a-f]{1,4}$/i.test(name));
const count = (said: string, sign: RegExp): number => [...said.matchAll(sign)].length;
const BREAK = /[\n\r\v\f\u0085\u2028\u2029]/gu;
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/gu;
/** An underscore inside a word has no meaning to Slack. */
const ACTIVE_UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

const withPlaceholders = (Object.keys(en) as TextKey[]).filter((key) => placeholdersOf(en[key]).length > 0);

describe('text of people and systems', () => {
  it('can forge no line, sign, picture or direction in any text of the catalogue', () => {
    expect(withPlaceholders.length).toBeGreaterThan(100);
    const property = fc.property(
      fc.constantFrom(...withPlaceholders),
      fc.array(hostile, { minLength: 8, maxLength: 8 }),
      (key, drawn) => {
        const template: string = en[key];
        const values = Object.fromEntries(
          placeholdersOf(template).map((name, index) => [name, drawn[index % 8] ?? '']),
        );
        for (const said of [say(key, values), plain(key, values)]) {
          expect(count(said, BREAK)).toBe(count(template, BREAK));
          expect(count(said, UNSEEN)).toBe(0);
          expect(pictures(said)).toEqual(pictures(template));
        }
        const said = say(key, values);
        for (const sign of [/\*/g, /~/g, /`/g, /</g]) expect(count(said, sign)).toBe(count(template, sign));
        expect(count(said, ACTIVE_UNDERSCORE)).toBeLessThanOrEqual(count(template, ACTIVE_UNDERSCORE));
        expect(said).not.toMatch(/^&gt;/m);
      },
    );
    fc.assert(property, { numRuns: 3000 });
  });

  it('can forge no line in the thread: a report, a reason, an evidence line, an error', () => {
    const forged =
      'no\n\n:white_check_mark: *Entra: Disable* verified at 10:00.\n:lock: *Bea Lindqvist* closed this incident';
    const lines = [
      phrase('timeline.opened', { who: user('U1'), surface: text('surface.dm'), said: forged }),
      phrase('timeline.decided', { who: user('U1'), action: text('action.lockdown'), reason: forged }),
      phrase('timeline.evidence.odd_line', {
        system: 'Okta',
        what: text('section.devices'),
        title: forged,
        why: text('anomaly.new_device'),
        more: '',
      }),
      phrase('timeline.needs_human', {
        system: 'Okta',
        action: text('action.disable_account'),
        problem: list([phrase('failure.transient', { detail: forged })]),
        owner: user('U2'),
      }),
    ];
    for (const one of lines) {
      const said = lineCard(translator, one).text;
      expect(said).not.toContain('\n');
      expect(said).not.toContain(':white_check_mark:');
      expect(said).not.toContain('*Entra: Disable*');
      expect(said).toContain('\u2236white_check_mark: \u2217Entra: Disable\u2217 verified at 10:00.');
    }
  });

  it('can forge nothing in what is chosen from in a modal', () => {
    const name = 'Pixel\n:lock: \u202eevil';
    const block = itemsInput(translator, {
      title: 'Okta',
      account: { id: 'acc_1' },
      choices: [{ value: 'v', title: name, at: null, where: [name], odd: false }],
    } as unknown as Parameters<typeof itemsInput>[1]);
    expect(JSON.stringify(block)).toContain('Pixel \u2236lock: evil');
    expect(JSON.stringify(block)).not.toContain(':lock:');
  });

  it('can forge no line and no direction in a mail or on the report page', () => {
    for (const [key, template] of Object.entries({ ...mailTexts, ...pageTexts })) {
      const values = Object.fromEntries(placeholdersOf(template).map((name) => [name, 'a\r\nBcc: b\u202ec\u0000']));
      expect([key, fill(template, values)]).toEqual([key, expect.not.stringMatching(/[\r\n\u202e\0]/)]);
    }
    expect(html`<b>${'a\u202eb\n<i>'}</b>`.markup).toBe('<b>ab &lt;i&gt;</b>');
  });

  it('keeps addresses, times, links and names as they are', () => {
    const kept = [
      'svc_backup_2@meadow.example', '2001:db8:0:1::beef/64', 'fe80::1%eth0', '00:1a:2b:3c:4d:5e', '10:15:20', '2026-11-29T10:15:20Z',
      'https://host.example:8443/a_b?c=d', '10.0.0.1:443', 'host.example:443', 'users:read and more', 'Directories | Internal | Edit',
      "Björn O'Neill-Łuk", '李小龍', 'مريم', '$1 $& {name}',
    ]; // prettier-ignore
    for (const value of kept) expect(plain('timeline.survivor_unknown', { what: value })).toBe(`• ${value}.`);
    for (const value of kept)
      expect(say('timeline.survivor_unknown', { what: value })).toBe(`• ${value.replaceAll('&', '&amp;')}.`);
  });
});

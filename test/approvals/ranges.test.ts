import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sayPhrase } from '../../src/texts/phrase.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { isInside, parseRanges } from '../../src/approvals/ranges.js';

const say = sayPlain(withOverrides({}));
const problem = (typed: string): string => {
  const parsed = parseRanges(typed);
  return parsed.ok ? 'fine' : sayPhrase(say, parsed.error.phrase);
};

describe('permitted login ranges, as typed', () => {
  it('takes IPv4 and IPv6 CIDRs and bare addresses, each once', () => {
    const parsed = parseRanges('203.0.113.0/24, 2001:db8::/48\n198.51.100.7 203.0.113.0/24');
    expect(parsed).toEqual({ ok: true, value: ['203.0.113.0/24', '2001:db8::/48', '198.51.100.7/32'] });
  });

  it.each([
    ['', 'at least one range'],
    ['203.0.113.0/33', '203.0.113.0/33: is not a CIDR'],
    ['203.0.113/24', 'is not a CIDR'],
    ['0x7f.0.0.1/8', 'is not a CIDR'],
    ['203.0.113.5/24', 'did you mean 203.0.113.0/24?'],
    ['2001:db8::1/48', 'did you mean 2001:db8::/48?'],
    ['::ffff:203.0.113.7', 'please write it as 203.0.113.7'],
    ['0.0.0.0/0', 'limits nothing'],
    ['::/0', 'limits nothing'],
    [Array.from({ length: 51 }, (_, index) => `10.0.${index}.0/24`).join(' '), 'at most 50'],
  ])('explains what is wrong with "%s"', (typed, sentence) => {
    expect(problem(typed)).toContain(sentence);
  });

  it('never throws, and gives only ranges that contain their own network address', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const typed = fc.oneof(
      fc.string(),
      fc.ipV4(),
      fc.ipV6(),
      fc
        .tuple(octet, octet, octet, octet, fc.integer({ min: 0, max: 40 }))
        .map(([a, b, c, d, prefix]) => `${a}.${b}.${c}.${d}/${prefix}`),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parseRanges(text);
        if (!parsed.ok) return;
        for (const range of parsed.value) expect(isInside(range.split('/')[0] ?? '', [range])).toBe(true);
      }),
    );
  });

  it('tells inside from outside, also for IPv4 written as IPv6', () => {
    expect(isInside('203.0.113.9', ['203.0.113.0/24'])).toBe(true);
    expect(isInside('::ffff:203.0.113.9', ['203.0.113.0/24'])).toBe(true);
    expect(isInside('203.0.114.9', ['203.0.113.0/24', '2001:db8::/32'])).toBe(false);
    expect(isInside('no address', ['203.0.113.0/24'])).toBe(false);
  });
});

import type { SignIn, SignInStory } from '../../jobs/sign-in-picture/sign-in.js';

const HOUR = 3_600_000;
const opened = new Date('2026-11-24T02:12:00Z');
const before = (hours: number): Date => new Date(opened.getTime() - hours * HOUR);

export const signIn = (hours: number, over: Partial<SignIn> = {}): SignIn => ({
  at: before(hours),
  system: 'Okta',
  ip: '192.0.2.10',
  place: 'DE, Berlin',
  device: 'Chrome on macOS',
  succeeded: true,
  odd: false,
  ...over,
});

export const story = (signIns: readonly SignIn[], over: Partial<SignInStory> = {}): SignInStory => ({
  title: 'Sign-ins of Ada Lovelace',
  timeZone: 'Europe/Berlin',
  now: new Date(opened.getTime() + 4 * 60_000),
  opened,
  signIns,
  ...over,
});

const lagos = { place: 'NG, Lagos', ip: '203.0.113.77', device: 'Firefox on Windows', odd: true } as const;
const phone = { device: 'iPhone', place: 'DE, Potsdam', ip: '198.51.100.4', system: 'Google Workspace' } as const;
const week = Array.from({ length: 7 }, (_, day) => [
  signIn(day * 24 + 17.6),
  signIn(day * 24 + 12.2, { system: 'Microsoft Entra ID' }),
  signIn(day * 24 + 7.5, phone),
]).flat();

const names = ['DE, Berlin', 'FR, Paris', 'GB, London', 'US, New York', 'JP, Tokyo', 'BR, São Paulo', 'IN, Pune'];
const rush = Array.from({ length: 480 }, (_, index) =>
  signIn(((index * 7919) % 336) / 2, {
    place: index % 9 === 0 ? null : (names[(index * index) % 7] ?? null),
    ip: `192.0.2.${index % 9}`,
    succeeded: index % 5 !== 0,
  }),
);
const spray = Array.from({ length: 60 }, (_, index) => signIn(2 - index / 80, { ...lagos, succeeded: index > 57 }));

/** Sign-ins as they come, for the tests and for a look. */
export const stories = {
  few: story([signIn(20), signIn(3, lagos), signIn(0.4, { ...lagos, succeeded: false })]),
  week: story([
    ...week,
    ...[5.2, 5.1, 5.05, 5, 4.95].map((hours) => signIn(hours, { ...lagos, succeeded: false })),
    ...[4.9, 2.2].map((hours) => signIn(hours, lagos)),
    signIn(1.1, { device: 'Unknown browser', odd: true }),
  ]),
  many: story([...rush, ...spray]),
  one: story([signIn(0.5)]),
  onePlace: story(week.filter(({ place }) => place === 'DE, Berlin')),
  longNames: story(
    [
      ...week,
      signIn(3, {
        ...lagos,
        place: 'GB, Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
        device: 'x'.repeat(400),
      }),
      signIn(4, { place: null, ip: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff', succeeded: null }),
      signIn(6, { place: null, ip: null, device: null }),
    ],
    { title: 'Sign-ins of Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine the Younger of Philadelphia' },
  ),
  scripts: story(
    [
      '日本, 東京',
      '대한민국, 서울',
      'ไทย, กรุงเทพ',
      'भारत, मुंबई',
      'Россия, Москва',
      'السعودية, الرياض',
      'ישראל, ירושלים',
      '🙂 <b>&amp;"',
    ].map((place, index) =>
      signIn(index * 5, { place, ip: `192.0.2.${index}`, device: '山田のiPhone', odd: index < 2 }),
    ),
    { title: 'Sign-ins of 山田 太郎 <script>' },
  ),
  clocksChange: story(
    Array.from({ length: 12 }, (_, index) =>
      signIn(0, { at: new Date(Date.UTC(2026, 2, 28, 14 + index * 2)), odd: index === 9 }),
    ),
    { opened: new Date('2026-03-29T09:00:00Z'), now: new Date('2026-03-29T09:05:00Z') },
  ),
  months: story(Array.from({ length: 40 }, (_, index) => signIn(index * 24 * 5 + (index % 7)))),
};

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EVIDENCE_SECTIONS,
  type Evidence,
  type EvidenceItem,
  type EvidenceSection,
} from '../../src/ports/connector.js';
import { findAnomalies, type Circumstances, type Anomaly } from '../../src/evidence/anomalies.js';

const OPENED = new Date('2026-03-10T03:00:00Z');
const daysAgo = (days: number): Date => new Date(OPENED.getTime() - days * 86_400_000);
const ABOUT: Circumstances = { opened: OPENED, logins: ['Ada@harbour.test', 'ada.byron@corp.harbour.test'] };

const EMPTY: Evidence = {
  sign_ins: { items: [], complete: true },
  factors: { items: [], complete: true },
  identity_providers: { items: [], complete: true },
  sessions: { items: [], complete: true },
  grants: { items: [], complete: true },
  app_passwords: { items: [], complete: true },
  mail_rules: { items: [], complete: true },
  devices: { items: [], complete: true },
  roles: { items: [], complete: true },
  groups: { items: [], complete: true },
  recovery: { items: [], complete: true },
  changes: { items: [], complete: true },
};

const section = (name: EvidenceSection, items: readonly EvidenceItem[]): Evidence => ({
  ...EMPTY,
  [name]: { items, complete: true },
});
const odd = (evidence: Evidence, about: Partial<Circumstances> = {}): readonly Anomaly[] =>
  findAnomalies([{ system: 'okta', evidence }], { ...ABOUT, ...about });
const reasons = (found: readonly Anomaly[]) => found.map(({ itemId, why }) => [itemId, why]);

const HOME = { ip: '203.0.113.7', place: 'AT, Vienna', device: 'Firefox/124.0 on Windows 10', succeeded: true };
const AWAY = { ip: '198.51.100.23', place: 'NG, Lagos', device: 'python-requests/2.31', succeeded: true };
const signIn = (id: string, days: number, facts: Partial<EvidenceItem>): EvidenceItem => ({
  id,
  title: 'Sign-in',
  at: daysAgo(days),
  ...facts,
});
const habit = [60, 40, 30, 20].map((days) => signIn(`home-${days}`, days, HOME));

describe('odd sign-ins', () => {
  it('finds a country, a device and a network never seen before, as one', () => {
    const found = odd(section('sign_ins', [signIn('away', 0.1, AWAY), ...habit]));
    expect(found).toEqual([
      {
        system: 'okta',
        section: 'sign_ins',
        itemId: 'away',
        title: 'Sign-in',
        why: 'anomaly.new_country',
        also: ['anomaly.new_device', 'anomaly.new_address'],
        weight: 90,
        at: daysAgo(0.1),
        similar: 0,
      },
    ]);
  });

  it('puts alike ones together, by the newest', () => {
    const away = [3, 2, 1].map((days) => signIn(`away-${days}`, days, AWAY));
    expect(odd(section('sign_ins', [...away, ...habit]))).toMatchObject([{ itemId: 'away-1', similar: 2 }]);
  });

  it('says nothing without a history, or when the history does not tell the fact', () => {
    const away = signIn('away', 0.1, AWAY);
    expect(odd(section('sign_ins', [away]))).toEqual([]);
    expect(odd(section('sign_ins', [away, ...habit.slice(0, 2)]))).toEqual([]);
    const untold = habit.map(({ id, title, at }) => ({ id, title, at }));
    expect(odd(section('sign_ins', [away, ...untold]))).toEqual([]);
    const placeless = habit.map(({ place, device, ...rest }) => ({ ...rest, wasAt: [place, device] }));
    expect(reasons(odd(section('sign_ins', [away, ...placeless])))).toEqual([['away', 'anomaly.new_address']]);
  });

  it('does not take a new version for a new device, nor a neighbour for a new network', () => {
    const same = { ...HOME, ip: '203.0.113.200', device: 'Firefox/131.0.2 on Windows 10' };
    expect(odd(section('sign_ins', [signIn('same', 0.1, same), ...habit]))).toEqual([]);
  });

  it('weighs attempts that failed less, and never takes them for a habit', () => {
    const tries = [90, 80, 70, 50].map((days) => signIn(`try-${days}`, days, { ...AWAY, succeeded: false }));
    const got = signIn('got-in', 0.2, AWAY);
    expect(odd(section('sign_ins', [got, ...habit, ...tries]))[0]).toMatchObject({ itemId: 'got-in', weight: 90 });
    const failed = signIn('failed', 0.2, { ...AWAY, succeeded: false });
    expect(odd(section('sign_ins', [failed, ...habit]))[0]).toMatchObject({ itemId: 'failed', weight: 35 });
  });

  it('leaves what has been usual for longer than the last days', () => {
    const long = [15, 10, 5, 1].map((days) => signIn(`away-${days}`, days, AWAY));
    expect(odd(section('sign_ins', [...long, ...habit]))).toEqual([]);
    const short = long.slice(2);
    expect(odd(section('sign_ins', [...short, ...habit]))).toHaveLength(1);
  });
});

describe('what was added lately', () => {
  it.each([
    ['factors', 'anomaly.recent_factor'],
    ['identity_providers', 'anomaly.recent_identity_provider'],
    ['mail_rules', 'anomaly.recent_mail_rule'],
    ['recovery', 'anomaly.recent_recovery'],
    ['app_passwords', 'anomaly.recent_app_password'],
    ['roles', 'anomaly.recent_role'],
    ['grants', 'anomaly.recent_grant'],
    ['devices', 'anomaly.recent_device'],
  ] as const)('%s', (name, why) => {
    const item = (id: string, at: Date | null): EvidenceItem => ({ id, title: id, at });
    const after = new Date(OPENED.getTime() + 60_000);
    const items = [item('after', after), item('new', daysAgo(2)), item('old', daysAgo(8)), item('undated', null)];
    expect(reasons(odd(section(name, items)))).toEqual([
      ['after', why],
      ['new', why],
    ]);
  });
});

describe('forwards to the outside', () => {
  const rule = (id: string, days: number | null, ...givesMailTo: string[]): EvidenceItem => ({
    id,
    title: `Rule from boss@elsewhere.example`,
    at: days === null ? null : daysAgo(days),
    givesMailTo,
  });

  it('finds them whenever they were made, the recent ones first', () => {
    const items = [
      rule('undated', null, 'x@evil.example'),
      rule('lately', 1, 'bob@harbour.test', 'drop@mail.evil.example'),
    ];
    expect(odd(section('mail_rules', items))).toMatchObject([
      { itemId: 'lately', why: 'anomaly.forward_outside', also: ['anomaly.recent_mail_rule'], weight: 100 },
      { itemId: 'undated', why: 'anomaly.forward_outside', weight: 92 },
    ]);
  });

  it('leaves forwards within the company, conditions, what has no address, and everything when no own domain is known', () => {
    const items = [
      rule('inside', null, 'bob@sub.harbour.test', 'ANN@HARBOUR.TEST'),
      rule('condition', null),
      rule('unnamed', null, 'an address that is not told'),
    ];
    expect(odd(section('mail_rules', items))).toEqual([]);
    const outside = section('mail_rules', [rule('out', null, 'x@evil.example')]);
    expect(odd(outside, { logins: [] })).toEqual([]);
    expect(odd(outside, { logins: ['ada@Evil.example'] })).toEqual([]);
    expect(odd(outside, { logins: ['ada'] })).toEqual([]);
    expect(odd(outside)).toHaveLength(1);
    expect(odd(section('mail_rules', [rule('like', null, 'x@notharbour.test')]))).toHaveLength(1);
  });
});

describe('changes by somebody else', () => {
  const change = (id: string, by: string | undefined, days = 1): EvidenceItem => ({
    id,
    title: `password changed ${id}`,
    at: daysAgo(days),
    ...(by === undefined ? {} : { by }),
  });

  it('finds another login, and nothing where the actor may be the person', () => {
    const items = [
      change('admin', 'helpdesk@harbour.test'),
      change('windows', 'HARBOUR\\svc-reset'),
      change('self', 'ADA@harbour.test'),
      change('self-2', 'HARBOUR\\ada'),
      change('name', 'Ada Byron'),
      change('nobody', undefined),
      change('long ago', 'helpdesk@harbour.test', 30),
    ];
    expect(reasons(odd(section('changes', items)))).toEqual([
      ['admin', 'anomaly.changed_by_other'],
      ['windows', 'anomaly.changed_by_other'],
    ]);
    expect(odd(section('changes', items), { logins: [] })).toEqual([]);
  });
});

describe('the list as a whole', () => {
  it('takes several systems, is bounded, and skips what could not be had', () => {
    const unavailable = { unavailable: { kind: 'licence', message: 'Not in this plan.' } } as const;
    const grants = Array.from({ length: 30 }, (_, index) => ({
      id: `g${index}`,
      title: 'App',
      at: daysAgo(index / 10),
    }));
    const found = findAnomalies(
      [
        { system: 'slack', evidence: { ...section('grants', grants), sign_ins: unavailable } },
        { system: 'okta', evidence: section('factors', [{ id: 'f', title: 'Phone', at: daysAgo(6) }]) },
      ],
      ABOUT,
    );
    expect(found).toHaveLength(20);
    expect(found[0]).toMatchObject({ system: 'okta', why: 'anomaly.recent_factor' });
    expect(found[1]).toMatchObject({ system: 'slack', itemId: 'g0' });
  });

  it('whatever comes: names items that are there, in order, and never throws', () => {
    const date = fc.option(fc.date({ min: daysAgo(100), max: daysAgo(-2), noInvalidDate: true }));
    const maybe = (arbitrary: fc.Arbitrary<string>) => fc.option(arbitrary, { nil: undefined });
    const item = fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      title: fc.string(),
      givesMailTo: fc.option(fc.array(fc.oneof(fc.string(), fc.emailAddress())), { nil: undefined }),
      hidesMail: fc.option(fc.boolean(), { nil: undefined }),
      at: date,
      ip: maybe(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())),
      place: maybe(fc.constantFrom('AT, Vienna', 'NG', '', ' , ')),
      device: maybe(fc.string()),
      by: maybe(fc.oneof(fc.string(), fc.emailAddress(), fc.constant('a\\b'))),
      succeeded: fc.option(fc.boolean(), { nil: undefined }),
      detail: maybe(fc.string()),
    });
    const defined = item.map((raw): EvidenceItem => {
      const kept = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
      return { ...kept, id: raw.id, title: raw.title, at: raw.at };
    });
    const evidences = fc.record(
      Object.fromEntries(
        EVIDENCE_SECTIONS.map((name) => [
          name,
          fc.record({
            items: fc.uniqueArray(defined, { selector: ({ id }) => id, maxLength: 15 }),
            complete: fc.boolean(),
          }),
        ]),
      ) as Record<EvidenceSection, fc.Arbitrary<{ items: EvidenceItem[]; complete: boolean }>>,
    );
    fc.assert(
      fc.property(evidences, fc.array(fc.emailAddress(), { maxLength: 3 }), (evidence, logins) => {
        const found = odd(evidence, { logins });
        expect(found.length).toBeLessThanOrEqual(20);
        const weights = found.map(({ weight }) => weight);
        expect(weights).toEqual(weights.toSorted((one, other) => other - one));
        for (const { section: name, itemId, at } of found) {
          const there = evidence[name].items.find(({ id }) => id === itemId);
          expect(there?.at).toEqual(at);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('rules that hide mail', () => {
  it('are found though they have no date; rules that only file mail away are not', () => {
    const rules = [
      { id: 'hides', title: 'x', at: null, hidesMail: true },
      { id: 'tidy', title: 'Delete: newsletters', at: null, hidesMail: false },
      { id: 'untold', title: 'Delete: from security@harbour.test', at: null },
    ];
    expect(reasons(odd(section('mail_rules', rules)))).toEqual([['hides', 'anomaly.hides_mail']]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatAuditTime,
  parseAuditTime,
  readAuditRow,
  sourceIp,
  targetLogin,
} from '../../src/connectors/mimecast/audit-row.js';
import { readEnvelope, type Answer } from '../../src/connectors/mimecast/envelope.js';
import { normaliseRange, rangeSetKey } from '../../src/connectors/kit/ranges.js';
import { mimecastSettings } from '../../src/connectors/mimecast/settings.js';
import { Secret } from '../../src/platform/secret.js';

const changed = 'Password reset for user: ada@example.com User Password Changed, Remote IP is null';
const row = (more: Record<string, unknown> = {}) => ({
  id: 'eNqr-1',
  auditType: 'User Password Changed',
  user: 'helpdesk@example.com',
  eventTime: '2026-03-02T09:00:00+0000',
  eventInfo: changed,
  category: 'user_account_and_role_logs',
  ...more,
});

describe("a row of Mimecast's audit log", () => {
  it('tells the person from the text and the actor from the user', () => {
    expect(readAuditRow(row())).toEqual({
      outcome: 'event',
      event: {
        eventId: 'eNqr-1',
        kind: 'password_reset',
        login: 'ada@example.com',
        actor: 'helpdesk@example.com',
        occurredAt: new Date('2026-03-02T09:00:00.000Z'),
        ip: null,
      },
    });
  });

  it.each([
    [
      'Successful authentication for ada@example.com <Ada Example>, Date: 2021-10-11, Time: 18:17:30 BST, IP: 67.43.156.15, Application: Administration Console, Method: Two Step Auth, 2FA: TOTP',
      'ada@example.com',
      '67.43.156.15',
    ],
    [
      'Successful authentication for <ada@example.com>, IP: 2001:db8::7, Application: x',
      'ada@example.com',
      '2001:db8::7',
    ],
  ])('reads a sign-in: %s', (eventInfo, login, ip) => {
    const reading = readAuditRow(row({ auditType: 'User Logged On', eventInfo }));
    expect(reading).toMatchObject({ outcome: 'event', event: { kind: 'sign_in', login, ip } });
  });

  it.each([
    [changed, 'ada@example.com'],
    ['password reset for user ADA@Example.com.', 'ada@example.com'],
    ['Something new about <ada@example.com>', 'ada@example.com'],
    ['Something about ada@example.com by bob@example.com', null],
    ['Password reset for user: ada@example.com by bob@example.com', 'ada@example.com'],
    ['nobody', null],
    ['', null],
  ])('finds the person in %j', (eventInfo, login) => expect(targetLogin('password_reset', eventInfo)).toBe(login));

  it.each([
    ['Remote IP is 203.0.113.7', '203.0.113.7'],
    ['Remote IP is 203.0.113.7.', '203.0.113.7'],
    ['remote IP : 67.43.156.15 application : LFS', '67.43.156.15'],
    ['Remote IP is null', null],
    ['Remote IP is 999.1.1.1', null],
    ['IP is 7', null],
  ])('finds the address in %j', (eventInfo, ip) => expect(sourceIp(eventInfo)).toBe(ip));

  it('loses no row that should have been an event in silence', () => {
    for (const wrong of [
      row({ eventInfo: 'x' }),
      row({ eventTime: 'yesterday' }),
      { auditType: 'User Password Changed' },
      null,
      7,
    ]) {
      expect(readAuditRow(wrong).outcome).toBe('unreadable');
    }
    expect(readAuditRow(row({ auditType: 'Folder Log Entry' })).outcome).toBe('other');
    expect(readAuditRow(row({ auditType: 'constructor' })).outcome).toBe('other');
  });

  it('takes any JSON without throwing, and tells only valid events', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({
        id: fc.string(),
        auditType: fc.constantFrom('User Password Changed', 'User Logged On', 'x'),
        user: fc.option(fc.string()),
        eventTime: fc.string(),
        eventInfo: fc.string(),
      }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const reading = readAuditRow(value);
        if (reading.outcome !== 'event') return;
        expect(Number.isNaN(reading.event.occurredAt.getTime())).toBe(false);
        expect(reading.event.login).toContain('@');
      }),
    );
  });

  it('is read quickly, however long it is', () => {
    const eventInfo = 'a'.repeat(1_000_000);
    expect(readAuditRow(row({ eventInfo })).outcome).toBe('unreadable');
  });

  it('finds any person that the text names', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.ipV4(), (email, ip) => {
        fc.pre(/^[a-z0-9._+-]+@/i.test(email));
        const eventInfo = `Password reset for user: ${email} User Password Changed, Remote IP is ${ip}`;
        expect(targetLogin('password_reset', eventInfo)).toBe(email.toLowerCase());
        expect(sourceIp(eventInfo)).toBe(ip);
      }),
    );
  });

  it('writes and reads the same second', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (at) => {
        const text = formatAuditTime(at);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
        expect(parseAuditTime(text)?.getTime()).toBe(Math.floor(at.getTime() / 1000) * 1000);
      }),
    );
    expect(parseAuditTime('2026-03-02T10:00:00+0100')?.toISOString()).toBe('2026-03-02T09:00:00.000Z');
  });
});

const answer = (body: unknown, more: Partial<Answer> = {}): Answer => ({
  path: '/api/user/update-user',
  write: true,
  status: 200,
  body,
  retryAfterMs: 5,
  quote: (text) => text,
  ...more,
});
const failing = (code: string, more: Record<string, unknown> = {}) => ({
  meta: { status: 200 },
  data: [],
  fail: [{ key: { password: 'hunter2-hunter2' }, errors: [{ code, message: 'said', retryable: false, ...more }] }],
});

describe("Mimecast's envelope", () => {
  it('is a success only when everything says so', () => {
    expect(readEnvelope(answer({ meta: { status: 200, pagination: { next: 't' } }, data: [1], fail: [] }))).toEqual({
      ok: true,
      value: { data: [1], isList: true, next: 't' },
    });
    expect(readEnvelope(answer({ data: [] }))).toMatchObject({ ok: true, value: { next: null } });
  });

  it.each([
    [{ meta: { status: 403 }, data: [], fail: [] }, 'permission'],
    [{ meta: { status: 404 }, data: [], fail: [] }, 'not_found'],
    [{ meta: { status: 500 }, data: [], fail: [] }, 'unknown_outcome'],
    [{ meta: { status: 429 }, data: [], fail: [] }, 'throttled'],
    [failing('err_validation_null', { field: 'x' }), 'invalid_input'],
    [failing('err_validation_invalid_email_address'), 'invalid_input'],
    [failing('err_folder_email_address_not_found'), 'not_found'],
    [failing('err_folder_group_member_already_exists'), 'conflict'],
    [failing('err_xdk_binding_expired'), 'auth'],
    [failing('err_audit_log_incorrect_region'), 'invalid_input'],
    [failing('err_user_password_complexity'), 'invalid_input'],
    [failing('err_of_tomorrow'), 'conflict'],
    [failing('err_of_tomorrow', { retryable: true }), 'unknown_outcome'],
    [{ fail: [{ code: 'token_expired', message: 'm' }] }, 'auth'],
    [{ fail: ['odd'] }, 'conflict'],
    ['<html>', 'unknown_outcome'],
    [{}, 'unknown_outcome'],
    [[], 'unknown_outcome'],
  ])('reads HTTP 200 with %j as %s', (body, kind) => {
    const page = readEnvelope(answer(body));
    expect(page).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(page)).not.toContain('hunter2');
  });

  it.each([
    [401, 'auth'],
    [403, 'permission'],
    [404, 'not_found'],
    [409, 'conflict'],
    [418, 'auth'],
  ])('reads HTTP %i as %s, with a body or without', (status, kind) => {
    expect(readEnvelope(answer(undefined, { status }))).toMatchObject({ ok: false, error: { kind } });
    expect(readEnvelope(answer({ fail: [{ code: 'c', message: 'm' }] }, { status }))).toMatchObject({
      ok: false,
      error: { kind },
    });
  });

  it('names the missing permission', () => {
    const page = readEnvelope(answer({ fail: [] }, { status: 403 }));
    expect(page).toMatchObject({ ok: false, error: { missing: 'Directories | Internal | Edit' } });
  });

  it('takes any JSON, and never takes a failure for a success', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 200, max: 499 }), fc.boolean(), (body, status, write) => {
        const page = readEnvelope(answer(body, { status, write }));
        if (page.ok) expect(status).toBeLessThan(300);
        else expect(page.error.message).toMatch(/[.]$/);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.array(fc.jsonValue()), (fail, data) => {
        expect(readEnvelope(answer({ meta: { status: 200 }, data, fail })).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(
        fc.integer().filter((status) => status < 200 || status > 299),
        (status) => {
          expect(readEnvelope(answer({ meta: { status }, data: [], fail: [] })).ok).toBe(false);
        },
      ),
    );
  });
});

describe('ranges', () => {
  it.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['203.0.113.77', '203.0.113.77/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0::1/32', '2001:db8::/32'],
    ['2001:db8::7', '2001:db8::7/128'],
    ['::ffff:203.0.113.9/120', '203.0.113.0/24'],
    [' 10.0.0.0/8 ', '10.0.0.0/8'],
    ['10.0.0.0/33', null],
    ['10.0.0/8', null],
    ['10', null],
    ['10.0.0.0/8/8', null],
    ['10.0.0.0/08', null],
    ['fe80::1%eth0', null],
    ['', null],
    ['office', null],
  ])('%j becomes %j', (text, normal) => expect(normaliseRange(text)).toBe(normal));

  it('are equal as sets, however they are written', () => {
    const range = fc
      .oneof(
        fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
        fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
      )
      .map(([ip, length]) => `${ip}/${length}`);
    fc.assert(
      fc.property(fc.array(range, { minLength: 1 }), (ranges) => {
        const key = rangeSetKey(ranges);
        expect(key).not.toBeNull();
        expect(
          rangeSetKey(
            [...ranges]
              .reverse()
              .concat(ranges)
              .map((text) => text.toUpperCase()),
          ),
        ).toBe(key);
        expect(rangeSetKey((key ?? '').split(' '))).toBe(key);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const normal = normaliseRange(text);
        if (normal !== null) expect(normaliseRange(normal)).toBe(normal);
      }),
    );
  });
});

describe('the settings', () => {
  const base = { client_id: 'a', client_secret: 'b' };

  it('have defaults, and keep the secret secret', () => {
    const settings = mimecastSettings.parse(base);
    expect(settings).toMatchObject({
      base_url: 'https://api.services.mimecast.com',
      two_step_group: null,
      login_range_groups: [],
      poll_overlap_s: 300,
    });
    expect(JSON.stringify(settings)).not.toContain('"b"');
    expect(mimecastSettings.parse({ ...base, client_secret: new Secret('s') })).toMatchObject({
      auth: 'api2',
      client_secret: expect.any(Secret),
    });
  });

  it('refuse what would send tokens in the clear, and ranges that are none', () => {
    for (const wrong of [
      { base_url: 'http://api.example.com' },
      { login_range_groups: [{ group: 'g', ranges: ['office'] }] },
      { login_range_groups: [{ group: 'g', ranges: [] }] },
      { client_id: '' },
    ]) {
      expect(mimecastSettings.safeParse({ ...base, ...wrong }).success).toBe(false);
    }
    const settings = mimecastSettings.parse({
      ...base,
      base_url: 'https://x.example/',
      login_range_groups: [{ group: 'g', ranges: ['203.0.113.9/24'] }],
    });
    expect(settings).toMatchObject({
      base_url: 'https://x.example',
      login_range_groups: [{ ranges: ['203.0.113.0/24'] }],
    });
  });
});

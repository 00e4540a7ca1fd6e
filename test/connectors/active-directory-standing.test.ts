import { describe, expect, it } from '@jest/globals';
import { toAccount, toState, type Account } from '../../src/connectors/active-directory/account.js';
import type { Directory } from '../../src/connectors/active-directory/directory.js';
import { toFiletime } from '../../src/connectors/active-directory/filetime.js';
import type { Reading } from '../../src/connectors/active-directory/reading.js';
import { resetPassword } from '../../src/connectors/active-directory/reset.js';
import { disableAccount, enableAccount } from '../../src/connectors/active-directory/switches.js';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const NORMAL = 0x200;
const DISABLED = NORMAL | 0x2;
const SMART_CARD = NORMAL | 0x40000;
const LAST_YEAR = toFiletime(new Date('2025-03-02T09:00:00.000Z'));
const NEXT_YEAR = toFiletime(new Date('2027-03-02T09:00:00.000Z'));
const NEVER = '9223372036854775807';

function accountWith(userAccountControl: number, accountExpires?: string): Account {
  const account = toAccount({
    dn: 'CN=Ada,DC=corp,DC=example',
    objectGUID: Buffer.alloc(16, 1),
    userAccountControl: String(userAccountControl),
    userPrincipalName: 'ada@corp.example',
    'msDS-User-Account-Control-Computed': '0',
    pwdLastSet: LAST_YEAR,
    ...(accountExpires === undefined ? {} : { accountExpires }),
  });
  if (account === null) throw new Error('no account');
  return account;
}

function readingOf(account: Account): Reading {
  const expired = account.expiresAt !== null && account.expiresAt <= NOW;
  const facts = { expired, twoStepRequired: null, loginRanges: null, adminRoles: [] };
  return { account, state: toState(account, facts, NOW), memberships: new Map(), aheadMs: 0 };
}

/** These verdicts ask the directory for nothing. */
const nothing = {} as Directory;
const task = <K extends string>(kind: K) => ({
  account: { system: 'active_directory', accountId: 'a', login: 'ada@corp.example' },
  call: { signal: new AbortController().signal, correlationId: 'c' },
  command: { kind },
});

describe('whether anybody can sign in to an account', () => {
  it.each([
    ['one that does not tell', NORMAL, undefined, [null, 'cannot_tell', 'does_not_hold']],
    ['one that tells nonsense', NORMAL, 'soon', [null, 'cannot_tell', 'does_not_hold']],
    ['one that never expires', NORMAL, NEVER, [true, 'holds', 'does_not_hold']],
    ['one whose date is cleared', NORMAL, '0', [true, 'holds', 'does_not_hold']],
    ['one that expires later', NORMAL, NEXT_YEAR, [true, 'holds', 'does_not_hold']],
    ['one that has expired', NORMAL, LAST_YEAR, [false, 'does_not_hold', 'does_not_hold']],
    ['a disabled one', DISABLED, undefined, [false, 'does_not_hold', 'holds']],
    ['a disabled one that has expired', DISABLED, LAST_YEAR, [false, 'does_not_hold', 'holds']],
  ])('is told of %s, and of what enabling and disabling left', (_title, control, expires, wanted) => {
    const reading = readingOf(accountWith(control, expires));
    const found = { reading, since: NOW };
    const enable = enableAccount(nothing).judge(task('enable_account'), found);
    const disable = disableAccount(nothing).judge(task('disable_account'), found);
    expect([reading.state.enabled, enable, disable]).toEqual([
      wanted[0],
      expect.objectContaining({ verdict: wanted[1] }),
      expect.objectContaining({ verdict: wanted[2] }),
    ]);
  });

  it('names the date of one that has expired', () => {
    const found = { reading: readingOf(accountWith(NORMAL, LAST_YEAR)), since: NOW };
    expect(enableAccount(nothing).judge(task('enable_account'), found)).toMatchObject({
      observed: expect.stringContaining('expired at 2025-03-02 09:00:00 UTC'),
    });
  });
});

it.each([
  ['smart card', SMART_CARD, /smart card that the account requires.*does not end its certificate/],
  ['certificates and keys', NORMAL, /certificate or a Windows Hello key/],
])('a reset names what it does not end: %s', (_title, control, words) => {
  const { residual } = resetPassword(nothing);
  const left = typeof residual === 'function' ? residual(readingOf(accountWith(control))) : [];
  expect(left.map(({ what }) => what).join('; ')).toMatch(words);
});

describe('an entry with one attribute bent', () => {
  const WHOLE: Readonly<Record<string, string | string[] | Buffer>> = {
    objectGUID: Buffer.alloc(16, 1),
    userAccountControl: String(NORMAL),
    userPrincipalName: 'ada@corp.example',
    sAMAccountName: 'ada',
    'msDS-User-Account-Control-Computed': String(0x10),
    pwdLastSet: '0',
    lockoutTime: LAST_YEAR,
    accountExpires: LAST_YEAR,
    adminCount: '1',
    allowedAttributesEffective: ['pwdLastSet', 'userAccountControl'],
    servicePrincipalName: ['HTTP/wiki'],
    objectClass: ['top', 'person', 'user'],
  };
  const shown = (entry: Readonly<Record<string, unknown>>) => {
    const account = toAccount({ dn: 'CN=Ada,DC=corp,DC=example', ...entry });
    return account === null ? null : readingOf(account).state;
  };
  const right = shown(WHOLE);

  it.each(
    Object.keys(WHOLE).flatMap((name) =>
      [undefined, [], '', 'soon', ['soon', 'later'], '-', Buffer.from('soon')].map((by) => [name, by] as const),
    ),
  )('%s as %j claims nothing that was not there', (name, by) => {
    const bent = shown({ ...WHOLE, [name]: by });
    if (bent === null || right === null) {
      expect(right).not.toBeNull();
      return;
    }
    for (const [fact, value] of Object.entries(bent)) {
      const before = right[fact as keyof typeof right];
      if (fact === 'readAt' || value === null) continue;
      // What cannot be written is told with what is not shown to be writable; an expired account that does not tell is no enabled one.
      if (fact === 'protectedBecause') expect(before).not.toBeNull();
      else expect([fact, value]).toEqual([fact, before]);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  BusyError,
  ConstraintViolationError,
  InsufficientAccessError,
  InvalidCredentialsError,
  NoSuchObjectError,
  OperationsError,
  StrongAuthRequiredError,
  UnavailableError,
  UnwillingToPerformError,
} from 'ldapts';
import { takeFrame } from 'identity-sandbox/active-directory';
import { toAccount } from '../../src/connectors/active-directory/account.js';
import { createActiveDirectoryConnector } from '../../src/connectors/active-directory/connector.js';
import { classify } from '../../src/connectors/active-directory/failures.js';
import { fromFiletime, toFiletime } from '../../src/connectors/active-directory/filetime.js';
import { escapeFilterValue, peopleChangedSince, personBy } from '../../src/connectors/active-directory/filter.js';
import { formatGuid, isGuid } from '../../src/connectors/active-directory/guid.js';
import { stampOf, stampsOf, UNICODE_PWD } from '../../src/connectors/active-directory/replication-metadata.js';
import { accessEntries, mayUse } from '../../src/connectors/active-directory/security-descriptor.js';
import { formatSid } from '../../src/connectors/active-directory/security-id.js';
import { withSession } from '../../src/connectors/active-directory/session.js';
import { activeDirectorySettings } from '../../src/connectors/active-directory/settings.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';

/** What a directory reads out of an escaped value. */
const unescape = (value: string): string =>
  value.replace(/\\([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const named = (text: string) => ({ emails: [text], employeeId: text });

describe('filters', () => {
  it('lets no character of a value act as a filter', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('\\', '*', '(', ')', '\0', '&', '5', 'a') }),
        ),
        (value) => {
          const escaped = escapeFilterValue(value);
          expect(escaped).not.toMatch(/[*()\0]/);
          expect(unescape(escaped)).toBe(value);
        },
      ),
    );
  });

  it('keeps the shape of the search for any address', () => {
    const shape = (filter: string): string => filter.replace(/[^()]/g, '');
    fc.assert(
      fc.property(fc.string(), (email) => expect(shape(personBy(named(email)))).toBe(shape(personBy(named('a@b'))))),
    );
    expect(personBy(named('*)(uid=*'))).toContain('(mail=\\2a\\29\\28uid=\\2a)');
  });

  it('writes times as generalised time', () => {
    expect(peopleChangedSince(new Date('2026-03-04T05:06:07.890Z'))).toContain('(whenChanged>=20260304050607.0Z)');
  });
});

describe('file times', () => {
  it('knows the epoch, never and nonsense', () => {
    expect(fromFiletime('116444736000000000')).toEqual(new Date(0));
    expect(fromFiletime('134399383548960620')?.toISOString()).toBe('2026-11-23T20:12:34.896Z');
    for (const never of ['0', '9223372036854775807', '', 'soon', '-1', null]) expect(fromFiletime(never)).toBeNull();
  });

  it('reads back every date it writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1700-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(fromFiletime(toFiletime(date))).toEqual(date);
        },
      ),
    );
  });
});

describe('what the directory answers', () => {
  it('writes a GUID as people do, and takes only sixteen bytes', () => {
    const bytes = Buffer.from('6a5687dadb60524db7bca63e7b11d8d5', 'hex');
    expect(formatGuid(bytes)).toBe('da87566a-60db-4d52-b7bc-a63e7b11d8d5');
    expect(formatGuid(bytes.subarray(1))).toBeNull();
    expect(isGuid('da87566a-60db-4d52-b7bc-a63e7b11d8d5')).toBe(true);
    expect(isGuid('da87566a-60db-4d52-b7bc-a63e7b11d8d5>,DC=x')).toBe(false);
  });

  it('finds when the password was written among other attributes', () => {
    const metadata = Buffer.alloc(16 + 2 * 48);
    metadata.writeUInt32LE(1, 0);
    metadata.writeUInt32LE(2, 8);
    metadata.writeUInt32LE(0x00090008, 16);
    metadata.writeUInt32LE(0x0009005a, 64);
    metadata.writeUInt32LE(7, 68);
    metadata.writeBigUInt64LE(13_439_938_354n, 72);
    metadata.writeBigUInt64LE(3_946n, 104);
    expect(stampOf(stampsOf(metadata), UNICODE_PWD)).toEqual({
      attributeId: UNICODE_PWD,
      version: 7,
      changedAt: new Date('2026-11-23T20:12:34Z'),
      localUsn: 3_946n,
    });
    expect(stampsOf(metadata.subarray(0, 110))).toEqual([]);
    expect(stampsOf(null)).toEqual([]);
  });

  it('survives any bytes for metadata and any entry', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const metadata = Buffer.from(bytes);
        if (metadata.length >= 4) metadata.writeUInt32LE(1, 0);
        stampsOf(metadata);
        accessEntries(metadata);
        formatSid(metadata);
        toAccount({ dn: 'CN=x,DC=y', objectGUID: metadata, userAccountControl: metadata.toString('latin1') });
      }),
    );
  });

  it('gives an account without a principal name the implicit one', () => {
    const account = toAccount({
      dn: 'CN=Doe\\, Ada,OU=Staff,DC=lab,DC=example',
      objectGUID: Buffer.alloc(16),
      sAMAccountName: 'ada',
      userAccountControl: '66050',
      pwdLastSet: '0',
      lockoutTime: [],
    });
    expect(account).toMatchObject({ login: 'ada@lab.example', mustChangePassword: false, passwordNeverExpires: true });
  });
});

const RESET = '00299570-246d-11d0-a768-00aa006e0529';
const OTHER = 'bf967a0a-0de6-11d0-a285-00aa003049e2';

/** `S-1-5-<part>` as bytes. */
function sid(part: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(1, 1);
  bytes.writeUInt8(5, 7);
  bytes.writeUInt32LE(part, 8);
  return bytes;
}

function guidBytes(text: string): Buffer {
  const raw = Buffer.from(text.replaceAll('-', ''), 'hex');
  return Buffer.concat([
    Buffer.from(raw.subarray(0, 4)).reverse(),
    Buffer.from(raw.subarray(4, 6)).reverse(),
    Buffer.from(raw.subarray(6, 8)).reverse(),
    raw.subarray(8),
  ]);
}

interface Ace {
  readonly type: number;
  readonly flags?: number;
  readonly mask: number;
  readonly object?: string;
  readonly whom: number;
}

function descriptorOf(...aces: readonly Ace[]): Buffer {
  const entries = aces.map(({ type, flags = 0, mask, object, whom }) => {
    const head = Buffer.alloc(8);
    head.writeUInt8(type, 0);
    head.writeUInt8(flags, 1);
    head.writeUInt32LE(mask, 4);
    const kind = Buffer.alloc(type >= 5 ? 4 : 0);
    if (type >= 5) kind.writeUInt32LE(object === undefined ? 0 : 1, 0);
    const whole = Buffer.concat([head, kind, object === undefined ? Buffer.alloc(0) : guidBytes(object), sid(whom)]);
    whole.writeUInt16LE(whole.length, 2);
    return whole;
  });
  const header = Buffer.alloc(28);
  header.writeUInt32LE(20, 16);
  header.writeUInt16LE(entries.length, 24);
  return Buffer.concat([header, ...entries]);
}

describe('access lists', () => {
  const may = (whom: number, ...aces: readonly Ace[]): boolean =>
    mayUse(accessEntries(descriptorOf(...aces)) ?? [], RESET, new Set([`S-1-5-${whom}`]));

  it.each<[string, boolean, readonly Ace[]]>([
    ['nothing', false, []],
    ['the right itself', true, [{ type: 5, mask: 0x100, object: RESET, whom: 7 }]],
    ['all control rights', true, [{ type: 5, mask: 0x100, whom: 7 }]],
    ['everything', true, [{ type: 0, mask: 0xf01ff, whom: 7 }]],
    ['another right', false, [{ type: 5, mask: 0x100, object: OTHER, whom: 7 }]],
    ['a property', false, [{ type: 5, mask: 0x30, object: RESET, whom: 7 }]],
    ['somebody else', false, [{ type: 5, mask: 0x100, object: RESET, whom: 8 }]],
    ['children only', false, [{ type: 5, flags: 0x0a, mask: 0x100, object: RESET, whom: 7 }]],
    [
      'a denial before it',
      false,
      [
        { type: 6, mask: 0x100, object: RESET, whom: 7 },
        { type: 0, mask: 0x100, whom: 7 },
      ],
    ],
    [
      'a denial of another',
      true,
      [
        { type: 6, mask: 0x100, object: OTHER, whom: 7 },
        { type: 0, mask: 0x100, whom: 7 },
      ],
    ],
  ])('with %s: %p', (_, expected, aces) => expect(may(7, ...aces)).toBe(expected));

  it('that cannot be read are told as such', () => {
    expect(accessEntries(Buffer.alloc(0))).toBeNull();
    expect(accessEntries(Buffer.alloc(40))).toBeNull();
    expect(accessEntries(descriptorOf({ type: 0, mask: 1, whom: 7 }).subarray(0, 34))).toBeNull();
  });
});

describe('failures', () => {
  const read = { writeSent: false };
  const coded = (code: string): Error => Object.assign(new Error(`secret path ${code}`), { code });
  const bindError = (data: string): Error =>
    new InvalidCredentialsError(
      `80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data ${data}, v1db1`,
    );

  it.each([
    [
      'weak password on Samba',
      new ConstraintViolationError('0000052D: Constraint violation - too short'),
      'invalid_input',
    ],
    [
      'weak password on Windows',
      new UnwillingToPerformError('0000052D: SvcErr: DSID-031A12D2, problem 5003'),
      'invalid_input',
    ],
    ['no encryption on Windows', new UnwillingToPerformError('0000001F: SvcErr: DSID-031A12D2'), 'auth'],
    ['no encryption on Samba', new StrongAuthRequiredError('BindSimple: Transport encryption required.'), 'auth'],
    ['no right on Samba', new InsufficientAccessError('error in module acl: insufficient access rights'), 'permission'],
    [
      'no right on an attribute',
      new InsufficientAccessError('00002098: Object CN=x has no write access'),
      'permission',
    ],
    ['no right on Windows', new InsufficientAccessError('00000005: SecErr: DSID-031A1256'), 'permission'],
    ['wrong password', bindError('52e'), 'auth'],
    ['disabled service account', bindError('533'), 'auth'],
    ['gone on Samba', new NoSuchObjectError('00002030: No such Base DN'), 'not_found'],
    ['gone on Windows', new NoSuchObjectError('0000208D: NameErr: DSID-03100245'), 'not_found'],
    ['anonymous', new OperationsError('00002020: Operation unavailable without authentication'), 'auth'],
    ['anonymous on Windows', new OperationsError('000004DC: LdapErr: DSID-0C090A5C'), 'auth'],
    ['constructed attribute', new ConstraintViolationError('0000202F: constructed'), 'invalid_input'],
    ['wrong encoding', new UnwillingToPerformError('00002077: SvcErr'), 'invalid_input'],
    ['busy', new BusyError('busy'), 'throttled'],
    ['unavailable', new UnavailableError('later'), 'transient'],
    ['refused connection', coded('ECONNREFUSED'), 'transient'],
    ['unknown host', coded('ENOTFOUND'), 'transient'],
    ['reset connection', coded('ECONNRESET'), 'transient'],
    ['untrusted certificate', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'auth'],
    ['self-signed certificate', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'auth'],
    ['expired certificate', coded('CERT_HAS_EXPIRED'), 'auth'],
    ['early certificate', coded('CERT_NOT_YET_VALID'), 'auth'],
    ['another name', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'auth'],
    ['no TLS', coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'transient'],
    ['no ca_file', coded('ENOENT'), 'auth'],
    ['something thrown', 'a string', 'transient'],
  ])('%s', (_, error, kind) => {
    const failure = classify(error, read);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(/^\S.*\.$/);
    expect(failure.message).not.toContain('secret path');
  });

  it.each(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])('sends nobody to ca_file for %s', (code) => {
    const { message } = classify(coded(code), read);
    expect(message).toMatch(/renewed on the controller, and check this machine's clock/);
    expect(message).not.toContain('ca_file');
  });

  it('calls a write without an answer unknown, and an answered one by its answer', () => {
    const written = { writeSent: true };
    expect(classify(coded('ECONNRESET'), written).kind).toBe('unknown_outcome');
    expect(classify(new Error('ModifyRequest: Operation timed out'), written).kind).toBe('unknown_outcome');
    expect(classify(new BusyError('busy'), written).kind).toBe('throttled');
  });

  it('tells a protected account from a missing right, and names the right', () => {
    const denied = new InsufficientAccessError('00002098: no');
    expect(classify(denied, { ...read, protectedAccount: true }).kind).toBe('protected_account');
    expect(classify(denied, { ...read, right: 'Write lockoutTime' })).toMatchObject({ missing: 'Write lockoutTime' });
  });
});

describe('settings', () => {
  const valid = { url: 'ldaps://dc1.corp.example', bind_dn: 'svc@corp.example', bind_password: 'hush' };

  it('takes encrypted addresses only, and knows no way around the certificate', () => {
    expect(activeDirectorySettings.safeParse(valid).success).toBe(true);
    expect(activeDirectorySettings.safeParse({ ...valid, url: 'ldap://dc1', start_tls: true }).success).toBe(true);
    for (const wrong of [
      { url: 'ldap://dc1.corp.example' },
      { url: 'https://dc1.corp.example' },
      { start_tls: true },
      { ca: 'no pem' },
      { reject_unauthorized: false },
    ]) {
      expect(activeDirectorySettings.safeParse({ ...valid, ...wrong }).success).toBe(false);
    }
  });

  it('takes groups by their distinguished names, and ranges in any notation', () => {
    const groups = {
      quarantine_group_dns: ['CN=Protected Users,CN=Users,DC=corp,DC=example'],
      login_range_groups: [{ group_dn: 'CN=Office,DC=corp', ranges: ['203.0.113.9/24'] }],
      admin_group_dns: ['CN=Helpdesk,DC=corp'],
    };
    const settings = activeDirectorySettings.parse({ ...valid, ...groups });
    expect(settings.login_range_groups[0]?.ranges).toEqual(['203.0.113.0/24']);
    const { capabilities, knownRangeSets } = createActiveDirectoryConnector(settings, systemRuntime());
    expect(knownRangeSets).toEqual([['203.0.113.0/24']]);
    expect([capabilities.quarantine.route, capabilities.remove_admin_roles.route]).toEqual(['group', 'native']);
    for (const wrong of [{ admin_group_dns: ['Helpdesk'] }, { quarantine_group_dns: [''] }])
      expect(activeDirectorySettings.safeParse({ ...valid, ...wrong }).success).toBe(false);
  });

  it('offers the group route only when a group was prepared', () => {
    const of = (settings: Record<string, unknown>) =>
      createActiveDirectoryConnector(activeDirectorySettings.parse({ ...valid, ...settings }), systemRuntime());
    expect(of({}).capabilities.require_two_step.route).toBe('console');
    expect(of({ two_step_group_dn: 'CN=g,DC=x' }).capabilities.require_two_step.route).toBe('group');
    expect(JSON.stringify(activeDirectorySettings.parse(valid))).not.toContain('hush');
  });
});

describe('a session', () => {
  it('is given up when its deadline passes while the certificate is read, and the process lives on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notme-ad-'));
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const file = join(folder, 'ca.pem');
      writeFileSync(file, 'none');
      const { port } = server.address() as AddressInfo;
      const settings = activeDirectorySettings.parse({
        url: `ldaps://127.0.0.1:${port}`,
        bind_dn: 'CN=notme,DC=corp,DC=example',
        bind_password: new Secret('unused'),
        ca_file: file,
      });
      const deadline = new AbortController();
      const credentials = { name: settings.bind_dn, password: settings.bind_password };
      const session = withSession(settings, credentials, deadline.signal, () => Promise.resolve('bound'));
      deadline.abort(new Error('too late'));
      await expect(session).rejects.toThrow('too late');
      // An error of a socket that nobody listens to would end the process in the next turns of its loop.
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the fault proxy reads LDAP messages', () => {
  it('waits for whole messages and survives any bytes', () => {
    const message = Buffer.from('300c02010763070400000000000000', 'hex').subarray(0, 14);
    expect(takeFrame(message.subarray(0, 13))).toBeNull();
    expect(takeFrame(Buffer.concat([message, Buffer.from('30')]))).toMatchObject({
      frame: { id: 7, operation: 'search' },
    });
  });
});

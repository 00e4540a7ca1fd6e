import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { UnreadableRows } from '../../src/connectors/kit/log.js';
import { call, connect, QUARANTINE } from './keycloak-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ada = { system: 'keycloak', accountId: 'u-1', login: 'ada@example.com' };
const USER = { id: 'u-1', username: 'ada', enabled: true, email: 'ada@example.com', requiredActions: [] };
const REALM = '/admin/realms/staff';
const ROLES = '/users/u-1/role-mappings/clients/rm';

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

interface Told {
  readonly connector: Connector;
  readonly calls: readonly string[];
  readonly skipped: readonly UnreadableRows[];
}

/** A Keycloak whose reads of these paths answer so; all other lists are empty, and it takes every change. */
async function keycloakThat(answers: Readonly<Record<string, unknown>>): Promise<Told> {
  const token = `e30.${Buffer.from('{"sub":"svc"}').toString('base64url')}.x`;
  const answer = (asked: string): StubAnswer | undefined => {
    if (asked.endsWith('/token')) return { body: { access_token: token, expires_in: 60, token_type: 'Bearer' } };
    if (!asked.startsWith('GET ')) return { status: 204, body: null };
    const [path = ''] = asked.slice(`GET ${REALM}`.length).split('?');
    if (Object.hasOwn(answers, path)) return { body: answers[path] };
    if (path === '/users/u-1') return { body: USER };
    return path.startsWith('/attack-detection') ? { body: { disabled: false } } : undefined;
  };
  const stub = await startStub(answer);
  stubs.push(stub);
  const skipped: UnreadableRows[] = [];
  const connector = connect(
    { url: stub.url, adminClientUuid: () => 'rm' },
    systemRuntime(),
    {},
    {
      unreadableRows: (report) => skipped.push(report),
    },
  );
  return { connector, calls: stub.calls, skipped };
}

async function verdictOf(command: Command, answers: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { connector } = await keycloakThat(answers);
  const read = await connector.readBack(command, ada, new Date(), call());
  return read.ok ? read.value.verdict : read;
}

const deleted = (calls: readonly string[]): readonly string[] =>
  calls.filter((one) => one.startsWith('DELETE ')).map((one) => one.slice(`DELETE ${REALM}`.length));

describe('one row of Keycloak that cannot be read', () => {
  const otp = { id: 'c1', type: 'otp', createdDate: 1 };

  it.each([[{ id: 'c2' }], [{ type: 'otp' }], [null], [{ id: 'c2', type: 'webauthn', createdDate: '17' }]])(
    'hides no other factor: %j',
    async (row) => {
      const { connector, calls } = await keycloakThat({ '/users/u-1/credentials': [row, otp] });
      expect(await connector.perform({ kind: 'remove_factors', items: 'all' }, ada, call())).toMatchObject({
        ok: true,
      });
      expect(deleted(calls)).toContain('/users/u-1/credentials/c1');
    },
  );

  it.each([[{ id: 'c2', type: 'webauthn', userLabel: 7 }], [{ id: 'c2', type: 'webauthn', createdDate: '17' }]])(
    'but for what describes it is a factor all the same: %j',
    async (row) => {
      const { connector, calls } = await keycloakThat({ '/users/u-1/credentials': [row] });
      await connector.perform({ kind: 'remove_factors', items: 'all' }, ada, call());
      expect(deleted(calls)).toEqual(['/users/u-1/credentials/c2']);
    },
  );

  it('hides no other session', async () => {
    const { connector } = await keycloakThat({ '/users/u-1/sessions': [null, { id: 's1', start: 1 }] });
    const { sessions } = await connector.evidence(ada, call());
    expect(sessions).toMatchObject({ items: [{ id: 's1' }], complete: false });
  });

  it.each([[{ id: 's', ipAddress: '198.51.100.66' }], [{ id: 's', start: null }], [{ id: 's', clients: 'all' }]])(
    'but for its time or place is a session all the same: %j',
    async (row) => {
      expect(await verdictOf({ kind: 'revoke_sessions' }, { '/users/u-1/sessions': [row] })).toBe('does_not_hold');
    },
  );

  it('hides no other consent', async () => {
    const { connector, calls } = await keycloakThat({ '/users/u-1/consents': [{ odd: true }, { clientId: 'evil' }] });
    await connector.perform({ kind: 'revoke_grants', items: 'all' }, ada, call());
    expect(deleted(calls)).toEqual(['/users/u-1/consents/evil']);
  });

  it('hides no other role', async () => {
    const { connector, calls } = await keycloakThat({
      [ROLES]: [{ odd: true }, { id: 'r1', name: 'manage-users' }],
      [`${ROLES}/composite`]: [{ odd: true }, { name: 'manage-users' }],
    });
    expect(await connector.readState(ada, call())).toMatchObject({ value: { adminRoles: ['manage-users'] } });
    await connector.perform({ kind: 'remove_admin_roles' }, ada, call());
    expect(deleted(calls)).toEqual([ROLES]);
  });

  it.each([[null], [{ id: 'u-2', username: 'old' }], [{ ...USER, id: 'u-2', email: 5, username: 'old' }]])(
    'hides no other person: %j',
    async (row) => {
      const { connector } = await keycloakThat({ '/users': [row, USER] });
      const found = await connector.find({ emails: ['ada@example.com'], employeeId: null }, call());
      expect(found).toMatchObject({ ok: true, value: { accountId: 'u-1' } });
    },
  );

  it('does not prove that there is no such person', async () => {
    const find = async (users: readonly unknown[]): Promise<unknown> => {
      const { connector } = await keycloakThat({ '/users': users });
      return connector.find({ emails: ['ada@example.com'], employeeId: null }, call());
    };
    expect(await find([{ username: 'ada' }])).toMatchObject({ error: { kind: 'transient' } });
    expect(await find([])).toMatchObject({ error: { kind: 'not_found' } });
  });

  it('is a second account that fits, where its address can be read', async () => {
    const { connector } = await keycloakThat({ '/users': [{ id: 'u-2', email: 'ada@example.com' }, USER] });
    const found = await connector.find({ emails: ['ada@example.com'], employeeId: null }, call());
    expect(found).toMatchObject({ error: { kind: 'ambiguous' } });
  });

  it.each<[string, Command, string]>([
    ['factor', { kind: 'remove_factors', items: ['c9'] }, '/users/u-1/credentials'],
    ['recovery code', { kind: 'invalidate_backup_codes' }, '/users/u-1/credentials'],
    ['second factor', { kind: 'require_two_step' }, '/users/u-1/credentials'],
    ['session', { kind: 'revoke_sessions' }, '/users/u-1/sessions'],
    ['consent', { kind: 'revoke_grants', items: 'all' }, '/users/u-1/consents'],
    ['role', { kind: 'remove_admin_roles' }, `${ROLES}/composite`],
    ['group', { kind: 'quarantine' }, '/users/u-1/groups'],
  ])('proves neither that a %s is there nor that it is gone', async (_title, command, path) => {
    expect(await verdictOf(command, { [path]: [{ odd: true }] })).toBe('cannot_tell');
  });

  it('among the clients with an offline token leaves untold whether a session is left', async () => {
    const consents = [{ clientId: 'mail', additionalGrants: [{ client: 5, key: 'Offline Token' }] }];
    expect(await verdictOf({ kind: 'revoke_sessions' }, { '/users/u-1/consents': consents })).toBe('cannot_tell');
  });

  it('leaves each section of the evidence with the others, and not whole', async () => {
    const { connector } = await keycloakThat({
      '/users/u-1/credentials': [otp, null],
      '/users/u-1/consents': [{ clientId: 'mail' }, null],
      '/users/u-1/groups': [{ id: 'g1', path: '/staff' }, null],
      [`${ROLES}/composite`]: [{ name: 'view-users' }, null],
    });
    const evidence = await connector.evidence(ada, call());
    expect(evidence.factors).toMatchObject({ items: [{ id: 'c1' }], complete: false });
    expect(evidence.grants).toMatchObject({ items: [{ id: 'mail' }], complete: false });
    expect(evidence.groups).toMatchObject({ items: [{ id: 'g1' }], complete: false });
    expect(evidence.roles).toMatchObject({ items: [{ id: 'view-users' }], complete: false });
  });

  it('is no reason to call an undo of the quarantine known', async () => {
    const { connector } = await keycloakThat({ '/users/u-1/groups': [{ path: QUARANTINE }] });
    expect(await connector.capture({ kind: 'quarantine' }, ada, call())).toEqual({ ok: true, value: {} });
  });

  it('of the log stops no polling, and is told', async () => {
    const event = { id: 'e1', time: Date.now(), type: 'UPDATE_PASSWORD', userId: 'u-1' };
    const { connector, skipped } = await keycloakThat({ '/events': [{ time: 'now' }, event] });
    expect(await connector.events?.poll(null, call())).toMatchObject({ value: { events: [{ eventId: 'e1' }] } });
    expect(skipped).not.toEqual([]);
  });
});

describe('an address that Keycloak has not verified', () => {
  const person = { emails: ['ada@example.com'], employeeId: '4711' };
  const unverified = { ...USER, id: 'u-2', username: 'mallory', emailVerified: false };
  const find = async (users: readonly unknown[], more: object = {}) =>
    (await keycloakThat({ '/users': users })).connector.find({ ...person, ...more }, call());

  it('names nobody by itself: the account is shown, and not taken', async () => {
    expect(await find([unverified])).toMatchObject({
      ok: false,
      error: { kind: 'ambiguous', unverified: true, candidates: ['ada@example.com (u-2)'] },
    });
  });

  it('makes no second account of a verified one, whoever entered it elsewhere', async () => {
    const verified = { ...USER, emailVerified: true };
    expect(await find([unverified, verified])).toMatchObject({ ok: true, value: { accountId: 'u-1' } });
  });

  it.each<[string, object]>([
    ['the user name', { username: 'Ada@example.com' }],
    ['the employee number', { attributes: { employeeNumber: ['4711'] } }],
    ['an alias', { attributes: { alias: ['ada@example.com'] } }],
    ['an address of which Keycloak says nothing', { email: 'ada@example.com', emailVerified: null }],
  ])('gives way to no account that %s alone names: both are shown', async (_, more) => {
    const other = {
      ...USER,
      id: 'u-3',
      username: 'third',
      email: 'mallory@evil.example',
      emailVerified: true,
      ...more,
    };
    const failure = { kind: 'ambiguous', candidates: expect.arrayContaining([expect.stringContaining('(u-2)')]) };
    expect(await find([other, unverified])).toMatchObject({ ok: false, error: failure });
  });

  it.each<[string, object]>([
    ['the user name', { username: 'Ada@example.com' }],
    ['the employee number', { attributes: { employeeNumber: ['4711'] } }],
    ['an alias', { attributes: { alias: ['ada@example.com'] } }],
  ])('costs nothing where %s names the account too', async (_, more) => {
    expect(await find([{ ...unverified, ...more }])).toMatchObject({ ok: true, value: { accountId: 'u-2' } });
  });

  it('counts where an approver named it, and for guards', async () => {
    expect(await find([unverified], { unverifiedToo: true })).toMatchObject({ ok: true, value: { accountId: 'u-2' } });
  });

  it('counts where Keycloak says nothing of it', async () => {
    expect(await find([USER])).toMatchObject({ ok: true, value: { accountId: 'u-1' } });
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { call, connect } from './google-workspace-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ada = { system: 'google_workspace', accountId: '101', login: 'ada@example.com' };
const USER = { id: '101', primaryEmail: 'ada@example.com', isAdmin: true, isDelegatedAdmin: false };
const DIRECTORY = '/admin/directory/v1';
const CUSTOMER = `${DIRECTORY}/customer/my_customer`;
const GMAIL = '/gmail/v1/users/me/settings';
const WHOLE: Readonly<Record<string, unknown>> = {
  [`${DIRECTORY}/users/101`]: USER,
  [`${GMAIL}/autoForwarding`]: { enabled: false },
  [`${GMAIL}/sendAs`]: { sendAs: [{ sendAsEmail: 'ada@example.com', isPrimary: true }] },
};
const MORE = { kind: 'admin#list', nextPageToken: 'more' };

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

/** A Google whose reads of these paths answer so; it takes every change and has no more to show. */
async function googleThat(answers: Readonly<Record<string, unknown>>): Promise<{
  connector: Connector;
  calls: readonly string[];
}> {
  const answer = (asked: string): StubAnswer => {
    if (asked.endsWith('/token')) return { body: { access_token: 't', expires_in: 3600 } };
    if (!asked.startsWith('GET ')) return { status: 204, body: null };
    const [path = ''] = asked.slice('GET '.length).split('?');
    return { body: answers[path] ?? WHOLE[path] ?? { kind: 'admin#list' } };
  };
  const stub = await startStub(answer);
  stubs.push(stub);
  return { connector: connect(stub.url, systemRuntime(), { login_range_groups: [] }), calls: stub.calls };
}

async function verdictOf(command: Command, answers: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { connector } = await googleThat(answers);
  const read = await connector.readBack(command, ada, new Date(), call());
  return read.ok ? read.value.verdict : read;
}

const LISTS: readonly (readonly [string, Command, string, string])[] = [
  ['grants', { kind: 'revoke_grants', items: ['wanted'] }, `${DIRECTORY}/users/101/tokens`, 'items'],
  ['app passwords', { kind: 'delete_app_passwords', items: ['7'] }, `${DIRECTORY}/users/101/asps`, 'items'],
  ['backup codes', { kind: 'invalidate_backup_codes' }, `${DIRECTORY}/users/101/verificationCodes`, 'items'],
  ['devices', { kind: 'block_devices', items: 'all' }, `${CUSTOMER}/devices/mobile`, 'mobiledevices'],
  ['roles', { kind: 'remove_admin_roles' }, `${CUSTOMER}/roleassignments`, 'items'],
  ['filters', { kind: 'disable_mail_rules', items: 'all' }, `${GMAIL}/filters`, 'filter'],
  ['delegates', { kind: 'disable_mail_rules', items: 'all' }, `${GMAIL}/delegates`, 'delegates'],
  [
    'forwarding addresses',
    { kind: 'disable_mail_rules', items: 'all' },
    `${GMAIL}/forwardingAddresses`,
    'forwardingAddresses',
  ],
];

describe('a list of Google Workspace', () => {
  it.each(LISTS)('that was cut does not prove that nothing is left: %s', async (_title, command, path) => {
    expect(await verdictOf(command, { [path]: MORE })).toBe('cannot_tell');
  });

  it.each(LISTS)('that is whole proves it: %s', async (_title, command, path, key) => {
    expect(await verdictOf(command, { [path]: { [key]: [] } })).toBe('holds');
  });

  it('of roles that was cut is shown as such, and not told as none', async () => {
    const { connector } = await googleThat({ [`${CUSTOMER}/roleassignments`]: MORE });
    expect((await connector.evidence(ada, call())).roles).toEqual({ items: [], complete: false });
    expect(await connector.readState(ada, call())).toMatchObject({ value: { adminRoles: null } });
  });

  it('of rules that was cut is shown as such', async () => {
    const { connector } = await googleThat({ [`${GMAIL}/filters`]: MORE });
    expect((await connector.evidence(ada, call())).mail_rules).toEqual({ items: [], complete: false });
  });
});

describe('one row of Google Workspace that cannot be read', () => {
  it.each<[string, Command, string, object, string]>([
    [
      'grant',
      { kind: 'revoke_grants', items: 'all' },
      `${DIRECTORY}/users/101/tokens`,
      { clientId: 'evil' },
      'tokens/evil',
    ],
    [
      'app password',
      { kind: 'delete_app_passwords', items: 'all' },
      `${DIRECTORY}/users/101/asps`,
      { codeId: 1 },
      'asps/1',
    ],
    [
      'role',
      { kind: 'remove_admin_roles' },
      `${CUSTOMER}/roleassignments`,
      { roleAssignmentId: '7', roleId: '1', assigneeType: 'user' },
      'roleassignments/7',
    ],
    [
      'filter',
      { kind: 'disable_mail_rules', items: 'all' },
      `${GMAIL}/filters`,
      { id: 'f1', criteria: {}, action: { forward: 'x@evil.example' } },
      'filters/f1',
    ],
    [
      'delegate',
      { kind: 'disable_mail_rules', items: 'all' },
      `${GMAIL}/delegates`,
      { delegateEmail: 'x@evil.example' },
      'delegates/x@evil.example',
    ],
  ])('hides no other %s', async (_title, ...[command, path, row, deleted]) => {
    const key = path.endsWith('filters') ? 'filter' : path.endsWith('delegates') ? 'delegates' : 'items';
    const { connector, calls } = await googleThat({ [path]: { [key]: [{ odd: true }, row] } });
    expect(await connector.perform(command, ada, call())).toMatchObject({ ok: true });
    expect(calls.filter((one) => one.startsWith('DELETE ')).join()).toContain(deleted);
  });

  it.each(LISTS)('does not prove that nothing is left: %s', async (_title, command, path, key) => {
    expect(await verdictOf(command, { [path]: { [key]: [null] } })).toBe('cannot_tell');
  });

  it('leaves the section of the evidence with the others, and not whole', async () => {
    const grants = { items: [{ clientId: 'evil', displayText: 'Evil' }, { displayText: 'x' }] };
    const { connector } = await googleThat({ [`${DIRECTORY}/users/101/tokens`]: grants });
    const evidence = await connector.evidence(ada, call());
    expect(evidence.grants).toMatchObject({ items: [{ id: 'evil' }], complete: false });
  });

  it.each([[{ forward: { to: 'x@evil.example' } }], [{ addLabelIds: 'TRASH' }]])(
    'is a filter whose deed cannot be read, which is not taken for harmless: %j',
    async (action) => {
      const filters = { filter: [{ id: 'f1', criteria: {}, action }] };
      const command: Command = { kind: 'disable_mail_rules', items: 'all' };
      expect(await verdictOf(command, { [`${GMAIL}/filters`]: filters })).toBe('cannot_tell');
    },
  );

  it('hides no other person, and does not prove that there is none', async () => {
    const externalIds = [null, { type: 'organization', value: 'E-1' }];
    const find = async (users: readonly unknown[]): Promise<unknown> => {
      const { connector } = await googleThat({ [`${DIRECTORY}/users`]: { users } });
      return connector.find({ emails: [], employeeId: 'E-1' }, call());
    };
    expect(await find([{ id: 5 }, { ...USER, externalIds }])).toMatchObject({ ok: true, value: { accountId: '101' } });
    expect(await find([{ id: 5 }])).toMatchObject({ error: { kind: 'transient' } });
    expect(await find([])).toMatchObject({ error: { kind: 'not_found' } });
  });
});

describe('a mobile device of Google Workspace', () => {
  const device = { resourceId: 'd2', status: 'APPROVED', email: ['ada@example.com'] };
  const verdictWith = (row: object): Promise<unknown> =>
    verdictOf({ kind: 'block_devices', items: 'all' }, { [`${CUSTOMER}/devices/mobile`]: { mobiledevices: [row] } });

  it.each([['ada@example.com'], [[]], [[7]], [null]])(
    'whose owner cannot be read proves nothing blocked: %j',
    async (email) => {
      expect(await verdictWith({ ...device, email })).toBe('cannot_tell');
    },
  );

  it('of somebody else is none of the account', async () => {
    expect(await verdictWith({ ...device, email: ['bob@example.com'] })).toBe('holds');
  });

  it('whose status cannot be read is neither blocked nor open', async () => {
    expect(await verdictWith({ ...device, status: 3 })).toBe('cannot_tell');
    expect(await verdictWith(device)).toBe('does_not_hold');
  });
});

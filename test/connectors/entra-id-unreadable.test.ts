import { afterEach, describe, expect, it } from '@jest/globals';
import { eventOf } from '../../src/connectors/entra-id/audit-row.js';
import { signInEventOf } from '../../src/connectors/entra-id/sign-in-row.js';
import type { Command } from '../../src/ports/connector.js';
import { BLOCKED, call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, NOW, tenantThat } from './entra-id-tenant.js';
import type { StubAnswer } from './stub-vendor.js';

afterEach(closeTenants);

const USER = {
  id: ACCOUNT.accountId,
  userPrincipalName: ACCOUNT.login,
  userType: 'Member',
  externalUserState: null,
  accountEnabled: true,
  onPremisesSyncEnabled: false,
  lastPasswordChangeDateTime: NOW,
  signInSessionsValidFromDateTime: NOW,
};

/** Answers by what `METHOD /path` contains; the user by the path alone. */
const tenant = (
  answers: Readonly<Record<string, unknown>>,
  settings: Record<string, unknown> = {},
  answered: (asked: string) => StubAnswer | undefined = () => undefined,
) =>
  tenantThat(
    (asked) => {
      const found = Object.entries(answers).find(([part]) => asked.includes(part));
      if (found !== undefined && asked.startsWith('GET')) return { body: found[1] };
      if (asked.startsWith(`GET /v1.0/users/${ACCOUNT.accountId}?`)) return { body: USER };
      return answered(asked);
    },
    { settings },
  );

/** The valid answer, and how each of its fields, at any depth, is left out, emptied or of another type. */
function spoilt(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const without = (key: string): unknown =>
    Array.isArray(value)
      ? value.filter((_, at) => String(at) !== key)
      : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const put = (key: string, other: unknown): unknown =>
    Array.isArray(value)
      ? value.map((one: unknown, at) => (String(at) === key ? other : one))
      : { ...value, [key]: other };
  return Object.entries(value).flatMap(([key, inner]) => [
    without(key),
    ...[null, 7, '', 'x', [], {}].map((other) => put(key, other)),
    ...spoilt(inner).map((other) => put(key, other)),
  ]);
}

const ROWS = {
  factors: [
    'authentication/methods',
    {
      '@odata.type': '#microsoft.graph.phoneAuthenticationMethod',
      id: 'x',
      createdDateTime: NOW,
      phoneNumber: '+1',
      phoneType: 'mobile',
    },
  ],
  grants: [
    'oauth2PermissionGrants',
    { id: 'x', clientId: 'app', resourceId: 'graph', consentType: 'Principal', scope: 'Mail.Read' },
  ],
  devices: [
    'registeredDevices',
    { id: 'x', displayName: 'PC', accountEnabled: true, operatingSystem: 'Windows', registrationDateTime: NOW },
  ],
  mail_rules: [
    'messageRules',
    {
      id: 'x',
      displayName: 'Out',
      isEnabled: true,
      actions: { redirectTo: [{ emailAddress: { address: 'x@evil.example', name: 'x' } }] },
    },
  ],
  roles: [
    'roleAssignments',
    { id: 'x', roleDefinitionId: 'r', directoryScopeId: '/', roleDefinition: { displayName: 'User Administrator' } },
  ],
  groups: ['transitiveMemberOf', { '@odata.type': '#microsoft.graph.group', id: 'x', displayName: 'Sales' }],
  sign_ins: [
    'signIns',
    {
      id: 'x',
      createdDateTime: NOW,
      userPrincipalName: ACCOUNT.login,
      status: { errorCode: 0, failureReason: null },
      location: { city: 'Oslo', countryOrRegion: 'NO' },
    },
  ],
  changes: [
    'directoryAudits',
    {
      id: 'x',
      activityDateTime: NOW,
      activityDisplayName: 'Reset user password',
      initiatedBy: { user: { userPrincipalName: 'helpdesk@contoso.example' } },
      targetResources: [{ id: ACCOUNT.accountId }],
    },
  ],
} as const;

/** What makes another row of each kind a thing of its own. */
const OTHER = { id: 'readable', clientId: 'readable', roleDefinitionId: 'readable' };

/** Something that says it is neither a group nor a role (an administrative unit) is no membership to show. */
const isOtherThing = (row: unknown): boolean =>
  typeof row === 'object' && row !== null && '@odata.type' in row && row['@odata.type'] === 'x';

describe.each(Object.entries(ROWS))("one of Entra's %s that cannot be read", (name, [path, valid]) => {
  const section = name as keyof typeof ROWS;
  const readable = { ...valid, ...OTHER };

  it('spoils no other, and is not taken for absent', async () => {
    const rows = [null, 7, 'x', [], {}, ...spoilt(valid).filter((row) => section !== 'groups' || !isOtherThing(row))];
    const answer = { value: rows.slice(0, 1) };
    const { entra } = await tenant({ [path]: answer });
    for (const row of rows) {
      answer.value = [row, readable];
      const found = (await entra.evidence(ACCOUNT, call()))[section];
      if ('unavailable' in found) throw new Error(`${JSON.stringify(row)}: ${found.unavailable.message}`);
      const told = found.items.length === 2 || (found.items.length === 1 && !found.complete);
      expect({ row, told }).toEqual({ row, told: true });
      expect(await entra.readState(ACCOUNT, call())).toMatchObject({ ok: true });
    }
  }, 240_000);

  it('leaves the section incomplete when it is the only one', async () => {
    const { entra } = await tenant({ [path]: { value: [{}] } });
    const found = (await entra.evidence(ACCOUNT, call()))[section];
    expect(found).toMatchObject({ items: [], complete: false });
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({ ok: true });
  });
});

it('a user of Entra is read as far as it goes', async () => {
  const { id, ...rest } = USER;
  const users = spoilt(rest).map((fields) => ({ ...(fields as object), id }));
  const answers: Record<string, unknown> = {};
  const { entra } = await tenant(answers);
  for (const user of users) {
    answers[`/v1.0/users/${id}?`] = user;
    const state = await entra.readState(ACCOUNT, call());
    expect({ user, ok: state.ok }).toEqual({ user, ok: true });
  }
}, 240_000);

describe('an inbox rule', () => {
  it.each([
    [[{ emailAddress: { name: 'Evil' } }, {}], 'Evil, an address that is not told'],
    [[{ emailAddress: { address: '', name: '' } }, null], 'an address that is not told, an address that is not told'],
    ['x@evil.example', 'an address that is not told'],
  ])('is shown with where it sends when a recipient has no address: %j', async (redirectTo, told) => {
    const rule = { id: 'r', displayName: 'Out', isEnabled: true, actions: { redirectTo } };
    const { entra } = await tenant({ messageRules: { value: [rule] } });
    expect((await entra.evidence(ACCOUNT, call())).mail_rules).toMatchObject({
      items: [{ title: `Out: redirect to ${told}` }],
      complete: true,
    });
  });
});

it('a role of Entra that cannot be read is a role', async () => {
  const { entra } = await tenant({ roleAssignments: { value: [{ id: 'x', roleDefinitionId: 'r' }, { id: 7 }] } });
  expect(await entra.readState(ACCOUNT, call())).toMatchObject({
    value: {
      adminRoles: ['a role that cannot be read', 'r'],
      protectedBecause: expect.stringContaining('administrator'),
    },
  });
});

describe('an action on all items of which one cannot be read', () => {
  const REMOVE: Command = { kind: 'remove_factors', items: 'all' };
  const [, factor] = ROWS.factors;

  it('changes the others, and then cannot tell whether it holds', async () => {
    const rows: unknown[] = [{ '@odata.type': 'x' }, factor];
    const { entra, stub } = await tenant({ 'authentication/methods': { value: rows } }, {}, (asked) => {
      if (!asked.startsWith('DELETE')) return undefined;
      rows.pop();
      return { status: 204, body: null };
    });
    expect(await entra.perform(REMOVE, ACCOUNT, call())).toMatchObject({ ok: true });
    expect(stub.calls.filter((asked) => asked.startsWith('DELETE'))).toHaveLength(1);
    expect(await entra.readBack(REMOVE, ACCOUNT, new Date(NOW), call())).toMatchObject({
      value: { verdict: 'cannot_tell', observed: expect.stringContaining('cannot be read') },
    });
  });

  it('is not called done when it is the only one', async () => {
    const { entra } = await tenant({ 'authentication/methods': { value: [{}] } });
    expect(await entra.perform(REMOVE, ACCOUNT, call())).toMatchObject({
      error: { kind: 'unsupported', message: expect.stringContaining('Entra admin center') },
    });
  });
});

describe('a person of Entra', () => {
  const find = async (rows: readonly unknown[]) =>
    (await tenant({ '/v1.0/users?': { value: rows } })).entra.find(
      { emails: [ACCOUNT.login], employeeId: null },
      call(),
    );

  it('is found without a login, by the id', async () => {
    expect(await find([{ id: 'u1', userPrincipalName: null }])).toMatchObject({
      value: { accountId: 'u1', login: 'u1' },
    });
  });

  it('is not called absent when the row cannot be read', async () => {
    expect(await find([{ userPrincipalName: ACCOUNT.login }])).toMatchObject({ error: { kind: 'transient' } });
  });
});

describe('the blocked location, of which something cannot be read', () => {
  const range = { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '192.0.2.1/32' };
  const location = { '@odata.type': '#microsoft.graph.ipNamedLocation', displayName: 'Blocked', isTrusted: false };
  const block: Command = { kind: 'block_address', ranges: ['198.51.100.66/32'] };

  it.each([
    { ...location, ipRanges: [range, { cidrAddress: 7 }] },
    { ...location, ipRanges: [range, null] },
    { ...location, ipRanges: 'x' },
    location,
    { ...location, ipRanges: [range], isTrusted: 'x' },
  ])('is not replaced, lest the rest be let in: %j', async (body) => {
    const { entra, stub } = await tenant({ namedLocations: { id: BLOCKED, ...body } });
    expect(await entra.perform(block, ACCOUNT, call())).toMatchObject({
      error: { kind: 'unsupported', message: expect.stringContaining('cannot be read whole') },
    });
    expect(stub.calls.filter((asked) => asked.startsWith('PATCH'))).toEqual([]);
  });
});

describe('per-user multifactor authentication that is not told', () => {
  const settings = { per_user_mfa: true, two_step_group: null };

  it.each([{}, { perUserMfaState: null }, { perUserMfaState: 7 }])('leaves the state readable: %j', async (body) => {
    const { entra } = await tenant({ 'authentication/requirements': body }, settings);
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({ value: { twoStepRequired: null } });
    expect(await entra.readBack({ kind: 'require_two_step' }, ACCOUNT, new Date(NOW), call())).toMatchObject({
      value: { verdict: 'cannot_tell' },
    });
    expect(await entra.capture({ kind: 'require_two_step' }, ACCOUNT, call())).toMatchObject({ ok: false });
  });
});

describe("a row of Entra's logs that does not tell what it must", () => {
  const [, signIn] = ROWS.sign_ins;
  const [, change] = ROWS.changes;

  it.each([undefined, null, 7, {}, { errorCode: 'x' }])(
    'a sign-in with the status %j is counted as unread',
    (status) => {
      expect(signInEventOf({ ...signIn, status })).toBe('unreadable');
    },
  );

  it.each([undefined, null, 7])('a change with the activity %j is counted as unread', (activityDisplayName) => {
    expect(eventOf({ ...change, activityDisplayName }, 'client')).toBe('unreadable');
  });

  it('a change is a notice though one of its targets cannot be read', () => {
    const targetResources = [null, 7, { userPrincipalName: ACCOUNT.login }];
    expect(eventOf({ ...change, targetResources }, 'client')).toMatchObject({ event: { login: ACCOUNT.login } });
  });
});

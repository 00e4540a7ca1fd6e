import { afterEach, describe, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { Command, Connector, ReadBack } from '../../src/ports/connector.js';
import { connect as connectGoogle, playedRuntime } from './google-workspace-subject.js';
import { connect as connectKeycloak } from './keycloak-subject.js';
import { API1, API2, connect as connectMimecast } from './mimecast-subject.js';
import { connect as connectScim } from './scim-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

// Systems that show who is in a prepared group, and not, or not by themselves, what the group does.

const RANGES = ['203.0.113.0/24'];
const COMMANDS: readonly Command[] = [
  { kind: 'require_two_step' },
  { kind: 'quarantine' },
  { kind: 'limit_login_ips', ranges: RANGES },
];
const call = () => ({ signal: new AbortController().signal, correlationId: 'test-1' });
const TOKEN = { body: { access_token: 't', token_type: 'Bearer', expires_in: 1799 } };

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

async function start(answer: (asked: string) => StubAnswer | undefined): Promise<string> {
  const stub = await startStub((asked) => (asked.endsWith('oken') ? TOKEN : answer(asked)));
  stubs.push(stub);
  return stub.url;
}

async function readBack(connector: Connector, command: Command, accountId: string): Promise<ReadBack> {
  const account = { system: connector.system, accountId, login: 'ada@example.com' };
  const read = await connector.readBack(command, account, systemRuntime().now(), call());
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const inPlace = (what: string) => ({
  verdict: 'cannot_tell',
  inPlace: true,
  observed: expect.stringMatching(new RegExp(`The account is in .*${what}.*could not be read, because`)),
});

const google = async (enforced: boolean | undefined, settings: Record<string, unknown> = {}) => {
  const user = { id: '101', primaryEmail: 'ada@example.com', isAdmin: false, isDelegatedAdmin: false };
  const url = await start((asked) => {
    if (asked.includes('/members/')) return { body: { id: '101' } };
    if (asked.startsWith('GET /admin/directory/v1/users/101?'))
      return {
        body: { ...user, orgUnitPath: '/Contained', ...(enforced === undefined ? {} : { isEnforcedIn2Sv: enforced }) },
      };
    return { body: { kind: 'admin#reports#activities' } };
  });
  const prepared = { two_step_group: 'g@example.com', quarantine_group: 'g@example.com' };
  const ranges = { login_range_groups: [{ group: 'g@example.com', ranges: RANGES }] };
  return connectGoogle(url, playedRuntime(), { ...prepared, ...ranges, ...settings });
};

describe('Google Workspace', () => {
  it.each([
    ['shows it as enforced', true, { verdict: 'holds', observed: expect.stringContaining('as enforced for it') }],
    [
      'does not yet',
      false,
      { verdict: 'cannot_tell', inPlace: true, observed: expect.stringContaining('does not show 2-Step') },
    ],
    [
      'never shows it',
      undefined,
      { verdict: 'cannot_tell', inPlace: true, observed: expect.stringContaining('does not show whether') },
    ],
  ])('proves 2-Step Verification by the account, not by the group: it %s', async (_title, enforced, wanted) => {
    expect(await readBack(await google(enforced), { kind: 'require_two_step' }, '101')).toMatchObject(wanted);
    const byUnit = await google(enforced, { two_step_group: null, two_step_org_unit: '/Contained' });
    expect(await readBack(byUnit, { kind: 'require_two_step' }, '101')).toMatchObject(wanted);
  });

  it('claims of quarantine and ranges no more than the group', async () => {
    const connector = await google(true);
    expect(await readBack(connector, { kind: 'quarantine' }, '101')).toMatchObject(inPlace('services are off'));
    const limit = { kind: 'limit_login_ips', ranges: RANGES } as const;
    expect(await readBack(connector, limit, '101')).toMatchObject(inPlace('access level'));
  });
});

describe('Mimecast', () => {
  const folder = { id: 'g1', description: 'contained', source: 'cloud' };
  const user = {
    emailAddress: 'ada@example.com',
    forcePasswordChange: true,
    accountLocked: false,
    accountDisabled: false,
  };
  const rows: Readonly<Record<string, unknown>> = {
    'find-groups': { folders: [folder] },
    'get-group-members': { groupMembers: [{ emailAddress: 'ada@example.com' }] },
    'update-user': { ...user, allowPop: false, allowSmtp: false },
    'get-profile': { admin: true, role: 'Full Administrator' },
  };
  const tenant = async (settings: Record<string, unknown> = API2) => {
    const url = await start((asked) => {
      const row = Object.entries(rows).find(([name]) => asked.includes(name))?.[1];
      return { body: { meta: { status: 200 }, data: row === undefined ? [] : [row], fail: [] } };
    });
    const groups = { two_step_group: 'contained', quarantine_group: 'contained' };
    const ranges = { login_range_groups: [{ group: 'contained', ranges: RANGES }] };
    return connectMimecast(url, systemRuntime(), { ...groups, ...ranges, ...settings });
  };

  it.each(COMMANDS)('has no function that shows a profile: %j', async (command) => {
    const read = await readBack(await tenant(), command, 'ada@example.com');
    expect(read).toMatchObject(inPlace('that its profile'));
    expect(read.observed).toContain('the account is an administrator');
  });

  it('names an administrator, whom the profile of the group does not reach', async () => {
    const read = await readBack(await tenant(API1), { kind: 'require_two_step' }, 'ada@example.com');
    expect(read).toMatchObject({ verdict: 'cannot_tell', inPlace: true });
    expect(read.observed).toContain('the account is an administrator (Full Administrator)');
  });
});

describe('SCIM', () => {
  it.each(COMMANDS)('shows users and groups, and no rule: %j', async (command) => {
    const group = { id: 'g', displayName: 'g', members: [{ value: 'u1' }] };
    const url = await start((asked) => {
      if (asked.includes('/Groups/')) return { body: group };
      return { body: asked.includes('/Users/') ? { id: 'u1', userName: 'ada@example.com', active: true } : {} };
    });
    const connector = connectScim(url, systemRuntime(), {
      two_step_group_id: 'g',
      quarantine_group_id: 'g',
      login_range_groups: [{ group_id: 'g', ranges: RANGES }],
    });
    expect(await readBack(connector, command, 'u1')).toMatchObject(inPlace('that '));
  });
});

describe('Keycloak', () => {
  it('shows no application that reads the group', async () => {
    const token = `e30.${Buffer.from('{"sub":"svc"}').toString('base64url')}.x`;
    const stub = await startStub((asked) => {
      if (asked.endsWith('/token')) return { body: { access_token: token, expires_in: 60, token_type: 'Bearer' } };
      if (asked.includes('/groups')) return { body: [{ id: 'g1', name: 'contained', path: '/contained' }] };
      if (asked.includes('/attack-detection')) return { body: { disabled: false } };
      const user = { id: 'u-1', username: 'ada', enabled: true, email: 'ada@example.com', requiredActions: [] };
      return /users\/u-1(\?|$)/.test(asked) ? { body: user } : { body: [] };
    });
    stubs.push(stub);
    const at = { url: stub.url, adminClientUuid: () => 'rm' };
    const connector = connectKeycloak(at, systemRuntime(), { quarantine_group: '/contained' });
    expect(await readBack(connector, { kind: 'quarantine' }, 'u-1')).toMatchObject(inPlace('applications refuse'));
  });
});

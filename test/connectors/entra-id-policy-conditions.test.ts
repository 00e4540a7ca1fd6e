import { afterEach, describe, expect, it } from '@jest/globals';
import { GROUPS } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, tenantThat, tokenWith, verdictOf } from './entra-id-tenant.js';
import type { StubAnswer } from './stub-vendor.js';

afterEach(closeTenants);

const OTHER = '99999999-0000-4000-8000-000000000000';
const THIRD = '88888888-0000-4000-8000-000000000000';
const USER = { id: ACCOUNT.accountId, userPrincipalName: ACCOUNT.login, accountEnabled: true };
const isUser = (asked: string): boolean => asked.startsWith(`GET /v1.0/users/${ACCOUNT.accountId}?`);
const users = (more: Record<string, unknown>) => ({ users: { includeGroups: [GROUPS.quarantine], ...more } });

const group = (id: string) => ({ '@odata.type': '#microsoft.graph.group', id, displayName: 'q' });
const HELD: StubAnswer = { body: { value: [GROUPS.quarantine, OTHER].map(group) } };

async function tenantWith(conditions: Record<string, unknown>, held: StubAnswer = HELD) {
  const policy = {
    id: 'p',
    displayName: 'Prepared',
    state: 'enabled',
    conditions: {
      ...users({}),
      applications: { includeApplications: ['All'] },
      clientAppTypes: ['all'],
      // As Graph writes what is not set.
      devices: null,
      authenticationFlows: null,
      insiderRiskLevels: null,
      servicePrincipalRiskLevels: [],
      clientApplications: { includeServicePrincipals: [], excludeServicePrincipals: [] },
      ...conditions,
    },
    grantControls: { operator: 'OR', builtInControls: ['block'] },
  };
  const { entra } = await tenantThat(
    (asked) => {
      if (isUser(asked)) return { body: USER };
      if (asked.includes('emberOf')) return held;
      if (asked.startsWith('GET /v1.0/groups/')) return { body: { displayName: 'q', groupTypes: [] } };
      return asked.includes('/conditionalAccess/policies') ? { body: { value: [policy] } } : undefined;
    },
    { token: () => tokenWith(['User.Read.All', 'GroupMember.ReadWrite.All', 'Policy.Read.All']) },
  );
  return entra;
}

describe('a policy that does not block everything', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'covers a user action',
      { applications: { includeApplications: [], includeUserActions: ['urn:user:registersecurityinfo'] } },
      'includeUserActions',
    ],
    [
      'covers an authentication context',
      { applications: { includeApplications: [], includeAuthenticationContextClassReferences: ['c1'] } },
      'includeAuthenticationContextClassReferences',
    ],
    [
      'filters applications',
      { applications: { includeApplications: ['All'], applicationFilter: { mode: 'exclude', rule: 'x' } } },
      'applicationFilter',
    ],
    [
      'filters devices',
      { devices: { deviceFilter: { mode: 'include', rule: 'device.trustType -eq "AzureAD"' } } },
      'devices',
    ],
    [
      'covers the device code flow',
      { authenticationFlows: { transferMethods: 'deviceCodeFlow' } },
      'authenticationFlows',
    ],
    ['waits for an insider risk', { insiderRiskLevels: 'elevated' }, 'insiderRiskLevels'],
    ['excludes a role', users({ excludeRoles: ['62e90394-69f5-4237-9190-012177145e10'] }), 'excludeRoles'],
    ['has applications that cannot be read', { applications: 'x' }, 'unreadable'],
    ['has platforms that cannot be read', { platforms: ['android'] }, 'unreadable'],
    ['has client apps that cannot be read', { clientAppTypes: 'browser' }, 'some client apps only'],
    ['excludes a group that holds this very account', users({ excludeGroups: [OTHER] }), 'holds this very account'],
  ])('is not ok for the doctor, who names why: it %s', async (_title, conditions, named) => {
    const entra = await tenantWith(conditions);
    expect(await verdictOf(entra, 'quarantine')).toMatchObject({
      verdict: 'misconfigured',
      detail: expect.stringContaining(named),
    });
  });

  it('is named also where it excludes groups and those of the account cannot be read', async () => {
    const refused = { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'x' } } };
    const entra = await tenantWith(users({ excludeGroups: [OTHER] }), refused);
    expect(await verdictOf(entra, 'quarantine')).toMatchObject({
      verdict: 'misconfigured',
      detail: expect.stringContaining('cannot be read'),
    });
  });
});

it.each([
  ['sets nothing else', {}],
  ['excludes groups that do not hold the account', users({ excludeGroups: [THIRD], excludeRoles: [] })],
])('a policy that blocks everything is ok for the doctor: it %s', async (_title, conditions) => {
  const entra = await tenantWith(conditions);
  expect(await verdictOf(entra, 'quarantine')).toMatchObject({ verdict: 'ok' });
});

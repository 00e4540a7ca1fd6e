import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/ports/connector.js';
import { BLOCKED, call, GROUPS, OFFICE } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, tenantThat, tokenWith, verdictOf } from './entra-id-tenant.js';

afterEach(closeTenants);

const MEMBERSHIPS = [GROUPS.quarantine, GROUPS.twoStep, GROUPS.office].map((id) => ({
  '@odata.type': '#microsoft.graph.group',
  id,
  displayName: 'q',
}));
const LOCATION = {
  '@odata.type': '#microsoft.graph.ipNamedLocation',
  id: BLOCKED,
  displayName: 'Blocked',
  isTrusted: false,
  ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '198.51.100.66/32' }],
};
const GROUP = { displayName: 'q', groupTypes: [], onPremisesSyncEnabled: null, isAssignableToRole: null };

/** A tenant with these policies, in which the account is in every prepared group. */
const tenantWith = (policies: readonly unknown[], settings: Record<string, unknown> = {}) =>
  tenantThat(
    (asked) => {
      if (asked.startsWith(`GET /v1.0/users/${ACCOUNT.accountId}?`))
        return { body: { id: ACCOUNT.accountId, userPrincipalName: ACCOUNT.login } };
      if (asked.includes('transitiveMemberOf')) return { body: { value: MEMBERSHIPS } };
      if (asked.includes('/namedLocations/')) return { body: LOCATION };
      if (asked.startsWith('GET /v1.0/groups/')) return { body: GROUP };
      return asked.includes('/conditionalAccess/policies') ? { body: { value: policies } } : undefined;
    },
    {
      settings,
      token: () =>
        tokenWith([
          'User.Read.All',
          'GroupMember.ReadWrite.All',
          'Policy.Read.All',
          'Policy.ReadWrite.ConditionalAccess',
        ]),
    },
  );

const policy = (more: Record<string, unknown> = {}, conditions: Record<string, unknown> = {}) => ({
  id: 'p',
  displayName: 'Prepared',
  state: 'enabled',
  conditions: {
    users: { includeGroups: [GROUPS.quarantine] },
    applications: { includeApplications: ['All'] },
    clientAppTypes: ['all'],
    ...conditions,
  },
  grantControls: { operator: 'OR', builtInControls: ['block'] },
  ...more,
});

describe('what only a policy of Conditional Access does', () => {
  it.each<[Command]>([
    [{ kind: 'quarantine' }],
    [{ kind: 'require_two_step' }],
    [{ kind: 'limit_login_ips', ranges: OFFICE.ranges }],
    [{ kind: 'block_address', ranges: ['198.51.100.66/32'] }],
  ])('is not claimed from a membership or a list: %j', async (command) => {
    const { entra } = await tenantWith([policy({ state: 'enabledForReportingButNotEnforced' })]);
    const read = await entra.readBack(command, ACCOUNT, new Date(), call());
    expect(read).toMatchObject({
      value: { verdict: 'holds', observed: expect.stringMatching(/that a policy .* was not read\.$/) },
    });
  });

  const users = (more: Record<string, unknown>) => ({ users: { includeGroups: [GROUPS.quarantine], ...more } });
  it.each([
    ['blocks everything', policy(), 'ok', 'is bound to the group'],
    [
      'leaves its conditions out',
      policy({}, { applications: null, clientAppTypes: null }),
      'ok',
      'is bound to the group',
    ],
    ['is in report-only mode', policy({ state: 'enabledForReportingButNotEnforced' }), 'misconfigured', 'does nothing'],
    ['is off', policy({ state: 'disabled' }), 'misconfigured', 'does nothing'],
    [
      'only wants a device',
      policy({ grantControls: { builtInControls: ['compliantDevice'] } }),
      'misconfigured',
      'does not block',
    ],
    ['has no grant', policy({ grantControls: null }), 'misconfigured', 'does not block'],
    [
      'covers one application',
      policy({}, { applications: { includeApplications: ['00000003'] } }),
      'misconfigured',
      'single applications',
    ],
    [
      'leaves an application out',
      policy({}, { applications: { includeApplications: ['All'], excludeApplications: ['x'] } }),
      'misconfigured',
      'leaves applications out',
    ],
    ['covers phones', policy({}, { platforms: { includePlatforms: ['iOS'] } }), 'misconfigured', 'some platforms'],
    ['covers old clients', policy({}, { clientAppTypes: ['other'] }), 'misconfigured', 'some client apps'],
    ['waits for a risk', policy({}, { userRiskLevels: ['high'] }), 'misconfigured', 'at a risk'],
    [
      'spares a place',
      policy({}, { locations: { includeLocations: ['All'], excludeLocations: ['x'] } }),
      'misconfigured',
      'some places',
    ],
    [
      'leaves this very account out',
      policy({}, users({ excludeUsers: [ACCOUNT.accountId] })),
      'misconfigured',
      'this very account',
    ],
    [
      'leaves the group out',
      policy({}, users({ excludeGroups: [GROUPS.quarantine] })),
      'misconfigured',
      'excludes the group',
    ],
  ])('is judged by the doctor: a policy that %s', async (_title, row, verdict, words) => {
    const { entra } = await tenantWith([row]);
    expect(await verdictOf(entra, 'quarantine')).toMatchObject({ verdict, detail: expect.stringContaining(words) });
  });

  it.each([
    ['a second factor', { operator: 'OR', builtInControls: ['mfa'] }, 'ok'],
    ['a strength', { operator: 'OR', builtInControls: [], authenticationStrength: { id: 's' } }, 'ok'],
    ['a second factor and a device', { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] }, 'ok'],
    ['a second factor or a device', { operator: 'OR', builtInControls: ['mfa', 'compliantDevice'] }, 'misconfigured'],
    ['a device', { operator: 'OR', builtInControls: ['compliantDevice'] }, 'misconfigured'],
  ])('demands a second factor, or not: %s', async (_title, grantControls, verdict) => {
    const { entra } = await tenantWith([policy({ grantControls }, { users: { includeGroups: [GROUPS.twoStep] } })]);
    expect(await verdictOf(entra, 'require_two_step')).toMatchObject({ verdict });
  });

  it.each([
    ['everybody', ['All'], 'ok'],
    ['some people', ['somebody'], 'misconfigured'],
  ])('blocks an address for %s', async (_title, includeUsers, verdict) => {
    const conditions = { users: { includeUsers }, locations: { includeLocations: [BLOCKED] } };
    const { entra } = await tenantWith([policy({}, conditions)]);
    expect(await verdictOf(entra, 'block_address')).toMatchObject({ verdict });
  });
});

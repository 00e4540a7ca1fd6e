import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/ports/connector.js';
import { BLOCKED, call, GROUPS, OFFICE } from './entra-id-subject.js';
import type { StubAnswer } from './stub-vendor.js';
import { ACCOUNT, closeTenants, tenantThat, tokenWith, verdictOf } from './entra-id-tenant.js';

afterEach(closeTenants);

const MEMBERSHIPS = [GROUPS.quarantine, GROUPS.twoStep, GROUPS.office, '99999999-0000-4000-8000-000000000000'].map(
  (id) => ({
    '@odata.type': '#microsoft.graph.group',
    id,
    displayName: 'q',
  }),
);
const OFFICE_PLACE = '66666666-0000-4000-8000-000000000000';
const COUNTRY = '77777777-0000-4000-8000-000000000000';
/** A group that holds the account, besides the prepared ones. */
const HOLDING = '99999999-0000-4000-8000-000000000000';
const place = (id: string, cidrs: readonly string[]) => ({
  '@odata.type': '#microsoft.graph.ipNamedLocation',
  id,
  displayName: 'A place',
  isTrusted: false,
  ipRanges: cidrs.map((cidrAddress) => ({ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress })),
});
const PLACES: readonly ({ readonly id: string } & Record<string, unknown>)[] = [
  place(BLOCKED, ['198.51.100.66/32']),
  place(OFFICE_PLACE, OFFICE.ranges),
  {
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    id: COUNTRY,
    displayName: 'Home',
    countriesAndRegions: ['DE'],
  },
];
const GROUP = { displayName: 'q', groupTypes: [], onPremisesSyncEnabled: null, isAssignableToRole: null };

/** A tenant with these policies, in which the account is in every prepared group. */
interface Tenant {
  readonly roles: readonly unknown[];
  /** Instead of the policies. */
  readonly refused: StubAnswer;
}

const tenantWith = (policies: readonly unknown[], { roles = [], refused }: Partial<Tenant> = {}) =>
  tenantThat(
    (asked) => {
      if (asked.startsWith(`GET /v1.0/users/${ACCOUNT.accountId}?`))
        return { body: { id: ACCOUNT.accountId, userPrincipalName: ACCOUNT.login } };
      if (asked.includes('transitiveMemberOf')) return { body: { value: MEMBERSHIPS } };
      if (asked.includes('/roleAssignments')) return { body: { value: roles } };
      if (asked.includes('/namedLocations/')) {
        const body = PLACES.find(({ id }) => asked.includes(id));
        return body === undefined ? { status: 404, body: { error: { code: 'NotFound', message: 'x' } } } : { body };
      }
      if (asked.startsWith('GET /v1.0/groups/')) return { body: GROUP };
      return asked.includes('/conditionalAccess/policies') ? (refused ?? { body: { value: policies } }) : undefined;
    },
    {
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
    users: { includeUsers: [], includeGroups: [GROUPS.quarantine] },
    applications: { includeApplications: ['All'] },
    clientAppTypes: ['all'],
    ...conditions,
  },
  grantControls: { operator: 'OR', builtInControls: ['block'] },
  ...more,
});

const WANTED: readonly (readonly [Command, Parameters<typeof policy>])[] = [
  [{ kind: 'quarantine' }, [{}, {}]],
  [
    { kind: 'require_two_step' },
    [
      { grantControls: { operator: 'OR', builtInControls: ['mfa'] } },
      { users: { includeUsers: [], includeGroups: [GROUPS.twoStep] } },
    ],
  ],
  [
    { kind: 'limit_login_ips', ranges: OFFICE.ranges },
    [
      {},
      {
        users: { includeUsers: [], includeGroups: [GROUPS.office] },
        locations: { includeLocations: ['All'], excludeLocations: [OFFICE_PLACE] },
      },
    ],
  ],
  [
    { kind: 'block_address', ranges: ['198.51.100.66/32'] },
    [{}, { users: { includeUsers: ['All'], includeGroups: [] }, locations: { includeLocations: [BLOCKED] } }],
  ],
];

describe('what only a policy of Conditional Access does', () => {
  const readBack = async (command: Command, policies: readonly unknown[], more: Partial<Tenant> = {}) => {
    const { entra } = await tenantWith(policies, more);
    const read = await entra.readBack(command, ACCOUNT, new Date(), call());
    return read.ok ? read.value : read.error;
  };
  const row = ([more, conditions]: Parameters<typeof policy>, above: Record<string, unknown> = {}) =>
    policy({ ...more, ...above }, conditions);
  const excluding = ([more, conditions = {}]: Parameters<typeof policy>, exclusion: Record<string, unknown>) =>
    policy(more, {
      ...conditions,
      users: { includeUsers: [], includeGroups: [GROUPS.quarantine], ...Object(conditions['users']), ...exclusion },
    });

  describe.each(WANTED)('%j', (command, wanted) => {
    it('holds with an enabled policy that does it', async () => {
      expect(await readBack(command, [row(wanted)])).toMatchObject({
        verdict: 'holds',
        observed: expect.stringContaining('the enabled policy "Prepared"'),
      });
    });

    it.each([
      ['reports only', { state: 'enabledForReportingButNotEnforced' }, 'in report-only mode'],
      ['is off', { state: 'disabled' }, 'it is off'],
      ['wants a device', { grantControls: { builtInControls: ['compliantDevice'] } }, 'it '],
    ])('does not hold with a policy that %s', async (_title, above, words) => {
      expect(await readBack(command, [row(wanted, above)])).toMatchObject({
        verdict: 'does_not_hold',
        observed: expect.stringContaining(words),
      });
    });

    it('does not hold without a policy', async () => {
      expect(await readBack(command, [])).toMatchObject({
        verdict: 'does_not_hold',
        observed: expect.stringContaining('but no enabled Conditional Access policy'),
      });
    });

    it.each([
      ['this very account', { excludeUsers: [ACCOUNT.accountId] }],
      ['a group that holds it', { excludeGroups: [HOLDING] }],
    ])('does not hold with a policy that excludes %s', async (_title, exclusion) => {
      expect(await readBack(command, [excluding(wanted, exclusion)])).toMatchObject({
        verdict: 'does_not_hold',
        observed: expect.stringMatching(/excludes .*this very account/),
      });
    });

    it.each([
      ['no administrator', [], 'holds'],
      [
        'an administrator, who is named',
        [{ id: 'r', roleDefinitionId: 'd', roleDefinition: { displayName: 'Helpdesk' } }],
        'cannot_tell',
      ],
    ])(
      'knows of a policy that exempts administrators whether the account is exempt: %s',
      async (_title, roles, verdict) => {
        const read = await readBack(command, [excluding(wanted, { excludeRoles: ['d'] })], { roles });
        expect(read).toMatchObject({ verdict });
        if (verdict !== 'holds') expect(JSON.stringify(read)).toContain('the account holds Helpdesk');
      },
    );

    it('is not claimed of what is not judged, which is named', async () => {
      const conditions = { ...wanted[1], authenticationFlows: { transferMethods: 'deviceCodeFlow' } };
      expect(await readBack(command, [policy(wanted[0], conditions)])).toMatchObject({
        verdict: 'cannot_tell',
        inPlace: true,
        observed: expect.stringContaining('authenticationFlows'),
      });
    });

    it('is not claimed where policies may not be read, and the permission is named', async () => {
      const refused = { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'x' } } };
      expect(await readBack(command, [], { refused })).toMatchObject({
        verdict: 'cannot_tell',
        inPlace: true,
        observed: expect.stringContaining('Policy.Read.All'),
      });
    });
  });

  it('holds also with a policy for all, or for another group that holds the account', async () => {
    const mfa = { grantControls: { operator: 'OR', builtInControls: ['mfa'] } };
    for (const people of [
      { includeUsers: ['All'] },
      { includeGroups: [HOLDING] },
      { includeUsers: [ACCOUNT.accountId] },
    ])
      expect(await readBack({ kind: 'require_two_step' }, [policy(mfa, { users: people })])).toMatchObject({
        verdict: 'holds',
      });
  });

  it.each([
    ['other ranges too', [OFFICE_PLACE, BLOCKED], 'does_not_hold', 'it lets 198.51.100.66/32 in as well'],
    ['a country', [COUNTRY], 'cannot_tell', 'cannot be read'],
    ['what is trusted', ['AllTrusted'], 'cannot_tell', 'cannot be read'],
  ])('login ranges: a policy that lets %s in is told', async (_title, excludeLocations, verdict, words) => {
    const conditions = {
      users: { includeUsers: [], includeGroups: [GROUPS.office] },
      locations: { includeLocations: ['All'], excludeLocations },
    };
    const read = await readBack({ kind: 'limit_login_ips', ranges: OFFICE.ranges }, [policy({}, conditions)]);
    expect(read).toMatchObject({ verdict, observed: expect.stringContaining(words) });
  });

  const users = (more: Record<string, unknown>) => ({
    users: { includeUsers: [], includeGroups: [GROUPS.quarantine], ...more },
  });
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
    const { entra } = await tenantWith([
      policy({ grantControls }, { users: { includeUsers: [], includeGroups: [GROUPS.twoStep] } }),
    ]);
    expect(await verdictOf(entra, 'require_two_step')).toMatchObject({ verdict });
  });

  it.each([
    ['everybody', ['All'], 'ok'],
    ['some people', ['somebody'], 'misconfigured'],
  ])('blocks an address for %s', async (_title, includeUsers, verdict) => {
    const conditions = { users: { includeUsers, includeGroups: [] }, locations: { includeLocations: [BLOCKED] } };
    const { entra } = await tenantWith([policy({}, conditions)]);
    expect(await verdictOf(entra, 'block_address')).toMatchObject({ verdict });
  });
});

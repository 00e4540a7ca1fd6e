import { z } from 'zod';
import { jsonOf } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import type { LocationRecord, PolicyRecord, UserRecord } from './model.js';
import { noContent, read, refused, write, type Context, type Route } from './route.js';

const READ_POLICY = ['Policy.Read.All', 'Policy.Read.ConditionalAccess'];
const CONDITIONAL_ACCESS = { denied: 'deniedByPolicy', licence: 'P1', unlicensed: 'notLicensed' } as const;
const RISK = { denied: 'deniedByPolicy', licence: 'P2', unlicensed: 'notLicensed' } as const;
const READ_RISK = ['IdentityRiskyUser.Read.All', 'IdentityRiskyUser.ReadWrite.All'];

const LOCATIONS: Shape<EntraId.IpNamedLocation> = { context: 'identity/conditionalAccess/namedLocations' };
const POLICIES: Shape<EntraId.Graph.ConditionalAccessPolicy> = { context: 'identity/conditionalAccess/policies' };
const RISKY_USERS: Shape<EntraId.Graph.RiskyUser> = { context: 'riskyUsers', filterable: true };

const locationRow = (location: LocationRecord) => ({
  '@odata.type': '#microsoft.graph.ipNamedLocation',
  ...location,
});
const policyRow = ({
  id,
  displayName,
  state,
  control,
  includeGroups,
  includeLocations,
  excludeLocations,
  includeApplications,
  ...exclude
}: PolicyRecord) => ({
  id,
  displayName,
  state,
  conditions: {
    clientAppTypes: ['all'] as const,
    applications: { includeApplications },
    users: {
      includeUsers: includeGroups.length === 0 ? ['All'] : [],
      includeGroups,
      ...exclude,
    },
    locations: includeLocations.length === 0 ? null : { includeLocations, excludeLocations },
  },
  grantControls: { operator: 'OR', builtInControls: [control] },
});

const cidr = z.discriminatedUnion('@odata.type', [
  z.strictObject({
    '@odata.type': z.literal('#microsoft.graph.iPv4CidrRange'),
    cidrAddress: z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/),
  }),
  z.strictObject({
    '@odata.type': z.literal('#microsoft.graph.iPv6CidrRange'),
    cidrAddress: z.string().regex(/^[0-9a-f:]+\/\d{1,3}$/i),
  }),
]);
const locationBody = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.ipNamedLocation'),
  displayName: z.string().optional(),
  isTrusted: z.boolean().optional(),
  ipRanges: z.array(cidr).min(1).optional(),
});
const usersBody = z.strictObject({ userIds: z.array(z.string()).min(1).max(60) });

function riskRow({ id, displayName, userPrincipalName, risk }: UserRecord) {
  return {
    id,
    isDeleted: false,
    isProcessing: false,
    riskLevel: risk?.riskLevel ?? ('none' as const),
    riskState: risk?.riskState ?? ('none' as const),
    riskDetail: risk?.riskDetail ?? ('none' as const),
    riskLastUpdatedDateTime: risk?.at ?? null,
    userDisplayName: displayName,
    userPrincipalName,
  };
}

function setRisk(context: Context, risk: Omit<NonNullable<UserRecord['risk']>, 'at'>) {
  const parsed = usersBody.safeParse(jsonOf(context.request.body));
  if (!parsed.success) return refused(context.errors.error(400, 'BadRequest', 'userIds is missing or too long.'));
  const users = parsed.data.userIds.map((id) => context.tenant.user(id)).filter((user) => user !== undefined);
  return write(context, users[0]?.userPrincipalName ?? '', () => {
    for (const user of users) user.risk = { ...risk, at: context.tenant.now().toISOString() };
    return noContent;
  });
}

export const PROTECTION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'identity/conditionalAccess/namedLocations/:location',
    permissions: READ_POLICY,
    ...CONDITIONAL_ACCESS,
    handle(context) {
      const found = context.tenant.seen().locations.find(({ id }) => id === context.param('location'));
      if (found === undefined) return refused(context.errors.notFound());
      return read(() => entity(context, locationRow(found), LOCATIONS));
    },
  },
  {
    method: 'PATCH',
    path: 'identity/conditionalAccess/namedLocations/:location',
    permissions: ['Policy.ReadWrite.ConditionalAccess'],
    ...CONDITIONAL_ACCESS,
    handle(context) {
      const found = context.tenant.present().locations.find(({ id }) => id === context.param('location'));
      if (found === undefined) return refused(context.errors.notFound());
      const parsed = locationBody.safeParse(jsonOf(context.request.body));
      if (!parsed.success)
        return refused(context.errors.error(400, 'BadRequest', '1040: NamedNetwork with id has invalid ranges.'));
      const { displayName, isTrusted, ipRanges } = parsed.data;
      return write(context, '', () => {
        found.displayName = displayName ?? found.displayName;
        found.isTrusted = isTrusted ?? found.isTrusted;
        found.ipRanges = ipRanges ?? found.ipRanges;
        return noContent;
      });
    },
  },
  {
    method: 'GET',
    path: 'identity/conditionalAccess/policies',
    permissions: READ_POLICY,
    ...CONDITIONAL_ACCESS,
    handle: (context) => read(() => collection(context, context.tenant.seen().policies.map(policyRow), POLICIES)),
  },
  {
    method: 'GET',
    path: 'identityProtection/riskyUsers',
    permissions: READ_RISK,
    ...RISK,
    handle: (context) =>
      read(() => {
        const rows = context.tenant.seen().users.filter(({ risk }) => risk !== null);
        return collection(context, rows.map(riskRow), RISKY_USERS);
      }),
  },
  {
    method: 'GET',
    path: 'identityProtection/riskyUsers/:id',
    permissions: READ_RISK,
    ...RISK,
    handle(context) {
      const user = context.tenant.user(context.param('id'), context.tenant.seen());
      if (user === undefined || user.risk === null) return refused(context.errors.notFound());
      return read(() => entity(context, riskRow(user), RISKY_USERS));
    },
  },
  {
    method: 'POST',
    path: 'identityProtection/riskyUsers/confirmCompromised',
    permissions: ['IdentityRiskyUser.ReadWrite.All'],
    ...RISK,
    handle: (context) =>
      setRisk(context, {
        riskState: 'confirmedCompromised',
        riskLevel: 'high',
        riskDetail: 'adminConfirmedUserCompromised',
      }),
  },
  {
    method: 'POST',
    path: 'identityProtection/riskyUsers/dismiss',
    permissions: ['IdentityRiskyUser.ReadWrite.All'],
    ...RISK,
    handle: (context) =>
      setRisk(context, { riskState: 'dismissed', riskLevel: 'none', riskDetail: 'adminDismissedAllRiskForUser' }),
  },
];

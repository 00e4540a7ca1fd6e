import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonOf, type Reply } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import type { LocationRecord, PolicyRecord } from './model.js';
import { noContent, read, refused, write, type Context, type Route } from './route.js';

const READ_POLICY = ['Policy.Read.All', 'Policy.Read.ConditionalAccess'];
const CONDITIONAL_ACCESS = { denied: 'deniedByPolicy', licence: 'P1', unlicensed: 'notLicensed' } as const;
/** "Policy.Read.All and Policy.ReadWrite.ConditionalAccess": learn.microsoft.com/graph/api/conditionalaccessroot-post-namedlocations */
const WRITE_POLICY = { permissions: ['Policy.ReadWrite.ConditionalAccess'], besides: ['Policy.Read.All'] } as const;

const LOCATIONS: Shape<EntraId.IpNamedLocation> = { context: 'identity/conditionalAccess/namedLocations' };
const POLICIES: Shape<EntraId.Graph.ConditionalAccessPolicy> = { context: 'identity/conditionalAccess/policies' };
const DEFAULTS: Shape<EntraId.Graph.IdentitySecurityDefaultsEnforcementPolicy> = {
  context: 'policies/identitySecurityDefaultsEnforcementPolicy',
};

const locationRow = (location: LocationRecord) => ({
  '@odata.type': '#microsoft.graph.ipNamedLocation',
  ...location,
});
const policyRow = ({
  id,
  displayName,
  state,
  control,
  includeUsers,
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
      includeUsers: includeUsers ?? (includeGroups.length === 0 ? ['All'] : []),
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
  displayName: z.string().min(1).max(256).optional(),
  isTrusted: z.boolean().optional(),
  ipRanges: z.array(cidr).min(1).max(2_000).optional(),
});
/** "displayName … Required", "ipRanges … Required": learn.microsoft.com/graph/api/resources/ipnamedlocation */
const newLocation = locationBody.required({ displayName: true, ipRanges: true });
const ids = z.array(z.string()).min(1);
/** What a policy of this sandbox can be made of; Microsoft takes more. */
const newPolicy = z.strictObject({
  displayName: z.string().min(1).max(256),
  state: z.enum(['enabled', 'disabled', 'enabledForReportingButNotEnforced']),
  conditions: z.strictObject({
    clientAppTypes: z.tuple([z.literal('all')]),
    applications: z.strictObject({ includeApplications: ids }),
    users: z.strictObject({ includeUsers: ids }),
    locations: z.strictObject({ includeLocations: ids, excludeLocations: ids }),
  }),
  grantControls: z.strictObject({
    operator: z.enum(['AND', 'OR']),
    builtInControls: z.tuple([z.enum(['block', 'mfa'])]),
  }),
});

const bad = ({ errors }: Context, message: string) => refused(errors.error(400, 'BadRequest', message));
const created = (reply: Reply): Reply => ({ ...reply, status: 201 });

function createLocation(context: Context) {
  const { tenant } = context;
  const parsed = newLocation.safeParse(jsonOf(context.request.body));
  if (!parsed.success) return bad(context, '1040: NamedNetwork with id has invalid ranges.');
  // "No more than 195 named locations": learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network.
  // The words of the refusal are nowhere told.
  if (tenant.present().locations.length >= tenant.conditionalAccess.mostLocations)
    return bad(context, 'The number of named locations exceeds what is permitted.');
  const { displayName, isTrusted = false, ipRanges } = parsed.data;
  return write(context, '', () => {
    const made: LocationRecord = { id: randomUUID(), displayName, isTrusted, ipRanges };
    tenant.present().locations.push(made);
    return created(entity(context, locationRow(made), LOCATIONS));
  });
}

function createPolicy(context: Context) {
  const { tenant } = context;
  const parsed = newPolicy.safeParse(jsonOf(context.request.body));
  if (!parsed.success) return bad(context, '1007: Incoming ConditionalAccessPolicy object is null or does not match.');
  const { displayName, state, conditions, grantControls } = parsed.data;
  // The words that real tenants answer with; a policy in report-only mode is accepted there.
  if (state === 'enabled' && tenant.conditionalAccess.securityDefaults)
    return bad(
      context,
      'Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.',
    );
  if (tenant.present().policies.length >= tenant.conditionalAccess.mostPolicies)
    return bad(context, 'The number of policies exceeds what is permitted.');
  // A location that was made a moment ago is not known everywhere yet.
  const unknown = conditions.locations.excludeLocations.find(
    (id) => !tenant.seen().locations.some((one) => one.id === id),
  );
  if (unknown !== undefined)
    return bad(context, `1040: NamedLocation with id ${unknown} does not exist in the directory.`);
  return write(context, '', () => {
    const made: PolicyRecord = {
      id: randomUUID(),
      displayName,
      state,
      control: grantControls.builtInControls[0],
      includeUsers: conditions.users.includeUsers,
      includeGroups: [],
      includeLocations: conditions.locations.includeLocations,
      excludeLocations: conditions.locations.excludeLocations,
      excludeUsers: [],
      excludeGroups: [],
      excludeRoles: [],
      includeApplications: conditions.applications.includeApplications,
    };
    tenant.present().policies.push(made);
    return created(entity(context, policyRow(made), POLICIES));
  });
}

function removeLocation(context: Context) {
  const id = context.param('location');
  const { locations, policies } = context.tenant.present();
  const index = locations.findIndex((one) => one.id === id);
  if (index < 0)
    return refused(
      context.errors.error(404, 'ResourceNotFound', `NamedLocation with id ${id} does not exist in the directory.`),
    );
  const isNamed = policies.some((one) => [...one.includeLocations, ...one.excludeLocations].includes(id));
  if (isNamed || locations[index]?.isTrusted === true)
    return bad(context, '1042: NamedLocation is trusted or in use by a policy, and cannot be deleted.');
  return write(context, '', () => {
    locations.splice(index, 1);
    return noContent;
  });
}

function removePolicy(context: Context) {
  const { policies } = context.tenant.present();
  const index = policies.findIndex(({ id }) => id === context.param('policy'));
  if (index < 0) return refused(context.errors.notFound());
  return write(context, '', () => {
    policies.splice(index, 1);
    return noContent;
  });
}

export const CONDITIONAL_ACCESS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'identity/conditionalAccess/namedLocations',
    permissions: READ_POLICY,
    ...CONDITIONAL_ACCESS,
    handle: (context) => read(() => collection(context, context.tenant.seen().locations.map(locationRow), LOCATIONS)),
  },
  {
    method: 'POST',
    path: 'identity/conditionalAccess/namedLocations',
    ...WRITE_POLICY,
    ...CONDITIONAL_ACCESS,
    handle: createLocation,
  },
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
      if (!parsed.success) return bad(context, '1040: NamedNetwork with id has invalid ranges.');
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
    method: 'DELETE',
    path: 'identity/conditionalAccess/namedLocations/:location',
    ...WRITE_POLICY,
    ...CONDITIONAL_ACCESS,
    handle: removeLocation,
  },
  {
    method: 'GET',
    path: 'identity/conditionalAccess/policies',
    permissions: READ_POLICY,
    ...CONDITIONAL_ACCESS,
    handle: (context) => read(() => collection(context, context.tenant.seen().policies.map(policyRow), POLICIES)),
  },
  {
    method: 'POST',
    path: 'identity/conditionalAccess/policies',
    permissions: WRITE_POLICY.permissions,
    // learn.microsoft.com/graph/api/conditionalaccessroot-post-policies
    besides: ['Policy.Read.All', 'Application.Read.All'],
    ...CONDITIONAL_ACCESS,
    handle: createPolicy,
  },
  {
    method: 'DELETE',
    path: 'identity/conditionalAccess/policies/:policy',
    ...WRITE_POLICY,
    ...CONDITIONAL_ACCESS,
    handle: removePolicy,
  },
  {
    method: 'GET',
    path: 'policies/identitySecurityDefaultsEnforcementPolicy',
    permissions: ['Policy.Read.All'],
    denied: 'deniedByPolicy',
    handle: (context) =>
      read(() =>
        entity(
          context,
          {
            id: '00000000-0000-0000-0000-000000000005',
            displayName: 'Security Defaults',
            isEnabled: context.tenant.conditionalAccess.securityDefaults,
          },
          DEFAULTS,
        ),
      ),
  },
];

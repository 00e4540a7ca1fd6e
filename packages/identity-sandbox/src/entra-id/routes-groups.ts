import { z } from 'zod';
import { jsonOf } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import type { GroupRecord } from './model.js';
import { noContent, read, refused, withSeenUser, write, type Context, type Route } from './route.js';
import { groupsOf, rolesOf } from './tenant.js';

const READ = [
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
const WRITE = ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'];

const MEMBERSHIPS: Shape<EntraId.Membership> = { context: 'directoryObjects' };
const GROUPS: Shape<EntraId.Graph.Group> = { context: 'groups' };
const DOMAINS: Shape<EntraId.Graph.Domain> = { context: 'domains' };
const FEDERATIONS: Shape<EntraId.Graph.InternalDomainFederation> = { context: 'federationConfiguration' };

const groupRow = ({ id, displayName, groupTypes, onPremisesSyncEnabled, isAssignableToRole }: GroupRecord) => ({
  '@odata.type': '#microsoft.graph.group',
  id,
  displayName,
  groupTypes,
  onPremisesSyncEnabled,
  isAssignableToRole,
});

const membershipRoute = (relation: 'memberOf' | 'transitiveMemberOf'): Route => ({
  method: 'GET',
  path: `users/:id/${relation}`,
  permissions: READ,
  handle: (context) =>
    withSeenUser(context, ({ id }) =>
      read(() => {
        const seen = context.tenant.seen();
        const transitive = relation === 'transitiveMemberOf';
        const roles = rolesOf(seen, id, transitive).map(({ id: roleTemplateId, name }) => ({
          '@odata.type': '#microsoft.graph.directoryRole',
          id: roleTemplateId.replace(/^./, '0'),
          displayName: name,
          roleTemplateId,
        }));
        const rows = [...groupsOf(seen, id, transitive).map(groupRow), ...roles];
        return collection(context, rows, MEMBERSHIPS);
      }),
    ),
});

const reference = z.strictObject({ '@odata.id': z.string() });
const ADDED = "One or more added object references already exist for the following modified properties: 'members'.";

function withGroup(context: Context, then: (group: GroupRecord) => ReturnType<Route['handle']>) {
  const id = context.param('group');
  const group = context.tenant.present().groups.find((one) => one.id === id);
  if (group === undefined) return refused(context.errors.missing(id));
  if (group.onPremisesSyncEnabled === true) return refused(context.errors.onPremises());
  if (group.groupTypes.includes('DynamicMembership'))
    return refused(
      context.errors.badRequest('Insufficient privileges: members of a dynamic group are set by its rule.'),
    );
  if (group.isAssignableToRole && !context.rights.permissions.has('RoleManagement.ReadWrite.Directory'))
    return refused(context.errors.denied());
  return then(group);
}

function emailOf({ tenant }: Context, id: string): string {
  return tenant.user(id)?.userPrincipalName ?? id;
}

export const GROUP_ROUTES: readonly Route[] = [
  membershipRoute('memberOf'),
  membershipRoute('transitiveMemberOf'),
  {
    method: 'GET',
    path: 'groups/:group',
    permissions: READ,
    handle(context) {
      const id = context.param('group');
      const group = context.tenant.seen().groups.find((one) => one.id === id);
      if (group === undefined) return refused(context.errors.missing(id));
      return read(() => entity(context, groupRow(group), GROUPS));
    },
  },
  {
    method: 'POST',
    path: 'groups/:group/members/$ref',
    permissions: WRITE,
    handle: (context) =>
      withGroup(context, (group) => {
        const parsed = reference.safeParse(jsonOf(context.request.body));
        const id = parsed.success
          ? /\/(?:directoryObjects|users)\/([^/]+)$/.exec(parsed.data['@odata.id'])?.[1]
          : undefined;
        if (id === undefined) return refused(context.errors.badRequest('A resource reference is not valid.'));
        if (context.tenant.user(id) === undefined) return refused(context.errors.missing(id));
        if (group.members.includes(id)) return refused(context.errors.badRequest(ADDED));
        return write(context, emailOf(context, id), () => {
          group.members.push(id);
          return noContent;
        });
      }),
  },
  {
    method: 'DELETE',
    path: 'groups/:group/members/:member/$ref',
    permissions: WRITE,
    handle: (context) =>
      withGroup(context, (group) => {
        const id = context.param('member');
        if (!group.members.includes(id)) return refused(context.errors.missing(id));
        return write(context, emailOf(context, id), () => {
          group.members.splice(group.members.indexOf(id), 1);
          return noContent;
        });
      }),
  },
  {
    method: 'GET',
    path: 'domains',
    permissions: ['Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    handle: (context) =>
      read(() => {
        const rows = context.tenant.seen().domains.map(({ id, authenticationType }) => ({
          id,
          authenticationType,
          isVerified: true,
          isDefault: false,
        }));
        return collection(context, rows, DOMAINS);
      }),
  },
  {
    method: 'GET',
    path: 'domains/:domain/federationConfiguration',
    permissions: ['Domain-InternalFederation.Read.All', 'Domain-InternalFederation.ReadWrite.All'],
    handle(context) {
      const name = context.param('domain').toLowerCase();
      const found = context.tenant.seen().domains.find(({ id }) => id === name);
      if (found === undefined) return refused(context.errors.missing(name));
      const rows =
        found.issuerUri === null
          ? []
          : [
              {
                '@odata.type': '#microsoft.graph.internalDomainFederation',
                id: '6601d14b-d113-8f64-fda2-9b5ddda18ecc',
                issuerUri: found.issuerUri,
                displayName: null,
              },
            ];
      return read(() => collection(context, rows, FEDERATIONS));
    },
  },
];

import { z } from 'zod';
import {
  bodyOf,
  DONE,
  doerOf,
  filled,
  nextOf,
  paged,
  reading,
  refused,
  show,
  writing,
  type Endpoint,
  type Visit,
} from './endpoint.js';
import { duplicate, invalid, notAuthorized, notFound } from './errors.js';
import type { GroupRecord, UserRecord } from './model.js';
import { newId } from './seeds.js';

const MEMBERS = ['admin.directory.group.member', 'admin.directory.group'];
const GROUPS = ['admin.directory.group.readonly', 'admin.directory.group'];
const READ_ROLES = ['admin.directory.rolemanagement.readonly', 'admin.directory.rolemanagement'];
const GROUP = '/admin/directory/v1/groups/:group';
const CUSTOMER = '/admin/directory/v1/customer/:customer';

const isAdmin = ({ state, subject }: Visit): boolean => state.adminKind(subject) !== null;
const isSuper = ({ state, subject }: Visit): boolean => state.adminKind(subject) === 'super';

function groupOf(visit: Visit): GroupRecord | ReturnType<typeof refused> {
  if (!isAdmin(visit)) return refused(notAuthorized());
  return visit.state.group(visit.params['group'] ?? '') ?? refused(notFound('groupKey'));
}

const memberShown = ({ id, primaryEmail }: UserRecord) => ({
  kind: 'admin#directory#member',
  id,
  email: primaryEmail,
  role: 'MEMBER',
  type: 'USER',
  status: 'ACTIVE',
});

function memberOf(visit: Visit, group: GroupRecord): UserRecord | null {
  const user = visit.state.user(visit.params['member'] ?? '');
  return user !== undefined && group.members.includes(user.id) ? user : null;
}

function groupLog(visit: Visit, group: GroupRecord, user: UserRecord, name: string): void {
  const parameters = { USER_EMAIL: user.primaryEmail, GROUP_EMAIL: group.email };
  visit.state.log({ application: 'admin', type: 'GROUP_SETTINGS', name, parameters }, doerOf(visit));
  visit.state.changed();
}

function addMember(visit: Visit) {
  const group = groupOf(visit);
  if (!('members' in group)) return group;
  const { email } = bodyOf(visit);
  const user = typeof email === 'string' ? visit.state.user(email) : undefined;
  if (user === undefined) return refused(notFound('memberKey'));
  if (group.members.includes(user.id)) return refused(duplicate('Member already exists.'));
  return writing(user.primaryEmail, () => {
    group.members.push(user.id);
    groupLog(visit, group, user, 'ADD_GROUP_MEMBER');
    return show.member(memberShown(user));
  });
}

function removeMember(visit: Visit) {
  const group = groupOf(visit);
  if (!('members' in group)) return group;
  const user = memberOf(visit, group);
  if (user === null) return refused(notFound('memberKey'));
  return writing(user.primaryEmail, () => {
    group.members = group.members.filter((id) => id !== user.id);
    groupLog(visit, group, user, 'REMOVE_GROUP_MEMBER');
    return DONE;
  });
}

function groupsOfUser(visit: Visit) {
  const { state, request } = visit;
  if (!isAdmin(visit)) return refused(notAuthorized());
  const user = state.user(request.query.get('userKey') ?? '');
  if (user === undefined) return refused(notFound('userKey'));
  const rows = state.groupsOf(user).map(({ id, email, name }) => ({ kind: 'admin#directory#group', id, email, name }));
  const page = paged(rows, request.query, 200);
  return page === null
    ? refused(invalid('Invalid Input: pageToken'))
    : reading(
        show.groups({
          kind: 'admin#directory#groups',
          ...nextOf(page),
          ...filled(page.items, (groups) => ({ groups })),
        }),
      );
}

function assignmentsOfUser(visit: Visit) {
  const { state, request } = visit;
  if (!isAdmin(visit)) return refused(notAuthorized());
  const user = state.user(request.query.get('userKey') ?? '');
  if (user === undefined) return refused(notFound('userKey'));
  const indirect = request.query.get('includeIndirectRoleAssignments') === 'true';
  const rows = state
    .assignmentsOf(user)
    .filter(({ assigneeType }) => indirect || assigneeType === 'user')
    .map((one) => ({ kind: 'admin#directory#roleAssignment', ...one }));
  const page = paged(rows, request.query, 200);
  return page === null
    ? refused(invalid('Invalid Input: pageToken'))
    : reading(
        show.roleAssignments({
          kind: 'admin#directory#roleAssignments',
          ...nextOf(page),
          ...filled(page.items, (items) => ({ items })),
        }),
      );
}

const given = z.object({
  roleId: z.string(),
  assignedTo: z.string(),
  scopeType: z.enum(['CUSTOMER', 'ORG_UNIT']),
  orgUnitId: z.string().optional(),
});

function roleLog(visit: Visit, name: string, user: UserRecord | undefined, roleId: string): void {
  const roleName = visit.state.data.roles.find((one) => one.roleId === roleId)?.roleName ?? roleId;
  const parameters = { USER_EMAIL: user?.primaryEmail ?? '', ROLE_NAME: roleName };
  visit.state.log({ application: 'admin', type: 'DELEGATED_ADMIN_SETTINGS', name, parameters }, doerOf(visit));
  visit.state.changed();
}

function giveRole(visit: Visit) {
  const { state } = visit;
  if (!isSuper(visit)) return refused(notAuthorized());
  const wanted = given.safeParse(bodyOf(visit));
  if (!wanted.success) return refused(invalid('Invalid Input: roleAssignment'));
  const { roleId, assignedTo, scopeType, orgUnitId } = wanted.data;
  const user = state.user(assignedTo);
  if (user === undefined || !state.data.roles.some((role) => role.roleId === roleId))
    return refused(invalid('Invalid Input: roleId'));
  const same = state.data.assignments.some(
    (one) => one.roleId === roleId && one.assignedTo === user.id && one.scopeType === scopeType,
  );
  if (same) return refused(duplicate('Role assignment already exists.'));
  return writing(user.primaryEmail, () => {
    const made = {
      roleAssignmentId: newId(),
      roleId,
      assignedTo: user.id,
      assigneeType: 'user' as const,
      scopeType,
      ...(orgUnitId === undefined ? {} : { orgUnitId }),
    };
    state.data.assignments.push(made);
    roleLog(visit, 'ASSIGN_ROLE', user, roleId);
    return show.roleAssignment({ kind: 'admin#directory#roleAssignment', ...made });
  });
}

function takeRole(visit: Visit) {
  const { state, params } = visit;
  if (!isSuper(visit)) return refused(notAuthorized());
  const found = state.data.assignments.find(({ roleAssignmentId }) => roleAssignmentId === params['assignment']);
  if (found === undefined) return refused(notFound('roleAssignmentId'));
  const user = state.user(found.assignedTo);
  return writing(user?.primaryEmail ?? '', () => {
    state.data.assignments = state.data.assignments.filter((one) => one !== found);
    roleLog(visit, 'UNASSIGN_ROLE', user, found.roleId);
    return DONE;
  });
}

export const COMPANY: readonly Endpoint[] = [
  { method: 'GET', path: '/admin/directory/v1/groups', scopes: GROUPS, handle: groupsOfUser },
  {
    method: 'GET',
    path: `${GROUP}/members/:member`,
    scopes: MEMBERS,
    handle(visit) {
      const group = groupOf(visit);
      if (!('members' in group)) return group;
      const user = memberOf(visit, group);
      return user === null ? refused(notFound('memberKey')) : reading(show.member(memberShown(user)));
    },
  },
  { method: 'POST', path: `${GROUP}/members`, scopes: MEMBERS, handle: addMember },
  { method: 'DELETE', path: `${GROUP}/members/:member`, scopes: MEMBERS, handle: removeMember },
  {
    method: 'GET',
    path: `${CUSTOMER}/orgunits/*`,
    scopes: ['admin.directory.orgunit.readonly', 'admin.directory.orgunit'],
    handle({ state, params }) {
      const found = state.data.orgUnits.find(({ path }) => path === `/${params['*'] ?? ''}`);
      if (found === undefined) return refused(notFound('orgunit'));
      return reading(
        show.orgUnit({ kind: 'admin#directory#orgUnit', orgUnitId: found.orgUnitId, orgUnitPath: found.path }),
      );
    },
  },
  {
    method: 'GET',
    path: `${CUSTOMER}/roles`,
    scopes: READ_ROLES,
    handle(visit) {
      if (!isAdmin(visit)) return refused(notAuthorized());
      const rows = visit.state.data.roles.map((role) => ({
        kind: 'admin#directory#role',
        ...role,
        isSystemRole: role.isSuperAdminRole,
      }));
      const page = paged(rows, visit.request.query, 100);
      return page === null
        ? refused(invalid('Invalid Input: pageToken'))
        : reading(
            show.roles({
              kind: 'admin#directory#roles',
              ...nextOf(page),
              ...filled(page.items, (items) => ({ items })),
            }),
          );
    },
  },
  { method: 'GET', path: `${CUSTOMER}/roleassignments`, scopes: READ_ROLES, handle: assignmentsOfUser },
  { method: 'POST', path: `${CUSTOMER}/roleassignments`, scopes: ['admin.directory.rolemanagement'], handle: giveRole },
  {
    method: 'DELETE',
    path: `${CUSTOMER}/roleassignments/:assignment`,
    scopes: ['admin.directory.rolemanagement'],
    handle: takeRole,
  },
];

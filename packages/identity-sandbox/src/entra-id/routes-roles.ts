import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonOf } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import { ROLES, type EligibilityRecord, type EntraIdSnapshot } from './model.js';
import { noContent, read, refused, write, type Context, type Route } from './route.js';
import { newRowId } from './routes-grants.js';

const ROLE_ASSIGNMENTS: Shape<EntraId.Graph.UnifiedRoleAssignment> = {
  context: 'roleManagement/directory/roleAssignments',
  filterable: true,
};
const ELIGIBILITIES: Shape<EntraId.Graph.UnifiedRoleEligibilityScheduleInstance> = {
  context: 'roleManagement/directory/roleEligibilityScheduleInstances',
  filterable: true,
};
const SCHEDULES: Shape<EntraId.Graph.UnifiedRoleEligibilitySchedule> = {
  context: 'roleManagement/directory/roleEligibilitySchedules',
  filterable: true,
};
const ACTIVE: Shape<EntraId.Graph.UnifiedRoleAssignmentScheduleInstance> = {
  context: 'roleManagement/directory/roleAssignmentScheduleInstances',
  filterable: true,
};
const REQUESTS: Shape<EntraId.Graph.UnifiedRoleEligibilityScheduleRequest> = {
  context: 'roleManagement/directory/roleEligibilityScheduleRequests',
};

const READ = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const roleBody = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.unifiedRoleAssignment').optional(),
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.string(),
});
/** learn.microsoft.com/graph/api/rbacapplication-post-roleeligibilityschedulerequests */
const requestBody = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('adminRemove'),
    principalId: z.string(),
    roleDefinitionId: z.string(),
    directoryScopeId: z.string(),
    justification: z.string().optional(),
  }),
  z.strictObject({
    action: z.literal('adminAssign'),
    principalId: z.string(),
    roleDefinitionId: z.string(),
    directoryScopeId: z.string(),
    justification: z.string().optional(),
    scheduleInfo: z.strictObject({
      startDateTime: z.iso.datetime(),
      expiration: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('noExpiration') }),
        z.strictObject({ type: z.literal('afterDateTime'), endDateTime: z.iso.datetime() }),
      ]),
    }),
  }),
]);

const definitionOf = (id: string) => ({ id, displayName: ROLES[id] ?? '', isBuiltIn: true });

const ASSIGNMENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'roleManagement/directory/roleAssignments',
    permissions: [
      'RoleManagement.Read.Directory',
      'RoleManagement.ReadWrite.Directory',
      'RoleManagement.Read.All',
      ...READ,
    ],
    handle: (context) =>
      read(() => {
        const expand = context.request.query.get('$expand') === 'roleDefinition';
        const rows = context.tenant.seen().roleAssignments.map((row) => ({
          ...row,
          ...(expand ? { roleDefinition: definitionOf(row.roleDefinitionId) } : {}),
        }));
        return collection(context, rows, ROLE_ASSIGNMENTS);
      }),
  },
  {
    method: 'POST',
    path: 'roleManagement/directory/roleAssignments',
    permissions: ['RoleManagement.ReadWrite.Directory'],
    handle(context) {
      const { tenant, errors } = context;
      const parsed = roleBody.safeParse(jsonOf(context.request.body));
      if (!parsed.success || ROLES[parsed.data.roleDefinitionId] === undefined)
        return refused(errors.badRequest('The role definition or its scope is not valid.'));
      const { principalId, roleDefinitionId, directoryScopeId } = parsed.data;
      const user = tenant.user(principalId);
      if (user === undefined) return refused(errors.missing(principalId));
      const { roleAssignments } = tenant.present();
      const there = (row: (typeof roleAssignments)[number]): boolean =>
        row.principalId === user.id &&
        row.roleDefinitionId === roleDefinitionId &&
        row.directoryScopeId === directoryScopeId;
      if (roleAssignments.some(there))
        return refused(
          errors.badRequest('A conflicting object with one or more of the specified property values already exists.'),
        );
      return write(context, user.userPrincipalName, () => {
        const row = { id: `${newRowId()}-1`, principalId: user.id, roleDefinitionId, directoryScopeId };
        roleAssignments.push(row);
        return entity(context, row, ROLE_ASSIGNMENTS, 201);
      });
    },
  },
  {
    method: 'DELETE',
    path: 'roleManagement/directory/roleAssignments/:assignment',
    permissions: ['RoleManagement.ReadWrite.Directory'],
    handle(context) {
      const { roleAssignments } = context.tenant.present();
      const row = roleAssignments.find(({ id }) => id === context.param('assignment'));
      if (row === undefined) return refused(context.errors.missing(context.param('assignment')));
      return write(context, context.tenant.user(row.principalId)?.userPrincipalName ?? '', () => {
        roleAssignments.splice(roleAssignments.indexOf(row), 1);
        return noContent;
      });
    },
  },
];

type Asked = Pick<EligibilityRecord, 'principalId' | 'roleDefinitionId' | 'directoryScopeId'>;

const found = ({ eligibilities }: EntraIdSnapshot, asked: Asked): EligibilityRecord | undefined =>
  eligibilities.find(
    (row) =>
      row.memberType === 'Direct' &&
      row.principalId === asked.principalId &&
      row.roleDefinitionId === asked.roleDefinitionId &&
      row.directoryScopeId === asked.directoryScopeId,
  );

function request(context: Context) {
  const { tenant, errors } = context;
  const parsed = requestBody.safeParse(jsonOf(context.request.body));
  if (!parsed.success || ROLES[parsed.data.roleDefinitionId] === undefined)
    return refused(errors.badRequest('The role eligibility request is not valid.'));
  const { data } = parsed;
  const user = tenant.user(data.principalId);
  if (user === undefined) return refused(errors.missing(data.principalId));
  const present = found(tenant.present(), data);
  const { principalId, roleDefinitionId, directoryScopeId } = data;
  const answer = (status: 'Revoked' | 'Provisioned') =>
    entity(
      context,
      { id: randomUUID(), action: data.action, status, principalId, roleDefinitionId, directoryScopeId },
      REQUESTS,
      201,
    );
  if (data.action === 'adminRemove') {
    if (present === undefined)
      return refused(errors.error(400, 'RoleAssignmentDoesNotExist', 'The Role assignment does not exist.'));
    return write(context, user.userPrincipalName, () => {
      const { eligibilities } = tenant.present();
      eligibilities.splice(eligibilities.indexOf(present), 1);
      return answer('Revoked');
    });
  }
  if (present !== undefined)
    return refused(errors.error(400, 'RoleAssignmentExists', 'The Role assignment already exists.'));
  const { startDateTime, expiration } = data.scheduleInfo;
  return write(context, user.userPrincipalName, () => {
    const endDateTime = expiration.type === 'noExpiration' ? null : expiration.endDateTime;
    tenant.present().eligibilities.push({
      ...{ id: newRowId(), principalId: user.id, roleDefinitionId, directoryScopeId },
      ...{ memberType: 'Direct', startDateTime, endDateTime },
    });
    return answer('Provisioned');
  });
}

const GOVERNED = { licence: 'P2', unlicensed: 'notGoverned' } as const;
const READ_ROLES = ['RoleManagement.Read.All', 'RoleManagement.Read.Directory', 'RoleManagement.ReadWrite.Directory'];
const READ_ELIGIBLE = [
  'RoleEligibilitySchedule.Read.Directory',
  'RoleEligibilitySchedule.ReadWrite.Directory',
  ...READ_ROLES,
];
const hasBegun = ({ startDateTime }: EligibilityRecord, { tenant }: Context): boolean =>
  startDateTime <= tenant.stamp();

const ELIGIBILITY_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'roleManagement/directory/roleAssignmentScheduleInstances',
    // learn.microsoft.com/graph/api/rbacapplication-list-roleassignmentscheduleinstances
    permissions: ['RoleAssignmentSchedule.Read.Directory', 'RoleAssignmentSchedule.ReadWrite.Directory', ...READ_ROLES],
    ...GOVERNED,
    handle: (context) =>
      read(() => {
        const rows = context.tenant.seen().roleAssignments.map((row) => ({
          ...row,
          roleAssignmentOriginId: row.id,
          assignmentType: 'Assigned',
          memberType: 'Direct',
          endDateTime: null,
        }));
        return collection(context, rows, ACTIVE);
      }),
  },
  {
    method: 'GET',
    path: 'roleManagement/directory/roleEligibilitySchedules',
    // learn.microsoft.com/graph/api/rbacapplication-list-roleeligibilityschedules
    permissions: READ_ELIGIBLE,
    ...GOVERNED,
    handle: (context) =>
      read(() => {
        const rows = context.tenant.seen().eligibilities.map(({ startDateTime, endDateTime, ...row }) => ({
          ...row,
          status: 'Provisioned',
          scheduleInfo: {
            startDateTime,
            expiration:
              endDateTime === null
                ? { type: 'noExpiration' as const, endDateTime, duration: null }
                : { type: 'afterDateTime' as const, endDateTime, duration: null },
          },
          ...(context.request.query.get('$expand') === 'roleDefinition'
            ? { roleDefinition: definitionOf(row.roleDefinitionId) }
            : {}),
        }));
        return collection(context, rows, SCHEDULES);
      }),
  },
  {
    method: 'GET',
    path: 'roleManagement/directory/roleEligibilityScheduleInstances',
    permissions: READ_ELIGIBLE,
    ...GOVERNED,
    handle: (context) =>
      read(() => {
        const expand = context.request.query.get('$expand') === 'roleDefinition';
        const begun = context.tenant.seen().eligibilities.filter((row) => hasBegun(row, context));
        const rows = begun.map((row) => ({
          ...row,
          ...(expand ? { roleDefinition: definitionOf(row.roleDefinitionId) } : {}),
        }));
        return collection(context, rows, ELIGIBILITIES);
      }),
  },
  {
    method: 'POST',
    path: 'roleManagement/directory/roleEligibilityScheduleRequests',
    permissions: ['RoleEligibilitySchedule.ReadWrite.Directory', 'RoleManagement.ReadWrite.Directory'],
    ...GOVERNED,
    handle: request,
  },
];

export const ROLE_ROUTES: readonly Route[] = [...ASSIGNMENT_ROUTES, ...ELIGIBILITY_ROUTES];

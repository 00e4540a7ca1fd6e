import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonOf } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import { noContent, read, refused, withSeenUser, withUser, write, type Route } from './route.js';

const CONSENTS: Shape<EntraId.Graph.OAuth2PermissionGrant> = { context: 'oauth2PermissionGrants' };
const ASSIGNMENTS: Shape<EntraId.Graph.AppRoleAssignment> = { context: 'appRoleAssignments' };
const APPLICATIONS: Shape<EntraId.Graph.ServicePrincipal> = { context: 'servicePrincipals' };

const READ = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const consentBody = z.strictObject({
  clientId: z.string(),
  consentType: z.literal('Principal'),
  principalId: z.string(),
  resourceId: z.string(),
  scope: z.string(),
});
const assignmentBody = z.strictObject({ principalId: z.string(), resourceId: z.string(), appRoleId: z.string() });

/** Real ids are made of the ids inside, so the same consent has the same id again. */
export const consentId = (clientId: string, resourceId: string, principalId: string): string =>
  Buffer.from([clientId, resourceId, principalId].map((id) => id.replaceAll('-', '')).join(''), 'hex').toString(
    'base64url',
  );

export const newRowId = (): string => randomBytes(32).toString('base64url');

const CONSENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'users/:id/oauth2PermissionGrants',
    permissions: [...READ, 'DelegatedPermissionGrant.ReadWrite.All'],
    handle: (context) =>
      withSeenUser(context, ({ id }) =>
        read(() => {
          const rows = context.tenant.seen().consents.filter(({ principalId }) => principalId === id);
          return collection(context, rows, CONSENTS);
        }),
      ),
  },
  {
    method: 'POST',
    path: 'oauth2PermissionGrants',
    permissions: ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'],
    handle(context) {
      const { tenant, errors } = context;
      const parsed = consentBody.safeParse(jsonOf(context.request.body));
      if (!parsed.success) return refused(errors.badRequest('Invalid value specified for a property.'));
      const user = tenant.user(parsed.data.principalId);
      if (user === undefined) return refused(errors.missing(parsed.data.principalId));
      const { clientId, resourceId, principalId } = parsed.data;
      const row = { id: consentId(clientId, resourceId, principalId), ...parsed.data };
      if (tenant.present().consents.some(({ id }) => id === row.id))
        return refused(
          errors.error(409, 'Request_MultipleObjectsWithSameKeyValue', 'Permission entry already exists.'),
        );
      return write(context, user.userPrincipalName, () => {
        tenant.present().consents.push(row);
        return entity(context, row, CONSENTS, 201);
      });
    },
  },
  {
    method: 'DELETE',
    path: 'oauth2PermissionGrants/:grant',
    permissions: ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'],
    handle(context) {
      const { consents } = context.tenant.present();
      const row = consents.find(({ id }) => id === context.param('grant'));
      if (row === undefined) return refused(context.errors.missing(context.param('grant')));
      const email = context.tenant.user(row.principalId ?? '')?.userPrincipalName ?? '';
      return write(context, email, () => {
        consents.splice(consents.indexOf(row), 1);
        return noContent;
      });
    },
  },
];

const ASSIGNMENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'users/:id/appRoleAssignments',
    permissions: [...READ, 'AppRoleAssignment.ReadWrite.All'],
    handle: (context) =>
      withSeenUser(context, (user) =>
        read(() => {
          const { assignments, applications, groups } = context.tenant.seen();
          const mine = new Set([
            user.id,
            ...groups.filter(({ members }) => members.includes(user.id)).map(({ id }) => id),
          ]);
          const rows = assignments
            .filter(({ principalId }) => mine.has(principalId))
            .map((row) => ({
              ...row,
              deletedDateTime: null,
              principalDisplayName: row.principalId === user.id ? user.displayName : 'a group',
              principalType: row.principalId === user.id ? 'User' : 'Group',
              resourceDisplayName: applications.find(({ id }) => id === row.resourceId)?.displayName ?? null,
            }));
          return collection(context, rows, ASSIGNMENTS);
        }),
      ),
  },
  {
    method: 'POST',
    path: 'users/:id/appRoleAssignments',
    permissions: ['AppRoleAssignment.ReadWrite.All'],
    handle: (context) =>
      withUser(context, (user) => {
        const { tenant, errors } = context;
        const parsed = assignmentBody.safeParse(jsonOf(context.request.body));
        if (!parsed.success || parsed.data.principalId !== user.id)
          return refused(errors.badRequest('Invalid value specified for a property.'));
        const { assignments } = tenant.present();
        const { resourceId, appRoleId } = parsed.data;
        const there = (row: (typeof assignments)[number]): boolean =>
          row.principalId === user.id && row.resourceId === resourceId && row.appRoleId === appRoleId;
        if (assignments.some(there))
          return refused(errors.badRequest('Permission being assigned already exists on the object'));
        return write(context, user.userPrincipalName, () => {
          const row = { id: newRowId(), createdDateTime: tenant.now().toISOString(), ...parsed.data };
          assignments.push(row);
          return entity(context, row, ASSIGNMENTS, 201);
        });
      }),
  },
  {
    method: 'DELETE',
    path: 'users/:id/appRoleAssignments/:assignment',
    permissions: ['AppRoleAssignment.ReadWrite.All'],
    handle: (context) =>
      withUser(context, (user) => {
        const { assignments } = context.tenant.present();
        const wanted = context.param('assignment');
        const row = assignments.find(({ id, principalId }) => id === wanted && principalId === user.id);
        if (row === undefined) return refused(context.errors.missing(wanted));
        return write(context, user.userPrincipalName, () => {
          assignments.splice(assignments.indexOf(row), 1);
          return noContent;
        });
      }),
  },
  {
    method: 'GET',
    path: 'servicePrincipals/:app',
    permissions: ['Application.Read.All', 'Application.ReadWrite.All', ...READ],
    handle(context) {
      const found = context.tenant.seen().applications.find(({ id }) => id === context.param('app'));
      if (found === undefined) return refused(context.errors.missing(context.param('app')));
      return read(() => entity(context, found, APPLICATIONS));
    },
  },
];

export const GRANT_ROUTES: readonly Route[] = [...CONSENT_ROUTES, ...ASSIGNMENT_ROUTES];

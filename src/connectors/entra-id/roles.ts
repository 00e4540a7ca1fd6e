import type { Bodies } from './bodies.js';
import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { ALREADY, native, lasting, type Action, type Answer, type Reading, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { everyItemAction, type Listed } from '../kit/items.js';
import { unread } from './api.js';
import { inEntra } from './clicks.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { ACCESS_TOKENS } from './residual.js';
import { words } from './user.js';

const ASSIGNMENTS = '/v1.0/roleManagement/directory/roleAssignments';

export const assignment = z
  .object({
    id: z.string().min(1),
    roleDefinitionId: z.string().min(1),
    /** `/` is the whole tenant; `null`: not told. */
    directoryScopeId: words,
    roleDefinition: z.object({ displayName: words }).nullish().catch(null),
  })
  .transform(({ id, roleDefinitionId, directoryScopeId: scope, roleDefinition }) => ({
    id,
    scope,
    name: roleDefinition?.displayName ?? roleDefinitionId,
    /** A role and its scope: the id of an assignment changes when it is restored. */
    key: `${roleDefinitionId}@${scope ?? ''}`,
  }));
export type RoleAssignment = z.output<typeof assignment>;

/** The administrator roles that the account has itself, not through a group. */
export function readRoleAssignments({ api }: Reader, { account, call }: Target): Answer<Listed<RoleAssignment>> {
  const filter = encodeURIComponent(`principalId eq ${quoted(account.accountId)}`);
  const path = `${ASSIGNMENTS}?$filter=${filter}&$expand=roleDefinition`;
  const found = api.whole(assignment, 'administrator roles', { path, needs: [PERMISSION.readRoles], call });
  return mapped(found, ({ items, complete }) => ({
    items,
    complete: complete && items.every(({ scope }) => scope !== null),
  }));
}

/** The administrator roles that the account has itself; restored by an undo. */
export function removeAdminRoles(reader: Reader): Action<'remove_admin_roles', Reading> {
  const { api } = reader;
  const needs = [PERMISSION.roles];
  return everyItemAction<'remove_admin_roles', Reading, RoleAssignment>(
    {
      words: {
        nothingLeft: 'The account holds no administrator role of its own.',
        unread: unread('administrator roles'),
      },
      list: (target) => readRoleAssignments(reader, target),
      id: ({ key }) => key,
      title: ({ name }) => name,
      change: ({ id }, { call }) =>
        api.change({ method: 'DELETE', path: `${ASSIGNMENTS}/${encodeURIComponent(id)}`, needs, call }),
      undo: {
        // Without its scope it would be given back for the whole tenant.
        fact: ({ name, scope }) => (scope === null ? null : name),
        async putBack({ id }, present, { account, call }) {
          if (present !== undefined) return ok(ALREADY);
          const [roleDefinitionId = '', ...scope] = id.split('@');
          const json: Bodies['roleAssignment'] = {
            '@odata.type': '#microsoft.graph.unifiedRoleAssignment',
            principalId: account.accountId,
            roleDefinitionId,
            directoryScopeId: scope.join('@'),
          };
          const isAlready = (kind: string) => kind === 'conflict';
          return api.change({ method: 'POST', path: ASSIGNMENTS, json, needs, call, isAlready });
        },
      },
    },
    {
      can: native(PERMISSION.readUsers, PERMISSION.roles),
      residual: [
        lasting('Roles through groups and roles that the account may still activate in Privileged Identity Management'),
        ACCESS_TOKENS,
      ],
      clicks: (_command, { login }) =>
        inEntra(
          'Look for roles through groups and eligible roles',
          `Open Users | All users | ${login} | Assigned roles and look through Active and Eligible assignments`,
          'Remove eligible assignments there; for a role through a group take the person out of the group',
        ),
    },
  );
}

import { z } from 'zod';
import { canonicalJson } from '../../platform/canonical.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import type { Pages } from '../http/pages.js';
import {
  cannotTell,
  doesNotHold,
  holds,
  native,
  unsupported,
  type Answer,
  type Target,
  type Verdict,
} from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { inTurn } from '../kit/in-turn.js';
import type { Listed } from '../kit/items.js';
import { undoOfList } from '../kit/undo-list.js';
import type { ApiChange } from './api.js';
import { inConsole, openUser } from './clicks.js';
import { isDuplicate, isGone } from './errors.js';
import { SCOPE, type Scope } from './scopes.js';
import { savedJson } from './shapes.js';
import { notAllShown, type Tools } from './tools.js';
import type { GoogleAction } from './user.js';

const id = z.union([z.string().min(1), z.number().int()]).transform(String);

/** `null`: it cannot be read, so the role cannot be given back within its limits. */
const limit = z.string().min(1).nullable().optional().catch(null);

export const assignment = z.object({
  roleAssignmentId: id,
  roleId: id,
  assigneeType: z.string().catch('user').default('user'),
  scopeType: z.string().min(1).nullable().catch(null),
  orgUnitId: limit,
  condition: limit,
});
type RoleAssignment = z.output<typeof assignment>;

export const role = z.object({ roleId: id, roleName: z.string().min(1) });

/** What of an assignment is restored; the assignment's own id is new then. */
const kept = z.strictObject({
  roleId: z.string(),
  scopeType: z.string(),
  orgUnitId: z.string().optional(),
  condition: z.string().optional(),
});

const MOST_PAGES = 10;
const base = ({ settings }: Tools): string =>
  `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}`;

/**
 * Reading is enough when Notme acts as a delegated administrator; the wider scope is requested only where it is granted
 * anyway.
 */
const readScope = ({ settings }: Tools): Scope => (settings.super_admin ? SCOPE.writeRoles : SCOPE.readRoles);

/** The roles that the account has itself, and those that it has through groups (`assigneeType` `group`). */
export function readAssignments(tools: Tools, { account, call }: Target): Answer<Pages<RoleAssignment>> {
  const query = { userKey: account.accountId, includeIndirectRoleAssignments: 'true', maxResults: '200' };
  const path = `${base(tools)}/roleassignments`;
  const request = { path, query, scope: readScope(tools), what: 'the administrator roles', call };
  return tools.api.list(request, { key: 'items', item: assignment, mostPages: MOST_PAGES });
}

/** Role names by id. */
export function readRoleNames(tools: Tools, call: CallContext): Answer<ReadonlyMap<string, string>> {
  const query = { maxResults: '100' };
  const what = 'the names of the administrator roles';
  const request = { path: `${base(tools)}/roles`, query, scope: readScope(tools), what, call };
  return mapped(
    tools.api.list(request, { key: 'items', item: role, mostPages: MOST_PAGES }),
    ({ items }) => new Map(items.map(({ roleId, roleName }) => [roleId, roleName])),
  );
}

export const isOwn = ({ assigneeType }: RoleAssignment): boolean => assigneeType.toLowerCase() !== 'group';

function textOf({ roleId, scopeType, orgUnitId, condition }: RoleAssignment): string {
  return canonicalJson({
    roleId,
    scopeType,
    ...(orgUnitId === undefined ? {} : { orgUnitId }),
    ...(condition === undefined ? {} : { condition }),
  });
}

const readOwn = (tools: Tools, target: Target): Answer<Listed<RoleAssignment>> =>
  mapped(readAssignments(tools, target), ({ items, complete }) => ({ items: items.filter(isOwn), complete }));

const isLimitsRead = ({ scopeType, orgUnitId, condition }: RoleAssignment): boolean =>
  scopeType !== null && orgUnitId !== null && condition !== null;

function judge({ items, complete }: Pages<RoleAssignment>): Verdict {
  const own = items.filter(isOwn).length;
  if (own > 0) return doesNotHold(`The account has ${own} administrator roles of its own.`);
  if (items.length > 0)
    return doesNotHold(
      `The account has no role of its own any more, but ${items.length} through groups; take it out of those groups.`,
    );
  return complete ? holds('The account has no administrator role.') : cannotTell(notAllShown('administrator roles'));
}

/** Removes every role from the account. Only a super administrator may. */
export function removeAdminRoles(tools: Tools): GoogleAction<'remove_admin_roles'> {
  const path = `${base(tools)}/roleassignments`;
  const change = (
    { account, call }: Target,
    request: Pick<ApiChange, 'method' | 'path' | 'json'>,
    isDone: typeof isDuplicate,
  ): Answer<Receipt> =>
    tools.api.change({ ...request, scope: SCOPE.writeRoles, what: `a role of ${account.login}`, call }, isDone);
  const take = (target: Target, { roleAssignmentId }: RoleAssignment): Answer<Receipt> =>
    change(target, { method: 'DELETE', path: `${path}/${encodeURIComponent(roleAssignmentId)}` }, isGone);
  return {
    can: native(SCOPE.readUsers, SCOPE.writeRoles),
    perform: (task) =>
      andThen(readOwn(tools, task), ({ items, complete }) =>
        items.length === 0 && !complete
          ? unsupported(notAllShown('administrator roles'))
          : inTurn(items.map((one) => () => take(task, one))),
      ),
    judge: (task) => mapped(readAssignments(tools, task), judge),
    undo: undoOfList('roles', savedJson.pipe(kept), {
      list: (task) =>
        mapped(readOwn(tools, task), ({ items, complete }) =>
          complete && items.every(isLimitsRead) ? items.map(textOf) : null,
        ),
      give: (role, target) =>
        change(target, { method: 'POST', path, json: { assignedTo: target.account.accountId, ...role } }, isDuplicate),
    }),
    clicks: (_command, { login }) =>
      inConsole(
        'Look for roles through groups',
        openUser(login),
        'Click Groups, and take the account out of groups that carry an administrator role',
      ),
  };
}

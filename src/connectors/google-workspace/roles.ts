import { z } from 'zod';
import { canonicalJson } from '../../canonical.js';
import { err, ok } from '../../result.js';
import type { AccountRef, CallContext, Facts } from '../port.js';
import {
  doesNotHold,
  each,
  holds,
  NOTHING_TO_DO,
  type Answer,
  type Handler,
  type Task,
  type Tools,
} from './handler.js';
import { readList } from './pages.js';
import { savedJson, unreadableFacts } from './saved-json.js';
import { SCOPE, type Scope } from './scopes.js';

const id = z.union([z.string().min(1), z.number().int()]).transform(String);

const assignment = z.object({
  roleAssignmentId: id,
  roleId: id,
  assignedTo: id.optional(),
  assigneeType: z.string().catch('user').default('user'),
  scopeType: z.string().catch('CUSTOMER').default('CUSTOMER'),
  orgUnitId: z.string().optional().catch(undefined),
  condition: z.string().optional().catch(undefined),
});
export type RoleAssignment = z.output<typeof assignment>;

const role = z.object({ roleId: id, roleName: z.string().catch('') });

/** What of an assignment is given again; the assignment's own id is new then. */
const kept = z.strictObject({
  roleId: z.string(),
  scopeType: z.string(),
  orgUnitId: z.string().optional(),
  condition: z.string().optional(),
});

const MAX_PAGES = 10;
const base = ({ settings }: Tools): string =>
  `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}`;

/** Reading is enough for a delegated administrator's Notme; the wider scope is asked for only where it is granted anyway. */
const readScope = ({ settings }: Tools): Scope => (settings.super_admin ? SCOPE.writeRoles : SCOPE.readRoles);

/** The roles that the account has itself, and those that it has through groups (`assigneeType` `group`). */
export async function readAssignments(
  tools: Tools,
  account: AccountRef,
  call: CallContext,
): Answer<readonly RoleAssignment[]> {
  const query = { userKey: account.accountId, includeIndirectRoleAssignments: 'true', maxResults: '200' };
  const request = {
    path: `${base(tools)}/roleassignments`,
    query,
    scope: readScope(tools),
    what: 'the administrator roles',
    call,
  };
  const found = await readList(tools.api, request, { key: 'items', item: assignment, maxPages: MAX_PAGES });
  return found.ok ? ok(found.value.items) : found;
}

/** Role names by id. */
export async function readRoleNames(tools: Tools, call: CallContext): Answer<ReadonlyMap<string, string>> {
  const request = {
    path: `${base(tools)}/roles`,
    query: { maxResults: '100' },
    scope: readScope(tools),
    what: 'the names of the administrator roles',
    call,
  };
  const found = await readList(tools.api, request, { key: 'items', item: role, maxPages: MAX_PAGES });
  return found.ok ? ok(new Map(found.value.items.map(({ roleId, roleName }) => [roleId, roleName]))) : found;
}

const isOwn = ({ assigneeType }: RoleAssignment): boolean => assigneeType.toLowerCase() !== 'group';

function textOf({ roleId, scopeType, orgUnitId, condition }: RoleAssignment): string {
  return canonicalJson({
    roleId,
    scopeType,
    ...(orgUnitId === undefined ? {} : { orgUnitId }),
    ...(condition === undefined ? {} : { condition }),
  });
}

async function capture(tools: Tools, { account, call }: Task): Answer<Facts & { roles: readonly string[] }> {
  const found = await readAssignments(tools, account, call);
  return found.ok ? ok({ roles: found.value.filter(isOwn).map(textOf).sort() }) : found;
}

/** Takes every role from the account. Only a super administrator may. */
export function removeAdminRoles(tools: Tools): Handler {
  const { api } = tools;
  const path = `${base(tools)}/roleassignments`;
  return {
    capability: {
      route: 'native',
      undo: 'restore',
      effectiveWithinSeconds: 0,
      permissions: [SCOPE.readUsers, SCOPE.writeRoles],
    },
    survives: [],
    async perform({ account, call }) {
      const found = await readAssignments(tools, account, call);
      if (!found.ok) return found;
      return each(found.value.filter(isOwn), async ({ roleAssignmentId }) => {
        const what = `a role of ${account.login}`;
        const answer = await api.send({
          method: 'DELETE',
          path: `${path}/${encodeURIComponent(roleAssignmentId)}`,
          scope: SCOPE.writeRoles,
          what,
          call,
        });
        if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
        return answer.error.failure.kind === 'not_found' ? ok(NOTHING_TO_DO) : err(answer.error.failure);
      });
    },
    async judge({ account, call }) {
      const found = await readAssignments(tools, account, call);
      if (!found.ok) return found;
      const own = found.value.filter(isOwn).length;
      if (own > 0) return ok(doesNotHold(`The account has ${own} administrator roles of its own.`));
      const others = found.value.length;
      return ok(
        others === 0
          ? holds('The account has no administrator role.')
          : doesNotHold(
              `The account has no role of its own any more, but ${others} through groups; take it out of those groups.`,
            ),
      );
    },
    capture: (task) => capture(tools, task),
    async restore(task, before) {
      const now = await capture(tools, task);
      if (!now.ok) return now;
      const saved = z.array(z.string()).safeParse(before['roles']);
      if (!saved.success) return unreadableFacts('administrator roles');
      const missing = saved.data.filter((text) => !now.value.roles.includes(text));
      return each(missing, async (text) => {
        const wanted = savedJson.pipe(kept).safeParse(text);
        if (!wanted.success) return unreadableFacts('administrator roles');
        const json = { assignedTo: task.account.accountId, ...wanted.data };
        const answer = await api.send({
          method: 'POST',
          path,
          json,
          scope: SCOPE.writeRoles,
          what: `giving ${task.account.login} a role back`,
          call: task.call,
        });
        if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
        return answer.error.reasons.includes('duplicate') ? ok(NOTHING_TO_DO) : err(answer.error.failure);
      });
    },
  };
}

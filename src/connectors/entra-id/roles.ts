import type { Bodies } from './bodies.js';
import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import {
  ALREADY,
  failure,
  native,
  lasting,
  refuse,
  type Action,
  type Answer,
  type Reading,
  type Target,
} from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { everyItemAction, type Listed } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import { unread } from './api.js';
import { inEntra } from './clicks.js';
import {
  eligibilityFact,
  isEligibility,
  putBackEligibility,
  readEligibilities,
  removeEligibility,
  type Eligibility,
} from './eligible-roles.js';
import { PERMISSION } from './permissions.js';
import { isForAWhile, readTerms, termFact, termOf, type Term } from './role-terms.js';
import { quoted, type Reader } from './reader.js';
import { ACCESS_TOKENS, OWNED_APPLICATIONS } from './residual.js';
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
    how: 'active' as const,
    id,
    scope,
    name: roleDefinition?.displayName ?? roleDefinitionId,
    /** A role and its scope: the id of an assignment changes when it is restored. */
    key: `${roleDefinitionId}@${scope ?? ''}`,
  }));
type RoleAssignment = z.output<typeof assignment>;
type Active = RoleAssignment & { readonly term: Term };
export type HeldRole = Active | Eligibility;

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

/** Those that it has, and those that it may activate; where the latter may not be read, the others are told. */
export async function readHeldRoles(reader: Reader, target: Target): Answer<Listed<HeldRole>> {
  const [found, eligible, terms] = await Promise.all([
    readRoleAssignments(reader, target),
    readEligibilities(reader, target),
    readTerms(reader, target),
  ]);
  if (!found.ok) return found;
  if (!terms.ok) return terms;
  const active = {
    ...found.value,
    items: found.value.items.map((role) => ({ ...role, term: termOf(role, terms.value) })),
  };
  if (!eligible.ok && ifShown(eligible).ok)
    return ok({ items: active.items, complete: false, because: notRead(eligible.error) });
  if (!eligible.ok) return eligible;
  return ok({
    items: [...active.items, ...eligible.value.items],
    complete: active.complete && eligible.value.complete,
  });
}

const notRead = ({ kind, message }: ConnectorFailure): ConnectorFailure =>
  kind === 'permission'
    ? { kind, message: `Eligible roles cannot be read. ${message}`, missing: PERMISSION.readRoles }
    : failure('unsupported', `Eligible roles cannot be read: ${message}`);

/** The administrator roles that the account has itself, active and eligible; restored by an undo. */
export function removeAdminRoles(reader: Reader): Action<'remove_admin_roles', Reading> {
  const { api } = reader;
  const needs = [PERMISSION.roles];
  return everyItemAction<'remove_admin_roles', Reading, HeldRole>(
    {
      words: {
        nothingLeft: 'The account holds no administrator role of its own, and is eligible for none by itself.',
        unread: unread('administrator roles'),
      },
      list: (target) => readHeldRoles(reader, target),
      id: ({ key }) => key,
      title: ({ name }) => name,
      // One through a group is not the account's own, and is told as what stays.
      harmless: (role) => role.how === 'eligible' && role.inherited,
      change: (role, target) =>
        role.how === 'eligible'
          ? removeEligibility(reader, role, target)
          : api.change({
              method: 'DELETE',
              path: `${ASSIGNMENTS}/${encodeURIComponent(role.id)}`,
              needs,
              call: target.call,
            }),
      undo: {
        // Without its scope it would be given back for the whole tenant.
        fact(role) {
          if (role.how === 'eligible') return role.inherited ? null : eligibilityFact(role);
          return role.scope === null ? null : termFact(role);
        },
        async putBack(saved, present, target) {
          if (present !== undefined) return ok(ALREADY);
          if (isEligibility(saved)) return putBackEligibility(reader, saved, target);
          if (isForAWhile(saved))
            return refuse(
              'conflict',
              `${String(saved.fact)}: it is not given back, because it would be for good; let the person activate it, or an administrator assign it (Privileged Identity Management).`,
            );
          const { account, call } = target;
          const [roleDefinitionId = '', ...scope] = saved.id.split('@');
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
        lasting('Roles through groups, active or eligible: the evidence names those that are shown'),
        OWNED_APPLICATIONS,
        ACCESS_TOKENS,
      ],
      clicks: (_command, { login }) => [
        ...inEntra(
          'Look for roles through groups',
          `Open Users | All users | ${login} | Assigned roles and look through Active and Eligible assignments for those through a group`,
          'Take the person out of that group, or end its membership in Privileged Identity Management | Groups; remove eligible assignments of the person that are still there',
        ),
        ...inEntra(
          'Look for applications of the account',
          `Open App registrations | All applications, choose Add filters | Owner if it is offered, else look through those that were changed since the report, and open each of which ${login} is an owner`,
          'Under Certificates & secrets delete what was added since the report and nobody knows, and under Owners take the person out',
          `Open Enterprise applications, and look there for the same under Owners; Audit logs, filtered by ${login} and the service Core Directory, show "Update application - Certificates and secrets management" and "Add owner to application"`,
        ),
      ],
    },
  );
}

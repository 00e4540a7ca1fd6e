import { err } from '../../result.js';
import type { ItemKind } from './items.js';
import { PERMISSION } from './permissions.js';
import { already, done, type Reader } from './reader.js';
import { readRoleAssignments, type RoleAssignment } from './role-assignments.js';

const ASSIGNMENTS = '/v1.0/roleManagement/directory/roleAssignments';

/** A role and where it holds: the id of an assignment changes when it is made again. */
export const roleKey = ({ roleDefinitionId, scope }: RoleAssignment): string => `${roleDefinitionId}@${scope}`;

/** The administrator roles that the account holds itself; made again by an undo. */
export function roleItems(reader: Reader): ItemKind<RoleAssignment> {
  const { api } = reader;
  return {
    words: { many: 'administrator roles', nothingLeft: 'The account holds no administrator role of its own.' },
    list: (target) => readRoleAssignments(reader, target),
    id: roleKey,
    title: ({ name }) => name,
    fact: ({ name }) => name,
    harmless: () => false,
    async change({ id }, { call }) {
      const path = `${ASSIGNMENTS}/${encodeURIComponent(id)}`;
      const answer = await api.send({ method: 'DELETE', path, needs: [PERMISSION.roles], call });
      return answer.ok ? done(answer.value.requestId) : err(answer.error);
    },
    async putBack({ id }, present, { account, call }) {
      if (present !== undefined) return already;
      const [roleDefinitionId = '', ...scope] = id.split('@');
      const json = {
        '@odata.type': '#microsoft.graph.unifiedRoleAssignment',
        principalId: account.accountId,
        roleDefinitionId,
        directoryScopeId: scope.join('@'),
      };
      const answer = await api.send({ method: 'POST', path: ASSIGNMENTS, json, needs: [PERMISSION.roles], call });
      if (answer.ok) return done(answer.value.requestId);
      return answer.error.kind === 'conflict' ? already : err(answer.error);
    },
  };
}

import type { Role, RoleList, RoleLists } from '../../ports/roles.js';
import type { FileRole } from './file-schema.js';
import type { ConfigProblem } from './problem.js';
import type { Sources } from './sources.js';

const OLD = 'workspace.approvers';
const NEW = 'workspace.roles.approver';

/** Who is in which role. The old key named approvers alone and goes on being read: nobody loses a right by an update. */
export function roles({ file, problems }: Sources): { roles: RoleLists; warnings: readonly ConfigProblem[] } {
  const { approvers: old, roles: given = {} } = file.workspace ?? {};
  if (old !== undefined && given.approver !== undefined)
    problems.push({ key: OLD, problem: `${OLD} stands beside ${NEW}, which replaces it.`, fix: `Remove ${OLD}.` });
  const listOf = (role: Role): RoleList => read(given[role] ?? (role === 'approver' ? old : undefined));
  const all = {
    responder: listOf('responder'),
    approver: listOf('approver'),
    administrator: listOf('administrator'),
    auditor: listOf('auditor'),
  };
  const warnings = old === undefined ? [] : [{ key: OLD, problem: `${OLD} is an old name.`, fix: `Write ${NEW}.` }];
  return { roles: all, warnings };
}

const read = (given: FileRole): RoleList => ({ userGroups: given?.user_groups ?? [], users: given?.users ?? [] });

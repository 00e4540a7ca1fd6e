import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader, type Target } from './reader.js';

const row = z.object({
  id: z.string().min(1),
  roleDefinitionId: z.string().min(1),
  directoryScopeId: z.string().catch('/'),
  roleDefinition: z
    .object({ displayName: z.string().nullable().catch(null) })
    .nullish()
    .catch(null),
});

export interface RoleAssignment {
  readonly id: string;
  readonly roleDefinitionId: string;
  /** `/` is the whole tenant. */
  readonly scope: string;
  readonly name: string;
}

/** The administrator roles that the account holds itself, not through a group. */
export async function readRoleAssignments(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<readonly RoleAssignment[], ConnectorFailure>> {
  const filter = encodeURIComponent(`principalId eq ${quoted(account.accountId)}`);
  const path = `/v1.0/roleManagement/directory/roleAssignments?$filter=${filter}&$expand=roleDefinition`;
  const found = await api.list(path, [PERMISSION.readRoles], call);
  if (!found.ok) return err(found.error);
  return ok(
    found.value.rows.flatMap((raw) => {
      const parsed = row.safeParse(raw);
      if (!parsed.success) return [];
      const { id, roleDefinitionId, directoryScopeId: scope, roleDefinition } = parsed.data;
      return [{ id, roleDefinitionId, scope, name: roleDefinition?.displayName ?? roleDefinitionId }];
    }),
  );
}

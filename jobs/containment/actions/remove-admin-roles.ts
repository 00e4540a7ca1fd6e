import type { ContainmentAction } from '../action.js';

/** Roles are recorded, taken away, and can be put back. */
export const removeAdminRoles: ContainmentAction<'remove_admin_roles'> = {
  kind: 'remove_admin_roles',
  title: 'action.remove_admin_roles',
  does: 'action.remove_admin_roles.does',
  undo: 'undo.remove_admin_roles',
  risk: 'high',
  needs: null,
  runbook: [17],
  command: () => ({ kind: 'remove_admin_roles' }),
};

import type { ContainmentAction } from '../action.js';

/** Printed or copied codes pass 2-step without any device. */
export const invalidateBackupCodes: ContainmentAction<'invalidate_backup_codes'> = {
  kind: 'invalidate_backup_codes',
  title: 'action.invalidate_backup_codes',
  does: 'action.invalidate_backup_codes.does',
  undo: 'undo.invalidate_backup_codes',
  risk: 'medium',
  needs: null,
  runbook: [11],
  command: () => ({ kind: 'invalidate_backup_codes' }),
};

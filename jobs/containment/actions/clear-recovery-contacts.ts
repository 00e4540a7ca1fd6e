import type { ContainmentAction } from '../action.js';

/** A recovery address or phone of the attacker takes the account back after any reset. */
export const clearRecoveryContacts: ContainmentAction<'clear_recovery_contacts'> = {
  kind: 'clear_recovery_contacts',
  title: 'action.clear_recovery_contacts',
  does: 'action.clear_recovery_contacts.does',
  undo: 'undo.clear_recovery_contacts',
  risk: 'high',
  needs: null,
  runbook: [11],
  command: () => ({ kind: 'clear_recovery_contacts' }),
};

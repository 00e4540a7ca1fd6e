import type { ContainmentAction } from '../action.js';

/** App passwords go around 2-step and survive a reset in most systems. */
export const deleteAppPasswords: ContainmentAction<'delete_app_passwords'> = {
  kind: 'delete_app_passwords',
  title: 'action.delete_app_passwords',
  does: 'action.delete_app_passwords.does',
  undo: 'undo.delete_app_passwords',
  risk: 'high',
  needs: 'items',
  runbook: [13],
  command: ({ items }) => ({ kind: 'delete_app_passwords', items }),
};

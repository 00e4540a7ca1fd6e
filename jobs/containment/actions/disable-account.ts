import type { ContainmentAction } from '../action.js';

/** Nobody signs in until somebody has spoken to the person. */
export const disableAccount: ContainmentAction<'disable_account'> = {
  kind: 'disable_account',
  title: 'action.disable_account',
  does: 'action.disable_account.does',
  undo: 'undo.disable_account',
  risk: 'high',
  needs: null,
  runbook: [9],
  command: () => ({ kind: 'disable_account' }),
};

import type { ContainmentAction } from '../action.js';

/** Lets the person back in: the end of the recovery. */
export const enableAccount: ContainmentAction<'enable_account'> = {
  kind: 'enable_account',
  title: 'action.enable_account',
  does: 'action.enable_account.does',
  undo: 'undo.enable_account',
  risk: 'high',
  needs: null,
  runbook: [25],
  command: () => ({ kind: 'enable_account' }),
};

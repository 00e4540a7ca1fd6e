import type { ContainmentAction } from '../action.js';

/** The account may sign in again; the undo of disabling. */
export const enableAccount: ContainmentAction<'enable_account'> = {
  kind: 'enable_account',
  title: 'action.enable_account',
  does: 'action.enable_account.does',
  undo: 'undo.enable_account',
  risk: 'high',
  needsPassword: false,
  needsRanges: false,
  command: () => ({ kind: 'enable_account' }),
};

import type { ContainmentAction } from '../action.js';

/** The account can no longer sign in. */
export const disableAccount: ContainmentAction<'disable_account'> = {
  kind: 'disable_account',
  title: 'action.disable_account',
  does: 'action.disable_account.does',
  undo: 'undo.disable_account',
  risk: 'high',
  needsPassword: false,
  needsRanges: false,
  command: () => ({ kind: 'disable_account' }),
};

import type { ContainmentAction } from '../action.js';

/** A new random password that must be changed: never only the "must change" flag, which the attacker could satisfy. */
export const resetPassword: ContainmentAction<'reset_password'> = {
  kind: 'reset_password',
  title: 'action.reset_password',
  does: 'action.reset_password.does',
  undo: 'undo.reset_password',
  risk: 'high',
  needs: 'password',
  runbook: [5, 6, 7],
  command: ({ password }) => {
    if (!password) throw new Error('a password reset needs its sealed password');
    return { kind: 'reset_password', password };
  },
};

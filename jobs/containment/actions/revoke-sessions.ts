import type { ContainmentAction } from '../action.js';

/** Ends sessions and refresh tokens as far as the system lets us. */
export const revokeSessions: ContainmentAction<'revoke_sessions'> = {
  kind: 'revoke_sessions',
  title: 'action.revoke_sessions',
  does: 'action.revoke_sessions.does',
  undo: 'undo.revoke_sessions',
  risk: 'medium',
  needsPassword: false,
  needsRanges: false,
  command: () => ({ kind: 'revoke_sessions' }),
};

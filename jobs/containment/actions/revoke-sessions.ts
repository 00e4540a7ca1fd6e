import type { ContainmentAction } from '../action.js';

/** Ends every session that the system lets us end; a reset alone leaves refresh tokens alive. */
export const revokeSessions: ContainmentAction<'revoke_sessions'> = {
  kind: 'revoke_sessions',
  title: 'action.revoke_sessions',
  does: 'action.revoke_sessions.does',
  undo: 'undo.revoke_sessions',
  risk: 'high',
  needs: null,
  runbook: [8],
  command: () => ({ kind: 'revoke_sessions' }),
};

import type { ContainmentAction } from '../action.js';

/** Consents and tokens that were given to applications survive a reset. */
export const revokeGrants: ContainmentAction<'revoke_grants'> = {
  kind: 'revoke_grants',
  title: 'action.revoke_grants',
  does: 'action.revoke_grants.does',
  undo: 'undo.revoke_grants',
  risk: 'high',
  needs: 'items',
  runbook: [14],
  command: ({ items }) => ({ kind: 'revoke_grants', items }),
};

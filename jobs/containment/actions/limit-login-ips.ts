import type { ContainmentAction } from '../action.js';

/** Sign-ins only from permitted ranges. */
export const limitLoginIps: ContainmentAction<'limit_login_ips'> = {
  kind: 'limit_login_ips',
  title: 'action.limit_login_ips',
  does: 'action.limit_login_ips.does',
  undo: 'undo.limit_login_ips',
  risk: 'high',
  needs: 'ranges',
  runbook: [18],
  command: ({ ranges }) => ({ kind: 'limit_login_ips', ranges }),
};

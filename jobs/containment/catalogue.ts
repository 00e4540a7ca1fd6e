import type { ActionKind } from '../../src/connectors/port.js';
import type { ContainmentAction } from './action.js';
import { disableAccount } from './actions/disable-account.js';
import { enableAccount } from './actions/enable-account.js';
import { limitLoginIps } from './actions/limit-login-ips.js';
import { requireTwoStep } from './actions/require-two-step.js';
import { resetPassword } from './actions/reset-password.js';
import { revokeSessions } from './actions/revoke-sessions.js';

/** Every containment action. A new kind does not compile until its module stands here. */
export const catalogue = {
  reset_password: resetPassword,
  revoke_sessions: revokeSessions,
  disable_account: disableAccount,
  enable_account: enableAccount,
  require_two_step: requireTwoStep,
  limit_login_ips: limitLoginIps,
} as const satisfies { readonly [K in ActionKind]: ContainmentAction<K> };

/** What an approver may decide: one action in every linked system, or the whole plan. */
export type DecisionKind = ActionKind | 'lockdown';

export const DECISION_KINDS = [
  'reset_password',
  'revoke_sessions',
  'disable_account',
  'require_two_step',
  'limit_login_ips',
  'lockdown',
  'enable_account',
] as const satisfies readonly DecisionKind[];

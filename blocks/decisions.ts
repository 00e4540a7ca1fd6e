import type { ActionKind } from '../src/connectors/port.js';

/** What an approver may decide: one action in every linked system, or the whole plan. */
export type DecisionKind = ActionKind | 'lockdown';

export const DECISION_KINDS = [
  'lockdown',
  'reset_password',
  'revoke_sessions',
  'disable_account',
  'enable_account',
  'remove_factors',
  'invalidate_backup_codes',
  'clear_recovery_contacts',
  'require_two_step',
  'delete_app_passwords',
  'revoke_grants',
  'disable_mail_rules',
  'block_mail_protocols',
  'block_devices',
  'remove_admin_roles',
  'quarantine',
  'limit_login_ips',
  'block_address',
  'confirm_compromised',
] as const satisfies readonly DecisionKind[];

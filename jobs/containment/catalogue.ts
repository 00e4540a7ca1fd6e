import type { ActionKind } from '../../src/connectors/port.js';
import type { ContainmentAction } from './action.js';
import { blockAddress } from './actions/block-address.js';
import { blockDevices } from './actions/block-devices.js';
import { blockMailProtocols } from './actions/block-mail-protocols.js';
import { clearRecoveryContacts } from './actions/clear-recovery-contacts.js';
import { confirmCompromised } from './actions/confirm-compromised.js';
import { deleteAppPasswords } from './actions/delete-app-passwords.js';
import { disableAccount } from './actions/disable-account.js';
import { disableMailRules } from './actions/disable-mail-rules.js';
import { enableAccount } from './actions/enable-account.js';
import { invalidateBackupCodes } from './actions/invalidate-backup-codes.js';
import { limitLoginIps } from './actions/limit-login-ips.js';
import { quarantine } from './actions/quarantine.js';
import { removeAdminRoles } from './actions/remove-admin-roles.js';
import { removeFactors } from './actions/remove-factors.js';
import { requireTwoStep } from './actions/require-two-step.js';
import { resetPassword } from './actions/reset-password.js';
import { revokeGrants } from './actions/revoke-grants.js';
import { revokeSessions } from './actions/revoke-sessions.js';

/** Every containment action. A new kind does not compile until its module stands here. */
export const catalogue = {
  reset_password: resetPassword,
  revoke_sessions: revokeSessions,
  disable_account: disableAccount,
  enable_account: enableAccount,
  remove_factors: removeFactors,
  invalidate_backup_codes: invalidateBackupCodes,
  clear_recovery_contacts: clearRecoveryContacts,
  require_two_step: requireTwoStep,
  delete_app_passwords: deleteAppPasswords,
  revoke_grants: revokeGrants,
  disable_mail_rules: disableMailRules,
  block_mail_protocols: blockMailProtocols,
  block_devices: blockDevices,
  remove_admin_roles: removeAdminRoles,
  quarantine: quarantine,
  limit_login_ips: limitLoginIps,
  block_address: blockAddress,
  confirm_compromised: confirmCompromised,
} as const satisfies { readonly [K in ActionKind]: ContainmentAction<K> };

import { absent, type Actions } from '../kit/action.js';
import { removeAdminRoles } from './admin-roles.js';
import { blockDevices } from './devices.js';
import { revokeGrants } from './grants.js';
import { unlinkIdentityProviders } from './identity-providers.js';
import { resetPassword } from './password.js';
import { limitLoginIps, quarantine, requireTwoStep } from './prepared.js';
import { clearRecoveryContacts } from './recovery.js';
import { removeFactors } from './remove-factors.js';
import { confirmCompromised } from './risk.js';
import { revokeSessions } from './sessions.js';
import type { Parts, Reading } from './state.js';
import { disableAccount, enableAccount } from './suspension.js';
import { blockAddress } from './zone.js';

/** What can be done in Okta: by its calls, through prepared groups, or by a person. */
export function actionsOf(parts: Parts): Actions<Reading> {
  const nothing = absent<never, Reading>('Okta has no such thing; there is nothing to do here.');
  return {
    reset_password: resetPassword(parts),
    revoke_sessions: revokeSessions(parts),
    disable_account: disableAccount(parts),
    enable_account: enableAccount(parts),
    remove_factors: removeFactors(parts),
    unlink_identity_providers: unlinkIdentityProviders(parts),
    invalidate_backup_codes: nothing,
    clear_recovery_contacts: clearRecoveryContacts(parts),
    require_two_step: requireTwoStep(parts),
    delete_app_passwords: nothing,
    revoke_grants: revokeGrants(parts),
    disable_mail_rules: nothing,
    block_mail_protocols: nothing,
    block_devices: blockDevices(parts),
    remove_admin_roles: removeAdminRoles(parts),
    quarantine: quarantine(parts),
    limit_login_ips: limitLoginIps(parts),
    block_address: blockAddress(parts),
    confirm_compromised: confirmCompromised(parts),
  };
}

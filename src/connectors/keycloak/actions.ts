import { absent, lasting, manual, type Actions } from '../kit/action.js';
import { removeAdminRoles } from './admin-roles.js';
import { atProxy, onUser } from './console.js';
import { unlinkIdentityProviders } from './identity-providers.js';
import { invalidateBackupCodes, removeFactors, revokeGrants, revokeSessions } from './items.js';
import { resetPassword } from './password.js';
import { quarantine } from './quarantine.js';
import type { Parts, Reading } from './state.js';
import { requireTwoStep, switchTo } from './user-flags.js';

/** What can be done in Keycloak: by its calls, through the prepared group, or by a person. */
export function actionsOf(parts: Parts): Actions<Reading> {
  const { settings } = parts;
  const why = 'Keycloak has nothing of this kind, or no call for it; if it lists manual steps, a person does them.';
  const observed = "Keycloak's API does not show anything of this kind.";
  const nothing = absent<never, Reading>(why, observed);
  const accessTokens = lasting(
    'Access tokens that were already issued: applications that do not ask Keycloak take them until they run out',
    settings.access_token_lifespan_s,
  );
  const ownSessions = lasting('Sessions that applications keep by themselves and that have no back-channel logout');
  return {
    reset_password: resetPassword(parts),
    revoke_sessions: revokeSessions(parts, [accessTokens, ownSessions]),
    disable_account: switchTo(parts, false, [accessTokens, ownSessions]),
    enable_account: switchTo(parts, true, []),
    remove_factors: removeFactors(parts),
    unlink_identity_providers: unlinkIdentityProviders(parts),
    invalidate_backup_codes: invalidateBackupCodes(parts),
    clear_recovery_contacts: manual({
      why,
      observed,
      clicks: onUser(
        settings,
        'Check where "Forgot password" goes',
        'On the tab Details compare Email with the personnel file; correct it, switch Email verified on, and choose Save',
      ),
    }),
    require_two_step: requireTwoStep(parts),
    delete_app_passwords: nothing,
    revoke_grants: revokeGrants(parts, [accessTokens]),
    disable_mail_rules: nothing,
    block_mail_protocols: nothing,
    block_devices: nothing,
    remove_admin_roles: removeAdminRoles(parts, [accessTokens]),
    quarantine: quarantine(parts, [accessTokens]),
    limit_login_ips: manual({
      why,
      observed,
      clicks({ ranges }) {
        const rule = `permit only ${ranges.join(', ')} (this holds for everybody in the realm)`;
        return atProxy(settings, 'Limit sign-in to addresses', rule);
      },
    }),
    block_address: manual({
      why,
      observed,
      clicks: ({ ranges }) =>
        atProxy(settings, "Block the attacker's address", `refuse requests from ${ranges.join(', ')}`),
    }),
    confirm_compromised: nothing,
  };
}

import type { ActionKind, Capability } from '../port.js';
import { ROLE, roleTitle } from './permissions.js';
import type { KeycloakSettings } from './settings.js';

const MANAGE = [roleTitle(ROLE.manageUsers)];
const native = (undo: Capability['undo'], more: readonly string[] = []): Capability => ({
  route: 'native',
  undo,
  effectiveWithinSeconds: 0,
  permissions: [...MANAGE, ...more],
});
const CONSOLE: Capability = { route: 'console', undo: null, effectiveWithinSeconds: 0, permissions: [] };
const NONE: Capability = { ...CONSOLE, route: 'none' };

/** What Keycloak can do here: `quarantine` only through a group that was prepared. */
export function capabilities({
  admin_client_uuid,
  quarantine_group,
}: KeycloakSettings): Readonly<Record<ActionKind, Capability>> {
  const findsAdminClient = admin_client_uuid === null ? [roleTitle(ROLE.viewClients)] : [];
  return {
    reset_password: native(null, [roleTitle(ROLE.viewEvents)]),
    revoke_sessions: native(null),
    disable_account: native('restore'),
    enable_account: native('restore'),
    remove_factors: native(null),
    invalidate_backup_codes: native(null),
    clear_recovery_contacts: CONSOLE,
    require_two_step: native('restore', [roleTitle(ROLE.viewRealm)]),
    delete_app_passwords: NONE,
    revoke_grants: native(null),
    disable_mail_rules: NONE,
    block_mail_protocols: NONE,
    block_devices: NONE,
    remove_admin_roles: native('restore', [
      ...findsAdminClient,
      roleTitle(ROLE.viewRealm),
      'each administrator role that is to be taken away',
    ]),
    quarantine: quarantine_group === null ? CONSOLE : { ...native('restore'), route: 'group' },
    limit_login_ips: CONSOLE,
    block_address: CONSOLE,
    confirm_compromised: NONE,
  };
}

import type { ActionKind, Capability } from '../port.js';
import { SCOPE } from './scopes.js';
import type { OktaSettings } from './settings.js';

const native = (permissions: readonly string[], undo: Capability['undo'] = null): Capability => ({
  route: 'native',
  undo,
  effectiveWithinSeconds: 0,
  permissions: [SCOPE.readUsers, ...permissions],
});
const CONSOLE: Capability = { route: 'console', undo: null, effectiveWithinSeconds: 0, permissions: [] };
const NONE: Capability = { ...CONSOLE, route: 'none' };
const GROUP: Capability = {
  route: 'group',
  undo: 'restore',
  effectiveWithinSeconds: 0,
  permissions: [SCOPE.readUsers, SCOPE.readGroups, SCOPE.manageGroups],
};

/** What Okta can do here, with the least scopes for each; group routes only through groups that were prepared. */
export function capabilities(settings: OktaSettings): Readonly<Record<ActionKind, Capability>> {
  const { manageUsers } = SCOPE;
  return {
    reset_password: native([manageUsers]),
    revoke_sessions: native([manageUsers, SCOPE.readLogs]),
    disable_account: native([manageUsers], 'restore'),
    enable_account: native([manageUsers], 'restore'),
    remove_factors: native([manageUsers]),
    invalidate_backup_codes: NONE,
    clear_recovery_contacts: native([manageUsers], 'restore'),
    require_two_step: settings.two_step_group === null ? CONSOLE : GROUP,
    delete_app_passwords: NONE,
    revoke_grants: native([manageUsers, SCOPE.readTokens, SCOPE.manageTokens]),
    disable_mail_rules: NONE,
    block_mail_protocols: NONE,
    block_devices: native([SCOPE.readDevices, SCOPE.manageDevices], 'restore'),
    remove_admin_roles: native([SCOPE.readRoles, SCOPE.manageRoles], 'restore'),
    quarantine: settings.quarantine_group === null ? CONSOLE : GROUP,
    limit_login_ips: settings.login_range_groups.length === 0 ? CONSOLE : GROUP,
    block_address: settings.block_zone === null ? CONSOLE : native([SCOPE.readZones, SCOPE.manageZones], 'restore'),
    confirm_compromised: native([SCOPE.readRisk, SCOPE.manageRisk], 'restore'),
  };
}

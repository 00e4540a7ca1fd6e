import type { ActionKind, Capability } from '../port.js';
import { PERMISSION, type Permission } from './permissions.js';
import type { EntraIdSettings } from './settings.js';

/** A group change is seen by the next sign-in after some minutes of replication. */
export const GROUP_DELAY_SECONDS = 15 * 60;
/** Microsoft names minutes for refresh tokens and cookies; access tokens are told as survivors. */
const REVOKE_DELAY_SECONDS = 5 * 60;

const native = (permissions: readonly Permission[], undo: Capability['undo'], seconds = 0): Capability => ({
  route: 'native',
  undo,
  effectiveWithinSeconds: seconds,
  permissions: [PERMISSION.readUsers, ...permissions],
});
const CONSOLE: Capability = { route: 'console', undo: null, effectiveWithinSeconds: 0, permissions: [] };
const NONE: Capability = { route: 'none', undo: null, effectiveWithinSeconds: 0, permissions: [] };
const GROUP: Capability = {
  route: 'group',
  undo: 'restore',
  effectiveWithinSeconds: GROUP_DELAY_SECONDS,
  permissions: [PERMISSION.readUsers, PERMISSION.members],
};

function twoStep(settings: EntraIdSettings): Capability {
  if (settings.two_step_group !== null) return GROUP;
  return settings.per_user_mfa ? native([PERMISSION.perUserMfa], 'restore') : CONSOLE;
}

/** What Entra ID can do here: some of it only with what an administrator prepared. */
export function capabilities(settings: EntraIdSettings): Readonly<Record<ActionKind, Capability>> {
  const grants = settings.app_assignments
    ? [PERMISSION.readGrants, PERMISSION.grants, PERMISSION.appAssignments]
    : [PERMISSION.readGrants, PERMISSION.grants];
  const addresses = [PERMISSION.readPolicies, PERMISSION.conditionalAccess];
  return {
    reset_password: native([PERMISSION.passwords], null),
    revoke_sessions: native([PERMISSION.revokeSessions], null, REVOKE_DELAY_SECONDS),
    disable_account: native([PERMISSION.enableUsers], 'restore'),
    enable_account: native([PERMISSION.enableUsers], 'restore'),
    remove_factors: native([PERMISSION.methods], null),
    invalidate_backup_codes: NONE,
    clear_recovery_contacts: CONSOLE,
    require_two_step: twoStep(settings),
    delete_app_passwords: CONSOLE,
    revoke_grants: native(grants, 'restore'),
    disable_mail_rules: native([PERMISSION.mailbox], 'restore'),
    block_mail_protocols: CONSOLE,
    block_devices: native([PERMISSION.devices], 'restore'),
    remove_admin_roles: native([PERMISSION.roles], 'restore'),
    quarantine: settings.quarantine_group === null ? CONSOLE : GROUP,
    limit_login_ips: settings.login_range_groups.length === 0 ? CONSOLE : GROUP,
    block_address: settings.blocked_location === null ? CONSOLE : native(addresses, 'restore', GROUP_DELAY_SECONDS),
    confirm_compromised: native([PERMISSION.risk], 'restore'),
  };
}

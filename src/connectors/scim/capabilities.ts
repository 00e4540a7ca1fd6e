import type { ActionKind, Capability } from '../port.js';
import type { ScimSettings } from './settings.js';

const USERS = 'a SCIM token that may read and change users';
const GROUPS = 'a SCIM token that may read and change groups';

const NATIVE: Capability = { route: 'native', undo: null, effectiveWithinSeconds: 0, permissions: [USERS] };
const SWITCH: Capability = { ...NATIVE, undo: 'restore' };
const GROUP: Capability = { route: 'group', undo: 'restore', effectiveWithinSeconds: 0, permissions: [USERS, GROUPS] };
const CONSOLE: Capability = { route: 'console', undo: null, effectiveWithinSeconds: 0, permissions: [] };
const NONE: Capability = { ...CONSOLE, route: 'none' };

const byGroup = (isPrepared: boolean): Capability => (isPrepared ? GROUP : CONSOLE);

/** What can be done here: accounts over SCIM itself, the rest through groups that were prepared, or by a person. */
export function capabilities(settings: ScimSettings): Readonly<Record<ActionKind, Capability>> {
  return {
    reset_password: settings.set_password ? NATIVE : CONSOLE,
    revoke_sessions: CONSOLE,
    disable_account: SWITCH,
    enable_account: SWITCH,
    remove_factors: CONSOLE,
    invalidate_backup_codes: CONSOLE,
    clear_recovery_contacts: CONSOLE,
    require_two_step: byGroup(settings.two_step_group_id !== null),
    delete_app_passwords: CONSOLE,
    revoke_grants: CONSOLE,
    disable_mail_rules: NONE,
    block_mail_protocols: NONE,
    block_devices: NONE,
    remove_admin_roles: byGroup(settings.admin_groups.length > 0),
    quarantine: byGroup(settings.quarantine_group_id !== null),
    limit_login_ips: byGroup(settings.login_range_groups.length > 0),
    block_address: CONSOLE,
    confirm_compromised: NONE,
  };
}

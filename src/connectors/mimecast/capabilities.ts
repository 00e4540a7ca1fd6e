import type { ActionKind, Capability } from '../port.js';
import { PERMISSION } from './permissions.js';
import type { MimecastSettings } from './settings.js';
import { GROUP_DELAY_SECONDS } from './survivors.js';

const NONE: Capability = { route: 'none', undo: null, effectiveWithinSeconds: 0, permissions: [] };
const CONSOLE: Capability = { ...NONE, route: 'console' };
const GROUP: Capability = {
  route: 'group',
  undo: 'restore',
  effectiveWithinSeconds: GROUP_DELAY_SECONDS,
  permissions: [PERMISSION.readGroups, PERMISSION.editGroups, PERMISSION.removeMembers],
};
const FLAGS: Capability = {
  route: 'native',
  undo: 'restore',
  effectiveWithinSeconds: 0,
  permissions: [PERMISSION.readUsers, PERMISSION.editUsers],
};

const group = (prepared: boolean): Capability =>
  prepared ? GROUP : { ...CONSOLE, effectiveWithinSeconds: GROUP_DELAY_SECONDS };

/** What Mimecast can do here: 2-step, quarantine and login ranges only through groups that were prepared. */
export function capabilities(settings: MimecastSettings): Readonly<Record<ActionKind, Capability>> {
  return {
    reset_password: {
      route: 'native',
      undo: null,
      effectiveWithinSeconds: 0,
      permissions: [PERMISSION.readUsers, PERMISSION.editUsers, PERMISSION.readAudit],
    },
    revoke_sessions: { ...NONE, route: 'effect_of_reset' },
    disable_account: FLAGS,
    enable_account: FLAGS,
    remove_factors: CONSOLE,
    invalidate_backup_codes: NONE,
    clear_recovery_contacts: CONSOLE,
    require_two_step: group(settings.two_step_group !== null),
    delete_app_passwords: NONE,
    revoke_grants: CONSOLE,
    disable_mail_rules: {
      route: 'native',
      undo: 'restore',
      effectiveWithinSeconds: 0,
      permissions: [PERMISSION.readUsers, PERMISSION.editDelegates],
    },
    block_mail_protocols: FLAGS,
    block_devices: NONE,
    remove_admin_roles: CONSOLE,
    quarantine: group(settings.quarantine_group !== null),
    limit_login_ips: group(settings.login_range_groups.length > 0),
    // Mimecast knows permitted ranges only; nothing keeps a single address out of the log-in pages.
    block_address: NONE,
    confirm_compromised: NONE,
  };
}

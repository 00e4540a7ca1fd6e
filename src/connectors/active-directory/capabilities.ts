import type { ActionKind, Capability, Command, Survivor } from '../port.js';
import { groupsFor } from './prepared-groups.js';
import type { ActiveDirectorySettings } from './settings.js';

export const RIGHTS = {
  reset: 'Reset Password (control access right 00299570-246d-11d0-a768-00aa006e0529)',
  pwdLastSet: 'Write pwdLastSet',
  userAccountControl: 'Write userAccountControl',
  lockoutTime: 'Write lockoutTime',
} as const;

const none: Capability = { route: 'none', undo: null, effectiveWithinSeconds: 0, permissions: [] };
const byHand: Capability = { ...none, route: 'console' };

const native = (undo: Capability['undo'], ...permissions: readonly string[]): Capability => ({
  route: 'native',
  undo,
  effectiveWithinSeconds: 0,
  permissions,
});

/** What Active Directory can be asked over LDAP. Writing and reading back use one controller, so 0 seconds there. */
export function capabilities(settings: ActiveDirectorySettings): Readonly<Record<ActionKind, Capability>> {
  const rights = (kind: ActionKind): readonly string[] =>
    groupsFor(settings, kind).map((groupDn) => `Write member on ${groupDn}`);
  const byGroup = (kind: ActionKind): Capability =>
    rights(kind).length === 0 ? byHand : { ...native('restore', ...rights(kind)), route: 'group' };
  const adminRights = rights('remove_admin_roles');
  return {
    reset_password: native(null, RIGHTS.reset, RIGHTS.pwdLastSet),
    revoke_sessions: byHand,
    disable_account: native('restore', RIGHTS.userAccountControl),
    enable_account: native('restore', RIGHTS.userAccountControl, RIGHTS.lockoutTime),
    // Keys of Windows Hello and certificates that are mapped to the account: listed as evidence, taken away by hand.
    remove_factors: byHand,
    invalidate_backup_codes: none,
    clear_recovery_contacts: none,
    require_two_step: byGroup('require_two_step'),
    delete_app_passwords: none,
    revoke_grants: none,
    disable_mail_rules: none,
    block_mail_protocols: none,
    block_devices: none,
    remove_admin_roles: adminRights.length === 0 ? byHand : native('restore', ...adminRights),
    quarantine: byGroup('quarantine'),
    limit_login_ips: byGroup('limit_login_ips'),
    block_address: none,
    confirm_compromised: none,
  };
}

const HOUR_S = 3600;

const TICKETS: readonly Survivor[] = [
  { what: 'Kerberos service tickets that were issued already', forSeconds: 10 * HOUR_S },
  { what: 'SMB, RDP and other sessions that are open, until they are dropped', forSeconds: null },
];

const REPLICATION: Survivor = {
  what: 'the old state on other domain controllers, until they have replicated',
  forSeconds: null,
};

const UNGUARDED: Survivor = {
  what: 'sign-ins that the group does not guard: only what reads the group obeys it',
  forSeconds: null,
};

/** In a ticket stand the groups of the time when it was issued. */
const OLD_GROUPS: Survivor = {
  what: 'tickets and sessions with the old groups, until they are renewed',
  forSeconds: 10 * HOUR_S,
};

/** What goes on working after each action. Times are Windows' defaults; a domain policy may set others. */
export function survivors(kind: Command['kind']): readonly Survivor[] {
  switch (kind) {
    case 'reset_password':
      return [
        ...TICKETS,
        { what: 'the sign-in ticket (TGT) of a session that was open before the reset', forSeconds: 10 * HOUR_S },
        REPLICATION,
      ];
    case 'disable_account':
      return [...TICKETS, REPLICATION];
    case 'revoke_sessions':
      return TICKETS;
    case 'require_two_step':
    case 'limit_login_ips':
      return [UNGUARDED, ...TICKETS];
    case 'quarantine':
      return [UNGUARDED, OLD_GROUPS, ...TICKETS];
    case 'remove_admin_roles':
      return [OLD_GROUPS, REPLICATION];
    default:
      return [];
  }
}

import type { ActionKind, Capability, Survivor } from '../port.js';
import type { ActiveDirectorySettings } from './settings.js';

export const RIGHTS = {
  reset: 'Reset Password (control access right 00299570-246d-11d0-a768-00aa006e0529)',
  pwdLastSet: 'Write pwdLastSet',
  userAccountControl: 'Write userAccountControl',
  lockoutTime: 'Write lockoutTime',
  member: 'Write member on the two-step group',
} as const;

const none: Capability = { route: 'none', undo: null, effectiveWithinSeconds: 0, permissions: [] };

/** What Active Directory can be asked over LDAP. Writing and reading back use one controller, so 0 seconds there. */
export function capabilities(settings: ActiveDirectorySettings): Readonly<Record<ActionKind, Capability>> {
  return {
    reset_password: {
      route: 'native',
      undo: null,
      effectiveWithinSeconds: 0,
      permissions: [RIGHTS.reset, RIGHTS.pwdLastSet],
    },
    disable_account: {
      route: 'native',
      undo: 'enable_account',
      effectiveWithinSeconds: 0,
      permissions: [RIGHTS.userAccountControl],
    },
    enable_account: {
      route: 'native',
      undo: 'disable_account',
      effectiveWithinSeconds: 0,
      permissions: [RIGHTS.userAccountControl, RIGHTS.lockoutTime],
    },
    require_two_step:
      settings.two_step_group_dn === null
        ? none
        : { route: 'group', undo: 'remove_from_group', effectiveWithinSeconds: 0, permissions: [RIGHTS.member] },
    revoke_sessions: none,
    limit_login_ips: none,
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

/** What goes on working after each action. Times are Windows' defaults; a domain policy may set others. */
export function survivors(kind: ActionKind): readonly Survivor[] {
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
      return [
        {
          what: 'sign-ins that the group does not guard: only what reads the group demands the second step',
          forSeconds: null,
        },
        ...TICKETS,
      ];
    case 'enable_account':
    case 'limit_login_ips':
      return [];
  }
}

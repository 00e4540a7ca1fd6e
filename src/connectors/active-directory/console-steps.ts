import type { AccountRef, Command, ConsoleStep } from '../port.js';
import type { ActiveDirectorySettings } from './settings.js';

/** What a person can do where LDAP cannot. Windows' own tools, in order. */
export function consoleSteps(
  settings: ActiveDirectorySettings,
  command: Command,
  account: AccountRef,
): readonly ConsoleStep[] {
  switch (command.kind) {
    case 'revoke_sessions':
      return [
        {
          title: `Drop the open sessions of ${account.login}`,
          clicks: [
            'On each file server: Computer Management > Shared Folders > Sessions: right-click the sessions of the user > Close Session.',
            'On each remote desktop host: run "query user", then "logoff <id>" for the sessions of the user.',
            'On the computers of the user: restart them, or run "klist purge" in every logon session.',
          ],
        },
      ];
    case 'require_two_step':
      if (settings.two_step_group_dn !== null) return [];
      return [
        {
          title: `Demand a second step from ${account.login}`,
          clicks: [
            'Active Directory itself has no second step: open the VPN, ADFS, Duo or NPS policy that signs people in.',
            'Add the user to the policy that demands the second step.',
            'To have it done from here next time: make a group that this policy reads and set two_step_group_dn to it.',
          ],
        },
      ];
    case 'limit_login_ips':
      return [
        {
          title: `Limit where ${account.login} may sign in from`,
          clicks: [
            'Active Directory knows no address ranges: open the VPN, ADFS or firewall policy that signs people in.',
            'Limit the user to the ranges there.',
            'For computers in the domain: Active Directory Users and Computers > the user > Account > Log On To > The following computers.',
          ],
        },
      ];
    case 'reset_password':
    case 'disable_account':
    case 'enable_account':
      return [];
  }
}

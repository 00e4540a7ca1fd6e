import type { AccountRef, Command, ConsoleStep } from '../port.js';
import { groupsFor, wantedBy } from './prepared-groups.js';
import type { ActiveDirectorySettings } from './settings.js';

const USERS = 'Open Active Directory Users and Computers (dsa.msc) and switch View > Advanced Features on.';

const dropSessions = (login: string): ConsoleStep => ({
  title: `Drop the open sessions of ${login}`,
  clicks: [
    'On each file server: Computer Management > Shared Folders > Sessions: right-click the sessions of the user > Close Session.',
    'On each remote desktop host: run "query user", then "logoff <id>" for the sessions of the user.',
    'On the computers of the user: restart them, or run "klist purge" in every logon session.',
  ],
});

const removeKeys = (login: string): ConsoleStep => ({
  title: `Take keys and certificates away that ${login} does not recognise`,
  clicks: [
    USERS,
    `Find ${login}, open its properties, and choose Attribute Editor.`,
    'Open msDS-KeyCredentialLink (keys of Windows Hello, and of intruders): note the values, remove those that nobody knows.',
    'Open altSecurityIdentities, or Name Mappings in the context menu: note the certificates, remove those that nobody knows.',
  ],
});

const twoStep = (login: string): ConsoleStep => ({
  title: `Demand a second step from ${login}`,
  clicks: [
    'Active Directory itself has no second step: open the VPN, ADFS, Duo or NPS policy that signs people in.',
    'Add the user to the policy that demands the second step.',
    'To have it done from here next time: make a group that this policy reads and set two_step_group_dn to it.',
  ],
});

const leaveRoles = (login: string): ConsoleStep => ({
  title: `Take ${login} out of groups that make an administrator`,
  clicks: [
    USERS,
    `Find ${login}, open its properties, and choose Member Of.`,
    'Write the groups into this thread: they are needed to give them back.',
    'Select each group that makes an administrator, and the groups that these are nested in, and choose Remove.',
    'To have it done from here next time: name the groups in admin_group_dns.',
  ],
});

const shutIn = (login: string): ConsoleStep => ({
  title: `Shut ${login} in`,
  clicks: [
    USERS,
    `Find ${login}, choose Add to a group, and enter Protected Users: no NTLM, no delegation, tickets of four hours.`,
    'Add the user to a group that your policies name under "Deny log on locally", "Deny log on through Remote Desktop Services" and "Deny access to this computer from the network".',
    'To have it done from here next time: name both groups in quarantine_group_dns.',
  ],
});

const limitRanges = (login: string, ranges: readonly string[]): ConsoleStep => ({
  title: `Limit where ${login} may sign in from`,
  clicks: [
    'Active Directory knows no address ranges: open the VPN, ADFS or firewall policy that signs people in.',
    `Limit the user to ${ranges.join(', ')} there.`,
    'For computers in the domain: Active Directory Users and Computers > the user > Account > Log On To > The following computers.',
  ],
});

/** What a person can do where LDAP cannot. Windows' own tools, in order. */
export function consoleSteps(
  settings: ActiveDirectorySettings,
  command: Command,
  { login }: AccountRef,
): readonly ConsoleStep[] {
  const prepared = groupsFor(settings, command.kind).length > 0;
  switch (command.kind) {
    case 'revoke_sessions':
      return [dropSessions(login)];
    case 'remove_factors':
      return [removeKeys(login)];
    case 'require_two_step':
      return prepared ? [] : [twoStep(login)];
    case 'remove_admin_roles':
      return prepared ? [] : [leaveRoles(login)];
    case 'quarantine':
      return prepared ? [] : [shutIn(login)];
    case 'limit_login_ips':
      return wantedBy(settings, command) === null ? [limitRanges(login, command.ranges)] : [];
    default:
      return [];
  }
}

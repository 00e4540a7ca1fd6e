import type { ActionKind, ConsoleStep, Route } from '../../ports/connector.js';
import { absent, manual, native, step, type Action, type Actions } from '../kit/action.js';
import { unseen, type Effect } from '../kit/effect.js';
import { memberAction, rangesAction, type GroupWords } from '../kit/groups.js';
import type { Directory } from './directory.js';
import { groupName, groupsOf, memberRight, rangeGroups } from './groups.js';
import type { Reading } from './reading.js';
import { resetPassword } from './reset.js';
import { OLD_GROUPS, REPLICATION, TICKETS, UNGUARDED } from './residual-access.js';
import { disableAccount, enableAccount } from './switches.js';

const NOT_PREPARED =
  'Active Directory cannot do this over LDAP, and no group was prepared for it; do the named steps by hand.';
const WHY = 'Active Directory cannot do this over LDAP; do the named steps by hand.';
const nothing = absent<never, Reading>(WHY, 'Active Directory keeps nothing of this.');

const USERS = 'Open Active Directory Users and Computers (dsa.msc) and switch View > Advanced Features on.';

const revokeSessions: Action<'revoke_sessions', Reading> = manual({
  why: WHY,
  observed: 'Active Directory has no list of sessions and cannot end them over LDAP.',
  residual: TICKETS,
  clicks: (_command, { login }) =>
    step(
      `Drop the open sessions of ${login}`,
      'On each file server: Computer Management > Shared Folders > Sessions: right-click the sessions of the user > Close Session.',
      'On each remote desktop host: run "query user", then "logoff <id>" for the sessions of the user.',
      'On the computers of the user: restart them, or run "klist purge" in every logon session.',
    ),
});

/** Keys of Windows Hello and certificates mapped to the account: listed as evidence, removed by hand. */
const removeFactors: Action<'remove_factors', Reading> = manual({
  why: WHY,
  observed: 'Active Directory keeps nothing of this.',
  clicks: (_command, { login }) =>
    step(
      `Take keys and certificates away that ${login} does not recognise`,
      USERS,
      `Find ${login}, open its properties, and choose Attribute Editor.`,
      'Open msDS-KeyCredentialLink (keys of Windows Hello, and of intruders): note the values, remove those that nobody knows.',
      'Open altSecurityIdentities, or Name Mappings in the context menu: note the certificates, remove those that nobody knows.',
    ),
});

interface InGroups<K extends ActionKind> extends Pick<Action<K, Reading>, 'residual'> {
  readonly route?: 'native';
  readonly groups: readonly string[];
  /** Removes the account from the groups; otherwise adds it to all of them. */
  readonly out?: true;
  readonly words: Pick<GroupWords, 'inside' | 'outside'>;
  /** What is to read the groups; LDAP does not show it. Absent: the membership itself is what counts. */
  readonly rule?: string;
  /** Where no group was prepared. */
  readonly observed: string;
  readonly byHand: (login: string) => readonly ConsoleStep[];
}

const canChange = (groups: readonly string[], route: Route = 'group') => ({
  ...native(...groups.map(memberRight)),
  route,
});

/** Membership of all groups prepared for this, or of none of them; as read, also through other groups. */
function inGroups<K extends ActionKind>(directory: Directory, action: InGroups<K>): Action<K, Reading> {
  const { route, groups, out = false, words, rule, observed, byHand, residual = [] } = action;
  if (groups.length === 0)
    return manual({ why: NOT_PREPARED, observed, residual, clicks: (_command, { login }) => byHand(login) });
  const shown = ({ memberships }: Reading) => new Map([...memberships].filter(([dn]) => groups.includes(dn)));
  return memberAction(
    groups,
    {
      groups: groupsOf(directory),
      shown,
      ...(rule === undefined ? {} : { effect: () => unread(rule) }),
      words: { ...words, unknown: () => observed, nameOf: groupName },
    },
    { can: canChange(groups, route), residual, out },
  );
}

const unread = (what: string): Effect =>
  unseen(`that ${what} could not be read, because it is set up outside Active Directory`);

const requireTwoStep = (directory: Directory): Action<'require_two_step', Reading> =>
  inGroups(directory, {
    groups: directory.settings.two_step_group_dn === null ? [] : [directory.settings.two_step_group_dn],
    residual: [UNGUARDED, ...TICKETS],
    words: {
      inside: () => 'The account is in the two-step group.',
      outside: () => 'The account is not in the two-step group.',
    },
    rule: 'the VPN, ADFS or NPS demands a second step of the group',
    observed: 'No two-step group is configured.',
    byHand: (login) =>
      step(
        `Demand a second step from ${login}`,
        'Active Directory itself has no second step: open the VPN, ADFS, Duo or NPS policy that signs people in.',
        'Add the user to the policy that demands the second step.',
        'To have it done from here next time: make a group that this policy reads and set two_step_group_dn to it.',
      ),
  });

const quarantine = (directory: Directory): Action<'quarantine', Reading> =>
  inGroups(directory, {
    groups: directory.settings.quarantine_group_dns,
    residual: [UNGUARDED, OLD_GROUPS, ...TICKETS],
    words: {
      inside: (names) => `The account is in ${names}.`,
      outside: (names) => `The account is not in ${names}.`,
    },
    rule: 'logons are denied to them',
    observed: 'No quarantine group is configured.',
    byHand: (login) =>
      step(
        `Shut ${login} in`,
        USERS,
        `Find ${login}, choose Add to a group, and enter Protected Users: no NTLM, no delegation, tickets of four hours.`,
        'Add the user to a group that your policies name under "Deny log on locally", "Deny log on through Remote Desktop Services" and "Deny access to this computer from the network".',
        'To have it done from here next time: name both groups in quarantine_group_dns.',
      ),
  });

const removeAdminRoles = (directory: Directory): Action<'remove_admin_roles', Reading> =>
  inGroups(directory, {
    route: 'native',
    groups: directory.settings.admin_group_dns,
    out: true,
    residual: [OLD_GROUPS, REPLICATION],
    words: {
      inside: (names) => `The account is still in ${names}, perhaps through another group.`,
      outside: (names) => `The account is in none of ${names}, also not through other groups.`,
    },
    observed: 'No groups of administrators are configured.',
    byHand: (login) =>
      step(
        `Take ${login} out of groups that make an administrator`,
        USERS,
        `Find ${login}, open its properties, and choose Member Of.`,
        'Write the groups into this thread: they are needed to give them back.',
        'Select each group that makes an administrator, and the groups that these are nested in, and choose Remove.',
        'To have it done from here next time: name the groups in admin_group_dns.',
      ),
  });

function limitLoginIps(directory: Directory): Action<'limit_login_ips', Reading> {
  const prepared = rangeGroups(directory.settings);
  return rangesAction(
    prepared,
    {
      groups: groupsOf(directory),
      effect: () => unread('the VPN, ADFS or firewall lets the group in from these only'),
      words: {
        unprepared: NOT_PREPARED,
        notShown: 'Active Directory does not tell which address ranges are in force.',
        inside: (_group, ranges) => `The account is in the group prepared for ${ranges}.`,
        outside: (ranges) =>
          `The account is ${ranges === '' ? 'in none of the prepared range groups' : `limited to ${ranges}`}.`,
      },
    },
    {
      can: canChange(prepared.map(({ group }) => group)),
      residual: [UNGUARDED, ...TICKETS],
      clicks: ({ ranges }, { login }) =>
        step(
          `Limit where ${login} may sign in from`,
          'Active Directory knows no address ranges: open the VPN, ADFS or firewall policy that signs people in.',
          `Limit the user to ${ranges.join(', ')} there.`,
          'For computers in the domain: Active Directory Users and Computers > the user > Account > Log On To > The following computers.',
        ),
    },
  );
}

/** What Active Directory can do over LDAP. Writing and reading back use one controller, so 0 seconds everywhere. */
export const actionsOf = (directory: Directory): Actions<Reading> => ({
  reset_password: resetPassword(directory),
  revoke_sessions: revokeSessions,
  disable_account: disableAccount(directory),
  enable_account: enableAccount(directory),
  remove_factors: removeFactors,
  unlink_identity_providers: nothing,
  invalidate_backup_codes: nothing,
  clear_recovery_contacts: nothing,
  require_two_step: requireTwoStep(directory),
  delete_app_passwords: nothing,
  revoke_grants: nothing,
  disable_mail_rules: nothing,
  block_mail_protocols: nothing,
  block_devices: nothing,
  remove_admin_roles: removeAdminRoles(directory),
  quarantine: quarantine(directory),
  limit_login_ips: limitLoginIps(directory),
  block_address: nothing,
  confirm_compromised: nothing,
});

import type { AccountRef, Command, ConsoleStep } from '../port.js';
import { groupForRanges } from './membership.js';
import type { OktaSettings } from './settings.js';

const SIGN_IN = 'Sign in to the Okta Admin Console';
const POLICIES = 'Open Security | Global Session Policy';

/** A group, a policy for it above all others, and the person in it. */
const policy = (
  login: string,
  { title, group, rule }: { title: string; group: string; rule: readonly string[] },
): ConsoleStep => ({
  title,
  clicks: [
    SIGN_IN,
    `Open Directory | Groups, click Add group and create "${group}" (or open it when it is there)`,
    POLICIES,
    `Click Add policy, assign it to the group "${group}" and click Create policy and add rule`,
    ...rule,
    'Click Create rule, and drag the policy above all the others',
    `Open Directory | Groups | ${group} | Assign people and add ${login}`,
  ],
});

const twoStep = (login: string): ConsoleStep =>
  policy(login, {
    title: 'Demand a second factor',
    group: 'Containment: second factor',
    rule: [
      'In the rule, set "Establish the user session with" to "Any factor used to meet the Authentication Policy requirements"',
      'Set "Multifactor authentication (MFA) is" to "Required" and "Users will be prompted for MFA" to "At every sign in"',
    ],
  });

const quarantine = (login: string): ConsoleStep =>
  policy(login, {
    title: 'Deny every sign-in',
    group: 'Containment: quarantine',
    rule: ['In the rule, set "IF User\'s IP is" to "Anywhere" and "THEN Access is" to "Denied"'],
  });

const ranges = (login: string, wanted: readonly string[]): readonly ConsoleStep[] => [
  {
    title: 'Make the network zone',
    clicks: [
      SIGN_IN,
      'Open Security | Networks and click Add zone | IP Zone',
      `Name it "Containment: permitted" and enter ${wanted.join(', ')} under Gateway IPs`,
      'Click Save',
    ],
  },
  policy(login, {
    title: 'Limit sign-in to the zone',
    group: 'Containment: permitted addresses',
    rule: [
      'In the rule, set "IF User\'s IP is" to "Not in zone" and choose "Containment: permitted"',
      'Set "THEN Access is" to "Denied"',
    ],
  }),
];

const block = (wanted: readonly string[]): ConsoleStep => ({
  title: 'Block the address',
  clicks: [
    SIGN_IN,
    'Open Security | Networks and click Edit at BlockedIpZone',
    `Add ${wanted.join(', ')} under Gateway IPs`,
    'Check that "Block access from IPs matching conditions listed in this zone" is ticked, and click Save',
  ],
});

/** What a person must do in Okta's console, because the API cannot or because nothing was prepared. */
export function consoleSteps(settings: OktaSettings, command: Command, { login }: AccountRef): readonly ConsoleStep[] {
  switch (command.kind) {
    case 'require_two_step':
      return settings.two_step_group === null ? [twoStep(login)] : [];
    case 'quarantine':
      return settings.quarantine_group === null ? [quarantine(login)] : [];
    case 'limit_login_ips':
      return groupForRanges(settings, command.ranges) === null ? ranges(login, command.ranges) : [];
    case 'block_address':
      return settings.block_zone === null ? [block(command.ranges)] : [];
    case 'clear_recovery_contacts':
      return [
        {
          title: 'Replace the security question',
          clicks: [
            SIGN_IN,
            `Open Directory | People and choose ${login}`,
            'If the profile shows a security question, click More Actions | Reset Multifactor, tick Security Question and click Reset Selected Factors',
          ],
        },
      ];
    case 'remove_admin_roles':
      return [
        {
          title: 'Check roles that come with a group',
          clicks: [
            SIGN_IN,
            'Open Security | Administrators | Admins',
            `Search for ${login}; for each role that is shown as assigned by a group, open that group and remove the person from it`,
          ],
        },
      ];
    default:
      return [];
  }
}

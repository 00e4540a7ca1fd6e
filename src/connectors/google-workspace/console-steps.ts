import type { AccountRef, ActionKind, Command, ConsoleStep } from '../port.js';
import { groupForRanges } from './membership.js';
import type { GoogleWorkspaceSettings } from './settings.js';

const SIGN_IN = 'Sign in to the Admin console (admin.google.com) as a super administrator';

const openUser = (login: string): readonly string[] => [
  SIGN_IN,
  `Open Directory > Users, search for ${login} and click the name`,
];

const step = (title: string, ...clicks: readonly string[]): ConsoleStep => ({ title, clicks });

const removeSingleFactors = (login: string): ConsoleStep =>
  step(
    'Remove security keys and passkeys one by one',
    ...openUser(login),
    'Click Security',
    'Click Passkeys and security keys, point at each one that the person does not know, click Remove, then Done',
    'Phones and authenticator apps are removed by the person at myaccount.google.com > Security > 2-Step Verification',
  );

const requireTwoStep = (login: string): ConsoleStep =>
  step(
    'Enforce 2-Step Verification',
    SIGN_IN,
    'Open Directory > Groups, click Create group, name it for containment (or open the one that exists)',
    `Click Add members, enter ${login} and click Add to group`,
    'Open Security > Authentication > 2-step verification and choose that group under Groups',
    'Under Enforcement choose On, set New user enrollment period to None, and click Override',
    `Open Directory > Users > ${login} > Security > Get backup verification codes if the person has no factor, and hand one over in person`,
  );

const quarantine = (login: string): ConsoleStep =>
  step(
    'Move the account to a unit without services',
    SIGN_IN,
    'Open Directory > Organizational units, create one for containment, and turn every service off for it under Apps',
    `Open Directory > Users, point at ${login}, click More options > Change organizational unit`,
    'Choose the unit and click Continue, then Change',
  );

const limitRanges = (login: string, ranges: readonly string[]): ConsoleStep =>
  step(
    'Limit sign-in to IP ranges (Context-Aware Access)',
    SIGN_IN,
    'Open Security > Access and data control > Context-Aware Access and click Access levels > Create access level',
    `In the condition choose Meets all attributes, IP subnet, enter ${ranges.join(', ')}, and click Save`,
    'Open Directory > Groups and create a group for this access level',
    'Open Security > Access and data control > Context-Aware Access > Assign access levels, choose the group, select every app, click Assign and choose the level',
    `Open Directory > Groups, the group, Add members, and add ${login}`,
  );

const blockAddress = (ranges: readonly string[]): ConsoleStep =>
  step(
    "Block the attacker's address (Context-Aware Access)",
    SIGN_IN,
    'Open Security > Access and data control > Context-Aware Access and click Access levels > Create access level',
    `In the condition choose Doesn't meet one or more attributes, IP subnet, enter ${ranges.join(', ')}, and click Save`,
    'Click Assign access levels, choose the topmost organizational unit, select every app, click Assign and choose the level next to those that are there',
    'Check with one account that people still get in before you leave',
  );

const removeRoles = (login: string): ConsoleStep =>
  step(
    'Take administrator roles away',
    ...openUser(login),
    'Click Admin roles and privileges, then the pencil',
    'Write down the roles that are on, turn each off, and click Save',
  );

const confirmCompromised = (login: string): ConsoleStep =>
  step(
    'Record the account as compromised',
    SIGN_IN,
    'Open Security > Alert center',
    `Filter by ${login}, open each alert about the account`,
    'Choose Status > In progress, Severity > High, assign yourself, and note the incident',
    'Google marks no account as compromised by itself: Directory > Users > Suspend is what stops it',
  );

const otherDevices = (login: string): ConsoleStep =>
  step(
    'Look at computers and ChromeOS devices',
    SIGN_IN,
    'Open Devices > Mobile & endpoints > Devices, filter by User, and enter ' + login,
    'Select computers that the person does not know and click More > Block device; sign the person out of lost ones',
    'Open Devices > Chrome > Devices, search by recent user, select unknown ones and click Disable',
  );

const restOfGmail = (login: string): ConsoleStep =>
  step(
    'Look at what the API leaves in Gmail',
    `Sit down with the person, signed in to Gmail as ${login}`,
    'In Gmail open Settings > See all settings > General: compare the signature and the vacation responder',
    'Under Accounts compare Send mail as, Reply-to, and Check mail from other accounts',
  );

const restOfGroupRoles = (login: string): ConsoleStep =>
  step(
    'Look for roles through groups',
    ...openUser(login),
    'Click Groups, and take the account out of groups that carry an administrator role',
  );

const resetElsewhere = (sso: string, login: string): ConsoleStep =>
  step(
    `Reset the password at ${sso}`,
    `Open the administration of ${sso}`,
    `Reset the password of ${login} there: at Google it opens nothing`,
  );

/** Where no setting counts: the API cannot, or it leaves something for a person to look at. */
const ALWAYS: Partial<Record<ActionKind, (login: string) => ConsoleStep>> = {
  remove_factors: removeSingleFactors,
  confirm_compromised: confirmCompromised,
  block_devices: otherDevices,
  disable_mail_rules: restOfGmail,
};

/** What a person must do in the Admin console, because the API cannot, or to finish what it did. */
export function consoleSteps(
  settings: GoogleWorkspaceSettings,
  command: Command,
  { login }: AccountRef,
): readonly ConsoleStep[] {
  switch (command.kind) {
    case 'reset_password':
      return settings.sso === null ? [] : [resetElsewhere(settings.sso, login)];
    case 'require_two_step':
      return settings.two_step_group === null && settings.two_step_org_unit === null ? [requireTwoStep(login)] : [];
    case 'quarantine':
      return settings.quarantine_group === null && settings.quarantine_org_unit === null ? [quarantine(login)] : [];
    case 'limit_login_ips':
      return groupForRanges(settings, command.ranges) === null ? [limitRanges(login, command.ranges)] : [];
    case 'block_address':
      return [blockAddress(command.ranges)];
    case 'remove_admin_roles':
      return settings.super_admin ? [restOfGroupRoles(login)] : [removeRoles(login)];
    default: {
      const always = ALWAYS[command.kind];
      return always === undefined ? [] : [always(login)];
    }
  }
}

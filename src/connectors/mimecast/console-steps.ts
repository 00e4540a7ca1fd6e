import type { AccountRef, Command, ConsoleStep } from '../port.js';
import { groupForRanges } from './prepared-groups.js';
import type { MimecastSettings } from './settings.js';

const SIGN_IN = 'Sign in to the Mimecast Administration Console';

/** The page of one user: Mimecast's own words for the way to it. */
const userPage = (login: string): readonly string[] => [
  SIGN_IN,
  'Open Users & Groups | Internal Directories (in older consoles: Directories | Internal Directories)',
  `Click the domain ${login.split('@')[1] ?? ''}, then the user ${login}`,
];

const revokeApplications = (login: string): ConsoleStep => ({
  title: 'Revoke registered applications',
  clicks: [
    SIGN_IN,
    'Open Users & Groups | Applications | Registered Applications',
    `Search for ${login}`,
    'Select every application of this person and choose Revoke',
  ],
});

const resetForSessions = (login: string): ConsoleStep => ({
  title: 'End web sessions by a password reset',
  clicks: [
    `Use Reset password in this thread for ${login}: Mimecast ends a person's sessions when the cloud password changes`,
  ],
});

const forceRegistration = (login: string): ConsoleStep => ({
  title: 'Make the person register the second step anew',
  clicks: [
    ...userPage(login),
    'In the section 2-Step Authentication, click Force Reregistration: this removes the present secret',
    'Click Save and Exit',
  ],
});

const clearMobile = (login: string): ConsoleStep => ({
  title: 'Check the mobile number that codes go to',
  clicks: [
    ...userPage(login),
    'In the section 2-Step Authentication, compare the mobile number with the one that the person names by another channel; remove it if it is not theirs',
    'Click Save and Exit',
    "Open Users & Groups | Applications | Authentication Profiles, open the person's profile, and set Password Reset Options to Not Allowed while the mailbox is not trusted",
  ],
});

const removeRole = (login: string): ConsoleStep => ({
  title: 'Take administrator roles away, and note them first',
  clicks: [
    SIGN_IN,
    'Open Account | Roles',
    `Open each administrator role and look for ${login} among its users`,
    'Write the names of the roles that hold the person into this thread: they are needed to give them back',
    'Select the person and choose Remove User from Role',
  ],
});

const profileSteps = (login: string, title: string, setting: readonly string[]): ConsoleStep => ({
  title,
  clicks: [
    SIGN_IN,
    'Open Users & Groups | Profile Groups and create a group for containment (or open the one that exists)',
    'Open Users & Groups | Applications | Authentication Profiles and create a profile for it',
    ...setting,
    'Open Users & Groups | Applications and create an Application Setting with this group and this profile',
    `Add ${login} to the group; it takes up to 15 minutes`,
    'Check that the person is no administrator: Account_Administrators_Authentication_Profile overrides every other profile',
  ],
});

const RANGES = (ranges: readonly string[]): readonly string[] => [
  `In the profile, switch Permitted Application Login IP Ranges on and enter ${ranges.join(', ')}`,
  'Do the same for the gateway and the SMTP/POP ranges if the person uses them',
];
const SHUT_IN: readonly string[] = [
  'In the profile, switch 2-Step Authentication on and set Password Reset Options to Not Allowed',
  'Under Gateway | Policies, add a Blocked Senders policy from this group to everyone, so that nothing is sent from the account',
];

/** What a person must do in Mimecast's console, because the API cannot. */
export function consoleSteps(
  settings: MimecastSettings,
  command: Command,
  { login }: AccountRef,
): readonly ConsoleStep[] {
  switch (command.kind) {
    case 'reset_password':
    case 'revoke_grants':
      return [revokeApplications(login)];
    case 'revoke_sessions':
      return [resetForSessions(login), revokeApplications(login)];
    case 'remove_factors':
      return [forceRegistration(login)];
    case 'clear_recovery_contacts':
      return [clearMobile(login)];
    case 'remove_admin_roles':
      return [removeRole(login)];
    case 'require_two_step':
      if (settings.two_step_group !== null) return [];
      return [profileSteps(login, 'Require 2-step', ['In the profile, switch 2-Step Authentication on'])];
    case 'quarantine':
      return settings.quarantine_group === null ? [profileSteps(login, 'Shut the account in', SHUT_IN)] : [];
    case 'limit_login_ips':
      if (groupForRanges(settings, command.ranges) !== null) return [];
      return [profileSteps(login, 'Limit log-in to IP ranges', RANGES(command.ranges))];
    default:
      return [];
  }
}

import type { AccountRef, Command, ConsoleStep } from '../port.js';
import { groupForRanges } from './commands.js';
import type { MimecastSettings } from './settings.js';

const revokeApplications = (login: string): ConsoleStep => ({
  title: 'Revoke registered applications',
  clicks: [
    'Sign in to the Mimecast Administration Console',
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

const profileSteps = (login: string, title: string, setting: readonly string[]): ConsoleStep => ({
  title,
  clicks: [
    'Sign in to the Mimecast Administration Console',
    'Open Users & Groups | Profile Groups and create a group for containment (or open the one that exists)',
    'Open Users & Groups | Applications | Authentication Profiles and create a profile for it',
    ...setting,
    'Open Users & Groups | Applications and create an Application Setting with this group and this profile',
    `Add ${login} to the group; it takes up to 15 minutes`,
    'Check that the person is no administrator: Account_Administrators_Authentication_Profile overrides every other profile',
  ],
});

/** What a person must do in Mimecast's console, because the API cannot. */
export function consoleSteps(
  settings: MimecastSettings,
  command: Command,
  { login }: AccountRef,
): readonly ConsoleStep[] {
  switch (command.kind) {
    case 'reset_password':
      return [revokeApplications(login)];
    case 'revoke_sessions':
      return [resetForSessions(login), revokeApplications(login)];
    case 'require_two_step':
      if (settings.two_step_group !== null) return [];
      return [profileSteps(login, 'Require 2-step', ['In the profile, switch 2-Step Authentication on'])];
    case 'limit_login_ips':
      if (groupForRanges(settings, command.ranges) !== null) return [];
      return [
        profileSteps(login, 'Limit log-in to IP ranges', [
          `In the profile, switch Permitted Application Login IP Ranges on and enter ${command.ranges.join(', ')}`,
          'Do the same for the gateway and the SMTP/POP ranges if the person uses them',
        ]),
      ];
    case 'disable_account':
    case 'enable_account':
      return [];
  }
}

import type { AccountRef, Command, ConsoleStep } from '../port.js';
import type { SlackWorkspaceSettings } from './settings.js';

const SIGN_IN = 'Sign in to Slack as an owner, on another device than the person’s';
const MEMBERS_ENTERPRISE = 'Click the organisation’s name, then Tools & settings | Organization settings | Members';
const MEMBERS = 'Click the workspace’s name, then Tools & settings | Manage members';

function steps({ plan }: SlackWorkspaceSettings, login: string): Record<string, ConsoleStep> {
  const enterprise = plan === 'enterprise';
  const members = [
    SIGN_IN,
    enterprise ? MEMBERS_ENTERPRISE : MEMBERS,
    `Search for ${login} and open the ⋯ menu beside it`,
  ];
  return {
    password: {
      title: 'Reset the Slack password',
      clicks: [
        'Contain the mailbox first: Slack sends the link for a new password there',
        ...members,
        'Choose Reset password (it is missing where people sign in through an identity provider: reset it there)',
        'Confirm, and tell the person by another way to choose a new password',
      ],
    },
    sessions: {
      title: 'Sign the person out everywhere',
      clicks: enterprise
        ? [...members, 'Choose Sign out of all devices', 'Confirm']
        : [
            'Below Enterprise, Slack has no button that signs out one person',
            `Deactivate ${login} (the button Disable in this thread does it): every session ends with it`,
            'Reset the password where the person signs in, then activate the account again',
          ],
    },
    factors: {
      title: 'Remove the second factor, so that the person sets it up anew',
      clicks: [
        ...members,
        'Choose Disable two-factor authentication',
        'Let the person set it up again once the account is theirs',
      ],
    },
    require: {
      title: 'Require two-factor authentication',
      clicks: [
        SIGN_IN,
        enterprise
          ? 'Open Organization settings | Security | Security settings'
          : 'Open Tools & settings | Workspace settings | Authentication',
        'Expand Two-factor authentication (workspace-wide) and activate it: it applies to everybody, Slack has none for one person',
      ],
    },
    grants: {
      title: 'Remove the apps that the person added',
      clicks: [
        SIGN_IN,
        enterprise
          ? 'Open Organization settings | Integrations | Installed apps'
          : 'Open Tools & settings | Manage apps | Installed apps',
        `Open each app that the evidence names for ${login}`,
        'Under Authorizations, choose Revoke beside the person; if nobody else needs the app, choose Remove app',
      ],
    },
    roles: {
      title: 'Take the administrator roles away',
      clicks: [...members, 'Choose Change account type', 'Choose Regular member and Save; note the former role here'],
    },
    ips: {
      title: 'Limit sign-in to IP ranges',
      clicks: [
        'Slack limits addresses for a whole Enterprise organisation, not for one person: limit them in the identity provider that people sign in through',
        enterprise
          ? 'For the whole organisation: Organization settings | Security | Security settings | IP address allowlist'
          : 'Below Enterprise there is no such setting in Slack',
      ],
    },
  };
}

const STEP_OF: Partial<Record<Command['kind'], string>> = {
  reset_password: 'password',
  remove_factors: 'factors',
  invalidate_backup_codes: 'factors',
  require_two_step: 'require',
  revoke_grants: 'grants',
  limit_login_ips: 'ips',
};
const BELOW_ENTERPRISE: Partial<Record<Command['kind'], string>> = {
  revoke_sessions: 'sessions',
  remove_admin_roles: 'roles',
};

/** What a person must do in Slack's administration, because the API cannot. */
export function consoleSteps(
  settings: SlackWorkspaceSettings,
  command: Command,
  { login }: AccountRef,
): readonly ConsoleStep[] {
  const byHand = settings.plan === 'enterprise' ? STEP_OF : { ...STEP_OF, ...BELOW_ENTERPRISE };
  const name = byHand[command.kind];
  const step = name === undefined ? undefined : steps(settings, login)[name];
  return step === undefined ? [] : [step];
}

import type { ActionKind, ConsoleStep } from '../../ports/connector.js';
import { absent, manual, type Action, type Actions } from '../kit/action.js';
import { disableAccount, enableAccount } from './activity.js';
import { isEnterprise, type Reader, type Reading, type SlackAction } from './reader.js';
import { RESIDUAL, revokeSessions } from './sessions.js';
import { judgeRoles, removeAdminRoles } from './roles.js';

const SIGN_IN = 'Sign in to Slack as an owner, on another device than the person’s';
const NOT_SHOWN = "Slack's API does not show this.";

type Clicks = (login: string) => readonly string[];

/** A person does it in Slack's administration: these clicks. */
const byHand = <K extends ActionKind>(
  title: string,
  clicks: Clicks,
  more: Partial<Pick<SlackAction<K>, 'judge' | 'residual'>> & { readonly why?: string } = {},
): SlackAction<K> =>
  manual<K, Reading>({
    why: "Slack's API cannot do this; do the manual steps.",
    observed: NOT_SHOWN,
    clicks: (_command, { login }): readonly ConsoleStep[] => [{ title, clicks: clicks(login) }],
    ...more,
  });

const belowEnterprise = (what: string): string => `Slack's API ${what} on Enterprise alone; do the manual steps.`;

const endSessionsByHand = byHand<'revoke_sessions'>(
  'Sign the person out everywhere',
  (login) => [
    'Below Enterprise, Slack has no button that signs out one person',
    `Deactivate ${login} (the button Disable in this thread does it): every session ends with it`,
    'Reset the password where the person signs in, then activate the account again',
  ],
  { why: belowEnterprise('ends sessions'), residual: RESIDUAL },
);

/** What can be done here: accounts over SCIM, sessions and roles on Enterprise, the rest by a person. */
export function actionsOf(reader: Reader): Actions<Reading> {
  const enterprise = isEnterprise(reader);
  const none: Action<never, Reading> = absent('Slack has no such thing.', NOT_SHOWN);
  const members: Clicks = (login) => [
    SIGN_IN,
    enterprise
      ? 'Click the organisation’s name, then Tools & settings | Organization settings | Members'
      : 'Click the workspace’s name, then Tools & settings | Manage members',
    `Search for ${login} and open the ⋯ menu beside it`,
  ];
  const removeFactors = byHand<never>('Remove the second factor, so that the person sets it up anew', (login) => [
    ...members(login),
    'Choose Disable two-factor authentication',
    'Let the person set it up again once the account is theirs',
  ]);
  const removeRoles = byHand<'remove_admin_roles'>(
    'Take the administrator roles away',
    (login) => [
      ...members(login),
      'Choose Change account type',
      'Choose Regular member and Save; note the former role here',
    ],
    { why: belowEnterprise('changes roles'), judge: (_task, { reading }) => judgeRoles(reading, false) },
  );
  return {
    reset_password: byHand('Reset the Slack password', (login) => [
      'Contain the mailbox first: Slack sends the link for a new password there',
      ...members(login),
      'Choose Reset password (it is missing where people sign in through an identity provider: reset it there)',
      'Confirm, and tell the person by another way to choose a new password',
    ]),
    revoke_sessions: enterprise ? revokeSessions(reader) : endSessionsByHand,
    disable_account: disableAccount(reader),
    enable_account: enableAccount(reader),
    remove_factors: removeFactors,
    unlink_identity_providers: none,
    invalidate_backup_codes: removeFactors,
    clear_recovery_contacts: none,
    require_two_step: byHand('Require two-factor authentication', () => [
      SIGN_IN,
      enterprise
        ? 'Open Organization settings | Security | Security settings'
        : 'Open Tools & settings | Workspace settings | Authentication',
      'Expand Two-factor authentication (workspace-wide) and activate it: it applies to everybody, Slack has none for one person',
    ]),
    delete_app_passwords: none,
    revoke_grants: byHand('Remove the apps that the person added', (login) => [
      SIGN_IN,
      enterprise
        ? 'Open Organization settings | Integrations | Installed apps'
        : 'Open Tools & settings | Manage apps | Installed apps',
      `Open each app that the evidence names for ${login}`,
      'Under Authorizations, choose Revoke beside the person; if nobody else needs the app, choose Remove app',
    ]),
    disable_mail_rules: none,
    block_mail_protocols: none,
    block_devices: none,
    remove_admin_roles: enterprise ? removeAdminRoles(reader) : removeRoles,
    quarantine: none,
    limit_login_ips: byHand('Limit sign-in to IP ranges', () => [
      'Slack limits addresses for a whole Enterprise organisation, not for one person: limit them in the identity provider that people sign in through',
      enterprise
        ? 'For the whole organisation: Organization settings | Security | Security settings | IP address allowlist'
        : 'Below Enterprise there is no such setting in Slack',
    ]),
    block_address: none,
    confirm_compromised: none,
  };
}

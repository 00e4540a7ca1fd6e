import type { AccountRef, Command, ConsoleStep } from '../port.js';
import type { KeycloakSettings } from './settings.js';

const openUser = ({ base_url, realm }: KeycloakSettings, { login, accountId }: AccountRef): readonly string[] => [
  `Sign in to ${base_url}/admin/${encodeURIComponent(realm)}/console/`,
  `Open Users, search for ${login} and open the account (ID ${accountId})`,
];

/** Keycloak has no rule on addresses: the proxy in front of it has. */
const atProxy = (settings: KeycloakSettings, title: string, rule: string): ConsoleStep => ({
  title,
  clicks: [
    `Open the configuration of the reverse proxy or firewall in front of ${settings.base_url}`,
    `For the paths /realms/${settings.realm}/protocol/ and /realms/${settings.realm}/login-actions/ ${rule}`,
    'Check that the proxy sets X-Forwarded-For itself and Keycloak trusts only it, so that the address cannot be made up',
    'Apply the change, and check that your own sign-in still works',
  ],
});

/** What a person must do in Keycloak's admin console, because the API cannot or nothing was prepared. */
export function consoleSteps(
  settings: KeycloakSettings,
  command: Command,
  account: AccountRef,
): readonly ConsoleStep[] {
  switch (command.kind) {
    case 'clear_recovery_contacts':
      return [
        {
          title: 'Check where "Forgot password" goes, and other ways in',
          clicks: [
            ...openUser(settings, account),
            'On the tab Details compare Email with the personnel file; correct it, switch Email verified on, and choose Save',
            "On the tab Identity provider links choose Unlink account for every account that is not the person's",
            'On the tab Credentials check that no recovery codes are left that the person does not know',
          ],
        },
      ];
    case 'quarantine':
      if (settings.quarantine_group !== null) return [];
      return [
        {
          title: 'Put the account into a quarantine group',
          clicks: [
            ...openUser(settings, account),
            'On the tab Groups choose Join Group, select the group that applications refuse, and choose Join',
            'If there is none: Groups | Create group, and have each application refuse its members',
          ],
        },
      ];
    case 'limit_login_ips':
      return [
        atProxy(
          settings,
          'Limit sign-in to addresses',
          `permit only ${command.ranges.join(', ')} (this holds for everybody in the realm)`,
        ),
      ];
    case 'block_address':
      return [atProxy(settings, "Block the attacker's address", `refuse requests from ${command.ranges.join(', ')}`)];
    default:
      return [];
  }
}

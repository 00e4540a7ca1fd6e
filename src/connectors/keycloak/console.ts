import { step } from '../kit/action.js';
import type { AccountRef, ConsoleStep } from '../../ports/connector.js';
import type { KeycloakSettings } from './settings.js';

/** Clicks on one user in Keycloak's admin console, starting with the sign-in. */
export const onUser =
  ({ base_url, realm }: KeycloakSettings, title: string, ...clicks: readonly string[]) =>
  (_command: unknown, { login, accountId }: AccountRef): readonly ConsoleStep[] =>
    step(
      title,
      `Sign in to ${base_url}/admin/${encodeURIComponent(realm)}/console/`,
      `Open Users, search for ${login} and open the account (ID ${accountId})`,
      ...clicks,
    );

/** Keycloak has no rule on addresses: the proxy in front of it has. */
export const atProxy = ({ base_url, realm }: KeycloakSettings, title: string, rule: string): readonly ConsoleStep[] =>
  step(
    title,
    `Open the configuration of the reverse proxy or firewall in front of ${base_url}`,
    `For the paths /realms/${realm}/protocol/ and /realms/${realm}/login-actions/ ${rule}`,
    'Check that the proxy sets X-Forwarded-For itself and Keycloak trusts only it, so that the address cannot be made up',
    'Apply the change, and check that your own sign-in still works',
  );

import type { Command, Survivor } from '../port.js';
import type { KeycloakSettings } from './settings.js';

const accessTokens = ({ access_token_lifespan_s: forSeconds }: KeycloakSettings): Survivor => ({
  what: 'Access tokens that were already issued: applications that do not ask Keycloak take them until they run out',
  forSeconds,
});
const OWN_SESSIONS: Survivor = {
  what: 'Sessions that applications keep by themselves and that have no back-channel logout',
  forSeconds: null,
};
const OPEN_SESSIONS: Survivor = {
  what: 'Sessions and offline tokens from before: a new password does not end them, revoking sessions does',
  forSeconds: null,
};
const OTHER_WAYS: Survivor = {
  what: 'Sign-in through a linked identity provider or with a passkey: only the password was changed',
  forSeconds: null,
};
const FIRST_COMER: Survivor = {
  what: 'Whoever signs in next enrols the second factor: reset the password first, and end the sessions',
  forSeconds: null,
};

/** What goes on working after a command. */
export function survivors(settings: KeycloakSettings, command: Command): readonly Survivor[] {
  switch (command.kind) {
    case 'reset_password':
      return [OPEN_SESSIONS, OTHER_WAYS];
    case 'revoke_sessions':
    case 'disable_account':
      return [accessTokens(settings), OWN_SESSIONS];
    case 'revoke_grants':
    case 'remove_admin_roles':
    case 'quarantine':
      return [accessTokens(settings)];
    case 'require_two_step':
      return [FIRST_COMER];
    default:
      return [];
  }
}

import { lasting, lastingUntil } from '../kit/action.js';
import type { AccountState, ResidualAccess } from '../../ports/connector.js';

/** Access tokens live 60 to 90 minutes; Microsoft draws the length at random. */
export const ACCESS_TOKEN_SECONDS = 90 * 60;
/** A group change applies to sign-ins after some minutes of replication. */
export const GROUP_DELAY_SECONDS = 15 * 60;
const DAY_SECONDS = 24 * 60 * 60;

export const ACCESS_TOKENS = lasting(
  'Access tokens that were given out before, in applications without continuous access evaluation',
  ACCESS_TOKEN_SECONDS,
);
export const APP_SESSIONS = lasting('Sessions that an application keeps by itself: Entra ID cannot end them');
export const APP_PASSWORDS = lastingUntil(
  'App passwords of per-user multifactor authentication, until they are deleted in the console',
  'delete_app_passwords',
);
export const CERTIFICATES = lasting(
  "Sign-in with a certificate, where the tenant takes certificates: Graph lists no person's certificates, revoke it where it was issued",
);
export const HARDWARE_TOKENS = lasting(
  'Hardware OATH tokens: only the beta of Graph shows them, look under Authentication methods in the Entra admin center',
);
/** `GET /users/{id}/ownedObjects` is "not supported" for an application: learn.microsoft.com/graph/api/user-list-ownedobjects */
export const OWNED_APPLICATIONS = lasting(
  'Applications that the account owns: their secrets and certificates go on, those too that were added meanwhile, and Graph lists them to no application; do the manual step of the administrator roles',
);
/** After a change of what a Conditional Access policy requires. */
export const UNTIL_ASKED = [
  lasting('The old sign-in rules, until the change has spread', GROUP_DELAY_SECONDS),
  {
    ...lastingUntil(
      'Sessions in Exchange and SharePoint that are already open, unless they are revoked as well',
      'revoke_sessions',
    ),
    forSeconds: DAY_SECONDS,
  },
];

/** What the account's authority keeps open: what it says about the account, or that people sign in there. */
export function atAuthority({ authority }: AccountState): readonly ResidualAccess[] {
  if (authority === null || authority.where === 'here') return [];
  const from = authority.from ?? 'another system';
  return authority.where === 'synced'
    ? [lasting(`What ${from} says of the account: its next copy may undo this, act there too`)]
    : [lasting(`Sign-in at ${from}, where this account proves itself: act there too`)];
}

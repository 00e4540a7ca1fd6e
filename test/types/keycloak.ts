/** What the connector sends to Keycloak and reads from it, against the types of Keycloak's own admin client. */
import type { Keycloak, Misfit, None, Unread } from 'identity-sandbox/vendor';
import type { Bodies, Body, UserChange } from '../../src/connectors/keycloak/bodies.js';
import type { switched } from '../../src/connectors/keycloak/examination.js';
import type { errorBody } from '../../src/connectors/keycloak/failures.js';
import type { credential, grant, group, lockState, session } from '../../src/connectors/keycloak/holdings.js';
import type { identity } from '../../src/connectors/keycloak/identity-providers.js';
import type { adminEvent, config, userEvent } from '../../src/connectors/keycloak/log.js';
import type { client, named, role } from '../../src/connectors/keycloak/roles.js';
import type { provider } from '../../src/connectors/keycloak/state.js';
import type { candidate, user } from '../../src/connectors/keycloak/user.js';
import type { ReadBy } from './read-by.js';

export type Sends = [
  None<Misfit<Keycloak.User, UserChange>>,
  None<Misfit<Keycloak.Credential, Bodies['password']>>,
  None<Misfit<Keycloak.Role[], Bodies['roles']>>,
  None<Misfit<Keycloak.Identity, Bodies['identity']>>,
];

export type Reads = [
  None<Unread<Keycloak.User, ReadBy<typeof user>>>,
  None<Unread<Keycloak.User, ReadBy<typeof candidate>>>,
  None<Unread<Keycloak.Credential, ReadBy<typeof credential>>>,
  None<Unread<Keycloak.Session, ReadBy<typeof session>>>,
  None<Unread<Keycloak.Identity, ReadBy<typeof identity>>>,
  None<Unread<Keycloak.Consent, ReadBy<typeof grant>>>,
  None<Unread<Keycloak.Group, ReadBy<typeof group>>>,
  None<Unread<Keycloak.BruteForceStatus, ReadBy<typeof lockState>>>,
  None<Unread<Keycloak.UserEvent, ReadBy<typeof userEvent>>>,
  None<Unread<Keycloak.ServerAdminEvent, ReadBy<typeof adminEvent>>>,
  None<Unread<Keycloak.RealmEventsConfigRepresentation, ReadBy<typeof config>>>,
  None<Unread<Keycloak.RequiredAction, ReadBy<typeof switched>>>,
  None<Unread<Keycloak.Role, ReadBy<typeof role>>>,
  None<Unread<Keycloak.Role, ReadBy<typeof named>>>,
  None<Unread<Keycloak.Client, ReadBy<typeof client>>>,
  None<Unread<Keycloak.ProviderName, ReadBy<typeof provider>>>,
  None<Unread<Keycloak.Refusal, ReadBy<typeof errorBody>>>,
];

// @ts-expect-error A user of Keycloak has no such key.
export type Invented = None<Misfit<Keycloak.User, { locked: true }>>;
// @ts-expect-error Whether it is enabled is a boolean.
export type WrongValue = None<Misfit<Keycloak.User, { enabled: 'yes' }>>;
// @ts-expect-error What Keycloak does not have cannot be read.
export type Unheard = None<Unread<Keycloak.User, { locked: boolean }>>;
// @ts-expect-error A number comes where a text is read.
export type Misread = None<Unread<Keycloak.Session, { start: string }>>;
// @ts-expect-error Nothing is sent but what is listed.
export const unlisted: Body = { type: 'password', value: 'x', temporary: true, forced: true };

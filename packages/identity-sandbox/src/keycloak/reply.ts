import type { Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';
import type { Exactly, Keycloak } from '../vendor/index.js';

/** Keycloak's own bodies: `error` from its exception mapper, `errorMessage` from its resources. */
export const fail = (status: number, body: Keycloak.Refusal): Reply => ({ status, body });
export const failed = (status: number, error: string): Reply => fail(status, { error });

export const UNAUTHORIZED = failed(401, 'HTTP 401 Unauthorized');
export const FORBIDDEN = failed(403, 'HTTP 403 Forbidden');

export const refuse = (status: number, error: string): Routed => ({ refused: failed(status, error) });
export const forbidden: Routed = { refused: FORBIDDEN };
export const noSuchRoute: Routed = refuse(404, 'HTTP 404 Not Found');

/** An answer that is held to Keycloak's type: a key or a value that Keycloak does not have is not compiled. */
const shows =
  <Vendor>() =>
  <const Ours>(body: Ours & Exactly<Vendor, Ours>): Routed => ({ write: false, commit: () => ({ status: 200, body }) });

export const show = {
  users: shows<Keycloak.User[]>(),
  user: shows<Keycloak.User>(),
  credentials: shows<Keycloak.Credential[]>(),
  identities: shows<Keycloak.Identity[]>(),
  sessions: shows<Keycloak.Session[]>(),
  consents: shows<Keycloak.Consent[]>(),
  groups: shows<Keycloak.Group[]>(),
  group: shows<Keycloak.Group>(),
  roles: shows<Keycloak.Role[]>(),
  clients: shows<Keycloak.Client[]>(),
  events: shows<Keycloak.UserEvent[]>(),
  adminEvents: shows<Keycloak.ServerAdminEvent[]>(),
  eventsConfig: shows<Keycloak.RealmEventsConfigRepresentation>(),
  requiredAction: shows<Keycloak.RequiredAction>(),
  providerName: shows<Keycloak.ProviderName>(),
  bruteForce: shows<Keycloak.BruteForceStatus>(),
  realm: shows<Keycloak.PublishedRealm>(),
};

/** A change that answers 204 without a body. */
export const change = (email: string, effect: () => void): Routed => ({
  write: true,
  email,
  commit() {
    effect();
    return { status: 204, body: null };
  },
});

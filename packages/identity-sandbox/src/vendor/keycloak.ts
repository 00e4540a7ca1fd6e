import type AdminEvent from '@keycloak/keycloak-admin-client/lib/defs/adminEventRepresentation.js';
import type Client from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js';
import type Component from '@keycloak/keycloak-admin-client/lib/defs/componentRepresentation.js';
import type Credential from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation.js';
import type Event from '@keycloak/keycloak-admin-client/lib/defs/eventRepresentation.js';
import type Identity from '@keycloak/keycloak-admin-client/lib/defs/federatedIdentityRepresentation.js';
import type Group from '@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js';
import type { RealmEventsConfigRepresentation } from '@keycloak/keycloak-admin-client/lib/defs/realmEventsConfigRepresentation.js';
import type RequiredAction from '@keycloak/keycloak-admin-client/lib/defs/requiredActionProviderRepresentation.js';
import type Role from '@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js';
import type User from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js';
import type UserConsent from '@keycloak/keycloak-admin-client/lib/defs/userConsentRepresentation.js';
import type UserSession from '@keycloak/keycloak-admin-client/lib/defs/userSessionRepresentation.js';

/**
 * The types of Keycloak's own admin client, and by name what they lack: each with the page or the source of Keycloak's
 * that shows it. REST: www.keycloak.org/docs-api/latest/rest-api/index.html, with the type's name as anchor. Sources: in
 * github.com/keycloak/keycloak.
 */
export type { Client, Credential, Group, Identity, RealmEventsConfigRepresentation, RequiredAction, Role, User };

/** `rememberMe`: REST, UserSessionRepresentation. */
export type Session = UserSession & { rememberMe?: boolean };

/**
 * `id`: REST, EventRepresentation. `GRANT_CONSENT`, `FEDERATED_IDENTITY_LINK` and the lock-outs: server-spi-private/src/main/java/org/keycloak/events/EventType.java
 */
export type UserEvent = Omit<Event, 'type'> & {
  id?: string;
  type?: Event['type'] | 'GRANT_CONSENT' | 'FEDERATED_IDENTITY_LINK' | LockOut;
};
type LockOut = 'USER_DISABLED_BY_TEMPORARY_LOCKOUT' | 'USER_DISABLED_BY_PERMANENT_LOCKOUT';

/** `id`: REST, AdminEventRepresentation. */
export type ServerAdminEvent = AdminEvent & { id?: string };

/**
 * `additionalGrants`, and `null` as the time of a client that holds an offline token without a consent: `getConsents` in
 * services/src/main/java/org/keycloak/services/resources/admin/UserResource.java
 */
export type Consent = Omit<UserConsent, 'createdDate' | 'lastUpdatedDate'> & {
  createdDate?: number | null;
  lastUpdatedDate?: number | null;
  additionalGrants?: { client?: string; key?: string }[];
};

/** The client says `Record<string, any>`: `bruteForceUserStatus` in …/resources/admin/AttackDetectionResource.java */
export interface BruteForceStatus {
  numFailures?: number;
  disabled?: boolean;
  lastIPFailure?: string;
  lastFailure?: number;
}

/** `user-storage/{id}/name`: `getSimpleName` in …/resources/admin/UserStorageProviderResource.java */
export type ProviderName = Pick<Component, 'id' | 'name'>;

/** What anybody may read of a realm: core/src/main/java/org/keycloak/representations/idm/PublishedRealmRepresentation.java */
export interface PublishedRealm {
  realm?: string;
  public_key?: string;
  'token-service'?: string;
  'account-service'?: string;
  'tokens-not-before'?: number;
}

/** REST, ErrorRepresentation; OAuth2ErrorRepresentation.java beside PublishedRealmRepresentation.java */
export interface Refusal {
  field?: string;
  errorMessage?: string;
  params?: unknown[];
  errors?: Omit<Refusal, 'errors'>[];
  error?: string;
  error_description?: string;
}

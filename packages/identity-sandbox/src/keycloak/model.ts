import { z } from 'zod';

const credential = z.object({
  id: z.string(),
  /** `otp`, `webauthn`, `webauthn-passwordless`, `recovery-authn-codes`. */
  type: z.string(),
  userLabel: z.string(),
  /** Milliseconds since 1970. */
  createdDate: z.number(),
});

const session = z.object({
  id: z.string(),
  ipAddress: z.string(),
  start: z.number(),
  lastAccess: z.number(),
  /** The client's UUID and its client id. */
  clients: z.record(z.string(), z.string()),
  offline: z.boolean(),
});

const consent = z.object({
  clientId: z.string(),
  grantedClientScopes: z.array(z.string()),
  createdDate: z.number(),
  lastUpdatedDate: z.number(),
});

const identity = z.object({ identityProvider: z.string(), userId: z.string(), userName: z.string() });

const user = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  enabled: z.boolean(),
  emailVerified: z.boolean(),
  createdTimestamp: z.number(),
  requiredActions: z.array(z.string()),
  attributes: z.record(z.string(), z.array(z.string())),
  /** Id of the user federation provider that the account is imported from. */
  federationLink: z.string().nullable(),
  /** Client id of the service account's client. */
  serviceAccountClientId: z.string().nullable(),
  /** `null`: no password here. */
  password: z.object({ passwordSalt: z.string(), passwordHash: z.string(), createdDate: z.number() }).nullable(),
  credentials: z.array(credential),
  sessions: z.array(session),
  consents: z.array(consent),
  identities: z.array(identity),
  /** Names of roles of the client `realm-management` that are mapped to the account itself. */
  adminRoles: z.array(z.string()),
  realmRoles: z.array(z.string()),
  groups: z.array(z.string()),
  /** Seconds since 1970 before which no token counts. */
  notBefore: z.number(),
  lockedUntil: z.number(),
  numFailures: z.number(),
  /** Fine-grained permissions keep every administrator but their own from managing it. */
  guarded: z.boolean(),
});
export type KeycloakUserRecord = z.output<typeof user>;
export type KeycloakSessionRecord = z.output<typeof session>;

const group = z.object({ id: z.string(), name: z.string(), path: z.string(), adminRoles: z.array(z.string()) });

const realmRole = z.object({ id: z.string(), name: z.string(), adminRoles: z.array(z.string()) });
const client = z.object({ id: z.string(), clientId: z.string() });
const provider = z.object({ id: z.string(), name: z.string(), readOnly: z.boolean() });

const userEvent = z.object({
  id: z.string(),
  time: z.number(),
  type: z.enum([
    'LOGIN',
    'LOGIN_ERROR',
    'FEDERATED_IDENTITY_LINK',
    'UPDATE_TOTP',
    'UPDATE_PASSWORD',
    'USER_DISABLED_BY_TEMPORARY_LOCKOUT',
    'USER_DISABLED_BY_PERMANENT_LOCKOUT',
    'GRANT_CONSENT',
  ]),
  clientId: z.string(),
  userId: z.string(),
  ipAddress: z.string(),
  error: z.string().nullable(),
  details: z.record(z.string(), z.string()),
});
export type KeycloakEventRecord = z.output<typeof userEvent>;

const adminEvent = z.object({
  id: z.string(),
  time: z.number(),
  /** The acting account's id. */
  actor: z.string(),
  ipAddress: z.string(),
  operationType: z.string(),
  resourceType: z.string(),
  resourcePath: z.string(),
});
export type KeycloakAdminEventRecord = z.output<typeof adminEvent>;

/** Everything that the directory holds; plain JSON, so that it can be kept in a file and parsed from it. */
export const keycloakSnapshot = z.object({
  users: z.array(user),
  groups: z.array(group),
  realmRoles: z.array(realmRole),
  clients: z.array(client),
  providers: z.array(provider),
  identityProviders: z.array(z.string()),
  adminRoleIds: z.record(z.string(), z.string()),
  /** Newest first, as Keycloak lists them. */
  events: z.array(userEvent),
  adminEvents: z.array(adminEvent),
  eventsEnabled: z.boolean(),
  adminEventsEnabled: z.boolean(),
  disabledActions: z.array(z.string()),
});
export type KeycloakSnapshot = z.output<typeof keycloakSnapshot>;

export const ADMIN_CLIENT = 'realm-management';

/** The roles of `realm-management`, as a fresh realm has them. */
export const ADMIN_ROLES = [
  'create-client',
  'impersonation',
  'manage-authorization',
  'manage-clients',
  'manage-events',
  'manage-identity-providers',
  'manage-realm',
  'manage-users',
  'query-clients',
  'query-groups',
  'query-realms',
  'query-users',
  'realm-admin',
  'view-authorization',
  'view-clients',
  'view-events',
  'view-identity-providers',
  'view-realm',
  'view-users',
] as const;

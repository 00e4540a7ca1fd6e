import { randomUUID } from 'node:crypto';
import { hashPassword } from '../passwords.js';
import { ADMIN_CLIENT, ADMIN_ROLES, type KeycloakSnapshot, type KeycloakUserRecord } from './model.js';

export interface KeycloakUserSeed {
  readonly email: string;
  readonly name: string;
  /** The part before the `@` when left out. */
  readonly username?: string;
  /** Left out: nobody knows it. `null`: there is none, the person signs in elsewhere. */
  readonly password?: string | null;
  readonly disabled?: boolean;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** Name of the user federation provider (LDAP, Active Directory) that the account is imported from. */
  readonly federation?: string;
  /** Alias of the identity provider that the person signs in through. */
  readonly identityProvider?: string;
  readonly adminRoles?: readonly string[];
  readonly realmRoles?: readonly string[];
  readonly groups?: readonly string[];
  /** Fine-grained permissions keep the API client from managing this account. */
  readonly guarded?: boolean;
}

export interface KeycloakSeed {
  readonly users: readonly KeycloakUserSeed[];
  /** Paths, e.g. `/quarantine`, with the `realm-management` roles that members get. */
  readonly groups?: readonly { readonly path: string; readonly adminRoles?: readonly string[] }[];
  /** Composite realm roles with the `realm-management` roles in them. */
  readonly realmRoles?: readonly { readonly name: string; readonly adminRoles?: readonly string[] }[];
  /** Clients that people sign in to. */
  readonly clients?: readonly string[];
  readonly federations?: readonly { readonly name: string; readonly readOnly?: boolean }[];
  readonly identityProviders?: readonly string[];
  readonly eventsEnabled?: boolean;
  readonly adminEventsEnabled?: boolean;
  /** Required actions that the realm switched off. */
  readonly disabledActions?: readonly string[];
}

function addressed(email: string): { username: string; first: string } {
  const username = (email.split('@')[0] ?? email).toLowerCase();
  return { username, first: username };
}

function newUser(seed: KeycloakUserSeed, data: Omit<KeycloakSnapshot, 'users'>, now: Date): KeycloakUserRecord {
  const provider = data.providers.find(({ name }) => name === seed.federation);
  const [firstName = addressed(seed.email).first, ...rest] = seed.name.split(' ');
  const createdDate = now.getTime() - 90 * 24 * 3600 * 1000;
  const ownPassword = seed.password !== null && seed.identityProvider === undefined && provider === undefined;
  const identities =
    seed.identityProvider === undefined
      ? []
      : [{ identityProvider: seed.identityProvider, userId: randomUUID(), userName: seed.email.toLowerCase() }];
  return {
    id: randomUUID(),
    username: (seed.username ?? addressed(seed.email).username).toLowerCase(),
    email: seed.email.toLowerCase(),
    firstName,
    lastName: rest.join(' '),
    enabled: seed.disabled !== true,
    emailVerified: true,
    createdTimestamp: createdDate,
    requiredActions: [],
    attributes: Object.fromEntries(Object.entries(seed.attributes ?? {}).map(([key, values]) => [key, [...values]])),
    federationLink: provider?.id ?? null,
    serviceAccountClientId: null,
    password: ownPassword ? { ...hashPassword(seed.password ?? randomUUID()), createdDate } : null,
    credentials: [],
    sessions: [],
    consents: [],
    identities,
    adminRoles: [...(seed.adminRoles ?? [])],
    realmRoles: ['default-roles', ...(seed.realmRoles ?? [])],
    groups: data.groups.filter(({ path }) => seed.groups?.includes(path)).map(({ id }) => id),
    notBefore: 0,
    lockedUntil: 0,
    numFailures: 0,
    guarded: seed.guarded === true,
  };
}

/** A realm as it stands when the directory starts; `serviceClient` is the API client, with its service account. */
export function plant(seed: KeycloakSeed, serviceClient: string, now: Date): KeycloakSnapshot {
  const rest = {
    groups: (seed.groups ?? []).map(({ path, adminRoles = [] }) => ({
      id: randomUUID(),
      name: path.split('/').at(-1) ?? path,
      path,
      adminRoles: [...adminRoles],
    })),
    realmRoles: [{ name: 'default-roles' }, ...(seed.realmRoles ?? [])].map((role) => ({
      id: randomUUID(),
      name: role.name,
      adminRoles: 'adminRoles' in role ? [...(role.adminRoles ?? [])] : [],
    })),
    clients: [ADMIN_CLIENT, 'account-console', serviceClient, ...(seed.clients ?? ['wiki', 'mail-client'])].map(
      (clientId) => ({ id: randomUUID(), clientId }),
    ),
    providers: (seed.federations ?? []).map(({ name, readOnly = true }) => ({ id: randomUUID(), name, readOnly })),
    identityProviders: [...(seed.identityProviders ?? [])],
    adminRoleIds: Object.fromEntries(ADMIN_ROLES.map((name) => [name, randomUUID()])),
    events: [],
    adminEvents: [],
    eventsEnabled: seed.eventsEnabled !== false,
    adminEventsEnabled: seed.adminEventsEnabled !== false,
    disabledActions: [...(seed.disabledActions ?? [])],
  } satisfies Omit<KeycloakSnapshot, 'users'>;
  const service = newUser(
    { email: '', name: '', username: `service-account-${serviceClient}`, password: null },
    rest,
    now,
  );
  return {
    ...rest,
    users: [...seed.users.map((one) => newUser(one, rest, now)), { ...service, serviceAccountClientId: serviceClient }],
  };
}

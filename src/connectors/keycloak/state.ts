import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { AccountRef, AccountState, CallContext, ConnectorFailure } from '../port.js';
import { segment, type KeycloakApi } from './api.js';
import { isPartial } from './failures.js';
import { isFactor, PASSWORD, readCredentials, readLock, type Credential } from './holdings.js';
import { ROLE } from './permissions.js';
import type { Roles } from './roles.js';
import type { KeycloakSettings } from './settings.js';
import type { Identity } from './token.js';
import { readUser, type KeycloakUser } from './user.js';

export interface Reader {
  readonly api: KeycloakApi;
  readonly roles: Roles;
  readonly settings: KeycloakSettings;
  readonly runtime: Runtime;
}

export interface Reading {
  readonly user: KeycloakUser;
  readonly credentials: readonly Credential[] | null;
  readonly state: AccountState;
}

export const UPDATE_PASSWORD = 'UPDATE_PASSWORD';

/** Missing rights leave one field untold; a system that is down leaves the whole state untold. */
export function tell<T>(result: Result<T, ConnectorFailure>): Result<T | null, ConnectorFailure> {
  if (result.ok) return result;
  return isPartial(result.error) ? ok(null) : result;
}

export const passwordOf = (credentials: readonly Credential[]): Credential | undefined =>
  credentials.find(({ type }) => type === PASSWORD);

/** When the stored password was set; `null` when none is stored here (a user federation keeps it) or it is not told. */
export function passwordSetAt(credentials: readonly Credential[] | null): Date | null {
  const at = credentials === null ? null : (passwordOf(credentials)?.createdDate ?? null);
  return at === null ? null : new Date(at);
}

const provider = z.object({ name: z.string() });

async function authorityOf(
  { api, settings }: Reader,
  user: KeycloakUser,
  credentials: readonly Credential[] | null,
  call: CallContext,
): Promise<AccountState['authority']> {
  const link = user.federationLink ?? null;
  if (link !== null) {
    const path = `/user-storage/${segment(link)}/name`;
    const named = await api.read({ path, schema: provider, need: ROLE.viewUsers, call });
    const name = named.ok ? named.value.name : link;
    return { where: 'synced', from: settings.upstream[name] ?? name };
  }
  const alias = user.federatedIdentities?.[0]?.identityProvider;
  if (alias === undefined) return { where: 'here' };
  // Somebody who has a password here as well can sign in with it: then the account is decided here too.
  if (credentials === null) return null;
  const hasPassword = passwordOf(credentials) !== undefined;
  return hasPassword ? { where: 'here' } : { where: 'federated', from: settings.upstream[alias] ?? alias };
}

/** Whether our token says that we have the role; `null` when it does not say. */
export function holdsRole({ admin_client }: KeycloakSettings, { roles }: Identity, role: string): boolean | null {
  if (roles === null) return null;
  const held = roles[admin_client] ?? [];
  return held.includes(role) || held.includes('realm-admin');
}

interface Reach {
  readonly settings: KeycloakSettings;
  readonly user: KeycloakUser;
  readonly adminRoles: readonly string[] | null;
  readonly identity: Identity;
}

function protectedBecause({ settings, user, adminRoles, identity }: Reach): string | null {
  const held = settings.protected_roles.filter((role) => adminRoles?.includes(role));
  if (held.length > 0)
    return `The account holds the administrator role ${held.join(', ')}, which keycloak.protected_roles keeps from being touched.`;
  // Without the role nobody can be managed: that is a missing permission, not a protected account.
  const manages = holdsRole(settings, identity, ROLE.manageUsers) !== false;
  if (manages && user.access?.['manage'] === false)
    return 'Fine-grained permissions of Keycloak keep the service account from managing this account.';
  return null;
}

function twoStepRequired(
  { settings }: Reader,
  user: KeycloakUser,
  credentials: readonly Credential[] | null,
): boolean | null {
  if (user.requiredActions?.includes(settings.two_step_action) === true) return true;
  // With a factor the sign-in flow decides whether it is asked for, and the flow is not shown per account.
  return credentials?.some(isFactor) === false ? false : null;
}

/** One account with everything that Keycloak can tell. The reads run side by side. */
export async function readAccount(
  reader: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Reading, ConnectorFailure>> {
  const { api, roles, settings, runtime } = reader;
  const id = account.accountId;
  const [identity, user, lock, stored, effective] = await Promise.all([
    api.identity(call),
    readUser(api, id, call),
    readLock(api, id, call),
    readCredentials(api, id, call),
    roles.effective(id, call),
  ]);
  if (!identity.ok) return identity;
  if (!user.ok) return user;
  const [locked, credentials, adminRoles] = [tell(lock), tell(stored), tell(effective)];
  if (!locked.ok) return locked;
  if (!credentials.ok) return credentials;
  if (!adminRoles.ok) return adminRoles;
  return ok({
    user: user.value,
    credentials: credentials.value,
    state: {
      enabled: user.value.enabled,
      locked: locked.value?.disabled ?? null,
      mustChangePassword: user.value.requiredActions?.includes(UPDATE_PASSWORD) ?? false,
      passwordChangedAt: passwordSetAt(credentials.value),
      twoStepRequired: twoStepRequired(reader, user.value, credentials.value),
      loginRanges: null,
      protectedBecause: protectedBecause({
        settings,
        user: user.value,
        adminRoles: adminRoles.value,
        identity: identity.value,
      }),
      authority: await authorityOf(reader, user.value, credentials.value, call),
      adminRoles: adminRoles.value,
      use: user.value.serviceAccountClientId == null ? null : 'service',
      readAt: runtime.now(),
    },
  });
}

import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { Action, Answer, Target } from '../kit/action.js';
import { allOf } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import { createQueue } from '../kit/queue.js';
import type { AccountState, ActionKind, Receipt } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { KeycloakApi } from './api.js';
import { isFactor, PASSWORD, readCredentials, readLock, type Credential } from './holdings.js';
import { ROLE } from './permissions.js';
import { createRoles, type Roles } from './roles.js';
import type { KeycloakSettings } from './settings.js';
import type { Identity } from './token.js';
import { readUser, type KeycloakUser } from './user.js';

interface Reader {
  readonly api: KeycloakApi;
  readonly roles: Roles;
  readonly settings: KeycloakSettings;
  readonly runtime: Runtime;
}

/** What every part of the connector works with. */
export interface Parts extends Reader {
  /**
   * One change at a time for each account. Keycloak accepts the required actions only as a whole list: two changes
   * based on the same reading would undo each other, although both were proven.
   */
  readonly inTurn: (target: Target, work: () => Answer<Receipt>) => Answer<Receipt>;
  /** In turn, with the account as just read, unless it must not be touched. */
  readonly permitted: (target: Target, work: (reading: Reading) => Answer<Receipt>) => Answer<Receipt>;
}

/** As far as they can be read. */
type Credentials = Listed<Credential>;

export interface Reading {
  readonly user: KeycloakUser;
  readonly credentials: Credentials | null;
  readonly state: AccountState;
}

const UPDATE_PASSWORD = 'UPDATE_PASSWORD';

const passwordOf = (credentials: Credentials | null): Credential | undefined =>
  credentials?.items.find(({ type }) => type === PASSWORD);

export const provider = z.object({ name: z.string() });

async function authorityOf(
  { api, settings }: Reader,
  user: KeycloakUser,
  credentials: Credentials | null,
  { call }: Target,
): Promise<AccountState['authority']> {
  const { federationLink: link, federatedIdentities = [] } = user;
  if (link === undefined || federatedIdentities.includes(null)) return null;
  if (link !== null) {
    const named = await api.read({ path: `/user-storage/${segment(link)}/name`, schema: provider, call });
    const name = named.ok ? named.value.name : link;
    return { where: 'synced', from: settings.upstream[name] ?? name };
  }
  const aliases = federatedIdentities.flatMap((one) => one?.identityProvider ?? []);
  // Somebody may have linked another one: the company's is the one that is configured.
  const alias = aliases.find((one) => Object.hasOwn(settings.upstream, one)) ?? aliases[0];
  if (alias === undefined) return { where: 'here' };
  // Somebody who also has a password here can sign in with it: then the account is managed here too.
  if (passwordOf(credentials) !== undefined) return { where: 'here' };
  return credentials?.complete === true ? { where: 'federated', from: settings.upstream[alias] ?? alias } : null;
}

/** Whether our token says that we have the role; `null` when it does not say. */
export function holdsRole({ admin_client }: KeycloakSettings, { roles }: Identity, role: string): boolean | null {
  if (roles === null) return null;
  const held = roles[admin_client] ?? [];
  return held.includes(role) || held.includes('realm-admin');
}

function protectedBecause(
  settings: KeycloakSettings,
  user: KeycloakUser,
  adminRoles: readonly string[] | null,
  identity: Identity,
): string | null {
  const held = settings.protected_roles.filter((role) => adminRoles?.includes(role));
  if (held.length > 0)
    return `The account holds the administrator role ${held.join(', ')}, which keycloak.protected_roles keeps from being touched.`;
  // Without the role nobody can be managed: that is a missing permission, not a protected account.
  const manages = holdsRole(settings, identity, ROLE.manageUsers) !== false;
  if (manages && user.access?.['manage'] === false)
    return 'Fine-grained permissions of Keycloak keep the service account from managing this account.';
  return null;
}

/** `null`: a required action cannot be read. */
export const demands = ({ requiredActions }: Pick<KeycloakUser, 'requiredActions'>, action: string): boolean | null =>
  requiredActions.includes(action) || (requiredActions.includes(null) ? null : false);

function twoStepRequired(action: string, user: KeycloakUser, credentials: Credentials | null): boolean | null {
  if (demands(user, action) !== false) return demands(user, action);
  // With a factor, the sign-in flow decides whether it is required, and the flow is not shown per account.
  return credentials?.complete === true && !credentials.items.some(isFactor) ? false : null;
}

/** A list in which no role is readable does not count as empty. */
const rolesOf = (roles: Listed<string> | null): readonly string[] | null =>
  roles !== null && (roles.items.length > 0 || roles.complete) ? roles.items : null;

/** One account with everything that Keycloak can tell. The reads run in parallel, with a token that they may renew. */
export async function readAccount(reader: Reader, on: Target): Answer<Reading> {
  const { api, settings, runtime } = reader;
  const found = await allOf([
    readUser(api, on),
    readLock(api, on).then(ifShown),
    readCredentials(api, on).then(ifShown),
    reader.roles.effective(on).then(ifShown),
  ]);
  if (!found.ok) return found;
  const [user, lock, credentials, effective] = found.value;
  const identity = await api.identity(on.call);
  if (!identity.ok) return identity;
  const adminRoles = rolesOf(effective);
  return ok({
    user,
    credentials,
    state: {
      enabled: user.enabled,
      locked: lock?.disabled ?? null,
      mustChangePassword: demands(user, UPDATE_PASSWORD),
      // Nothing is known here about a password that a user federation keeps.
      passwordChangedAt: passwordOf(credentials)?.createdDate ?? null,
      twoStepRequired: twoStepRequired(settings.two_step_action, user, credentials),
      loginRanges: null,
      protectedBecause: protectedBecause(settings, user, adminRoles, identity.value),
      authority: await authorityOf(reader, user, credentials, on),
      adminRoles,
      use: user.serviceAccountClientId == null ? null : 'service',
      readAt: runtime.now(),
    },
  });
}

/** The same action, for an account that may be touched, and in turn. */
export const permittedAction = <K extends ActionKind>(
  { permitted }: Parts,
  action: Action<K, Reading>,
): Action<K, Reading> => ({ ...action, perform: (task) => permitted(task, () => action.perform(task)) });

export function partsOf(api: KeycloakApi, settings: KeycloakSettings, runtime: Runtime): Parts {
  const reader: Reader = { api, roles: createRoles(api, settings), settings, runtime };
  const queue = createQueue();
  const inTurn: Parts['inTurn'] = ({ account }, work) => queue(account.accountId, work);
  return {
    ...reader,
    inTurn,
    permitted: (target, work) =>
      inTurn(target, async () => {
        const reading = await readAccount(reader, target);
        if (!reading.ok) return reading;
        const { protectedBecause: because } = reading.value.state;
        if (because === null) return work(reading.value);
        const message = `${because} Contain it in the admin console, or change keycloak.protected_roles and the service account's roles.`;
        return err({ kind: 'protected_account', message });
      }),
  };
}

import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Chosen, Command, ConnectorFailure, Receipt } from '../port.js';
import { segment, type KeycloakApi } from './api.js';
import {
  isFactor,
  readCredentials,
  readGrants,
  readGroupByPath,
  readGroups,
  readSessions,
  RECOVERY_CODES,
} from './holdings.js';
import { ROLE } from './permissions.js';
import { readAccount, type Reader, type Reading } from './state.js';
import { putUser } from './user.js';

export type Outcome = Result<Receipt, ConnectorFailure>;

export const DONE: Receipt = { alreadyDone: true, requestId: null };

export const unsupported = (message: string): { readonly ok: false; readonly error: ConnectorFailure } =>
  err({ kind: 'unsupported', message });

export const isChosen = (items: Chosen, id: string): boolean => items === 'all' || items.includes(id);

const userPath = (id: string, rest: string): string => `/users/${segment(id)}${rest}`;

/** Deletes one after the other; what is gone already counts as deleted. */
async function deleteAll(api: KeycloakApi, paths: readonly string[], call: CallContext): Promise<Outcome> {
  let receipt = DONE;
  for (const path of paths) {
    const deleted = await api.write({ method: 'DELETE', path, need: ROLE.manageUsers, call });
    if (deleted.ok) receipt = deleted.value;
    else if (deleted.error.kind !== 'not_found') return deleted;
  }
  return ok(receipt);
}

async function resetPassword(
  { api }: Reader,
  { user, state }: Reading,
  value: string,
  call: CallContext,
): Promise<Outcome> {
  if (state.authority?.where === 'federated') {
    return unsupported(
      `The account has no password in Keycloak, its person signs in through ${state.authority.from ?? 'another system'}; reset it there.`,
    );
  }
  const json = { type: 'password', value, temporary: true };
  return api.write({ method: 'PUT', path: userPath(user.id, '/reset-password'), json, need: ROLE.manageUsers, call });
}

async function setEnabled({ api }: Reader, { user }: Reading, enabled: boolean, call: CallContext): Promise<Outcome> {
  return user.enabled === enabled ? ok(DONE) : putUser(api, user, { enabled }, call);
}

/** Ends online sessions and makes issued tokens stale, then ends the offline sessions, which that leaves listed. */
async function revokeSessions({ api }: Reader, { user }: Reading, call: CallContext): Promise<Outcome> {
  const out = await api.write({ method: 'POST', path: userPath(user.id, '/logout'), need: ROLE.manageUsers, call });
  if (!out.ok) return out;
  const left = await readSessions(api, user.id, call);
  if (!left.ok) return left;
  const offline = left.value.filter((session) => session.offline);
  const ended = await deleteAll(
    api,
    offline.map(({ id }) => `/sessions/${segment(id)}?isOffline=true`),
    call,
  );
  return ended.ok ? out : ended;
}

async function removeFactors({ api }: Reader, { user }: Reading, items: Chosen, call: CallContext): Promise<Outcome> {
  const stored = await readCredentials(api, user.id, call);
  if (!stored.ok) return stored;
  const chosen = stored.value.filter((one) => isFactor(one) && isChosen(items, one.id));
  return deleteAll(
    api,
    chosen.map(({ id }) => userPath(user.id, `/credentials/${segment(id)}`)),
    call,
  );
}

async function invalidateCodes({ api }: Reader, { user }: Reading, call: CallContext): Promise<Outcome> {
  const stored = await readCredentials(api, user.id, call);
  if (!stored.ok) return stored;
  const codes = stored.value.filter(({ type }) => type === RECOVERY_CODES);
  return deleteAll(
    api,
    codes.map(({ id }) => userPath(user.id, `/credentials/${segment(id)}`)),
    call,
  );
}

async function revokeGrants({ api }: Reader, { user }: Reading, items: Chosen, call: CallContext): Promise<Outcome> {
  const grants = await readGrants(api, user.id, call);
  if (!grants.ok) return grants;
  const chosen = grants.value.filter(({ clientId }) => isChosen(items, clientId));
  return deleteAll(
    api,
    chosen.map(({ clientId }) => userPath(user.id, `/consents/${segment(clientId)}`)),
    call,
  );
}

/** Adds the required action to those that are there, or takes it out. */
export async function setRequiredAction(
  { api, settings }: Reader,
  { user }: Reading,
  wanted: boolean,
  call: CallContext,
): Promise<Outcome> {
  const action = settings.two_step_action;
  const present = user.requiredActions ?? [];
  if (present.includes(action) === wanted) return ok(DONE);
  const others = present.filter((one) => one !== action);
  return putUser(api, user, { requiredActions: wanted ? [...others, action] : others }, call);
}

async function removeAdminRoles({ roles }: Reader, { user }: Reading, call: CallContext): Promise<Outcome> {
  const direct = await roles.direct(user.id, call);
  if (!direct.ok) return direct;
  if (direct.value.client.length + direct.value.realm.length === 0) return ok(DONE);
  const removed = await roles.change(user.id, direct.value, 'DELETE', call);
  return removed.ok ? ok({ alreadyDone: false, requestId: null }) : removed;
}

/** Joins or leaves the prepared group. */
export async function setQuarantine(
  { api, settings }: Reader,
  { user }: Reading,
  inside: boolean,
  call: CallContext,
): Promise<Outcome> {
  const path = settings.quarantine_group;
  if (path === null)
    return unsupported(
      'No quarantine group is configured for Keycloak; do the console steps, or set keycloak.quarantine_group.',
    );
  const [group, mine] = await Promise.all([readGroupByPath(api, path, call), readGroups(api, user.id, call)]);
  if (!group.ok) {
    if (group.error.kind !== 'not_found') return group;
    return err({
      kind: 'not_found',
      message: `Keycloak has no group ${path}; create it, or correct keycloak.quarantine_group.`,
    });
  }
  if (!mine.ok) return mine;
  const { id } = group.value;
  if (mine.value.some((one) => one.id === id) === inside) return ok(DONE);
  const method = inside ? 'PUT' : 'DELETE';
  return api.write({ method, path: userPath(user.id, `/groups/${segment(id)}`), need: ROLE.manageUsers, call });
}

const NOT_IN_KEYCLOAK =
  'Keycloak has nothing of this kind, or no call for it; if it lists console steps, a person does them.';

async function carryOut(reader: Reader, command: Command, reading: Reading, call: CallContext): Promise<Outcome> {
  switch (command.kind) {
    case 'reset_password':
      return resetPassword(reader, reading, command.password.reveal(), call);
    case 'revoke_sessions':
      return revokeSessions(reader, reading, call);
    case 'disable_account':
      return setEnabled(reader, reading, false, call);
    case 'enable_account':
      return setEnabled(reader, reading, true, call);
    case 'remove_factors':
      return removeFactors(reader, reading, command.items, call);
    case 'invalidate_backup_codes':
      return invalidateCodes(reader, reading, call);
    case 'require_two_step':
      return setRequiredAction(reader, reading, true, call);
    case 'revoke_grants':
      return revokeGrants(reader, reading, command.items, call);
    case 'remove_admin_roles':
      return removeAdminRoles(reader, reading, call);
    case 'quarantine':
      return setQuarantine(reader, reading, true, call);
    default:
      return unsupported(NOT_IN_KEYCLOAK);
  }
}

/** Carries out one command. Repeating it with the same values leaves the same state. */
export async function perform(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Outcome> {
  const reading = await readAccount(reader, account, call);
  if (!reading.ok) return reading;
  const { protectedBecause } = reading.value.state;
  if (protectedBecause !== null) {
    const message = `${protectedBecause} Contain it in the admin console, or change keycloak.protected_roles and the service account's roles.`;
    return err({ kind: 'protected_account', message });
  }
  return carryOut(reader, command, reading.value, call);
}

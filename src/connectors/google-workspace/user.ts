import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { contact } from '../http/contact.js';
import type { Pages } from '../http/pages.js';
import type { Action, Answer, Target } from '../kit/action.js';
import type { AccountState, ActionKind, CallContext, ConnectorFailure, Receipt } from '../../ports/connector.js';
import type { GoogleApi } from './api.js';
import type { Bodies } from './bodies.js';
import { SCOPE } from './scopes.js';
import type { GoogleWorkspaceSettings } from './settings.js';
import { flag, text } from './shapes.js';
import type { Tools } from './tools.js';

/** `users.get`. */
export const googleUser = z.object({
  id: z.string().min(1),
  /** Empty: it cannot be read. */
  primaryEmail: z.string().regex(/.@./).catch(''),
  isAdmin: flag,
  isDelegatedAdmin: flag,
  suspended: flag,
  suspensionReason: text,
  archived: flag,
  changePasswordAtNextLogin: flag,
  isEnrolledIn2Sv: flag,
  isEnforcedIn2Sv: flag,
  orgUnitPath: text,
  recoveryEmail: contact,
  recoveryPhone: contact,
  externalIds: z
    .array(z.object({ value: z.string().catch(''), type: z.string().catch('') }).catch({ value: '', type: '' }))
    .catch([])
    .default([]),
});
export type GoogleUser = z.output<typeof googleUser>;

/** An account as just read. */
export interface Reading {
  readonly user: GoogleUser;
  readonly state: AccountState;
}

export type GoogleAction<K extends ActionKind> = Action<K, Reading>;

const USERS = '/admin/directory/v1/users';
export const userPath = (key: string): string => `${USERS}/${encodeURIComponent(key)}`;

/** The user with this id, primary address or alias: Google accepts any of them. */
export const readUser = (api: GoogleApi, key: string, call: CallContext): Answer<GoogleUser> =>
  api.read(
    { path: userPath(key), query: { projection: 'full' }, scope: SCOPE.readUsers, what: `the user ${key}`, call },
    googleUser,
  );

/** The users whose employee id is this very text. */
export async function usersByEmployeeId(
  api: GoogleApi,
  customer: string,
  employeeId: string,
  call: CallContext,
): Answer<Pages<GoogleUser>> {
  const quoted = employeeId.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const query = { customer, query: `externalId='${quoted}'`, projection: 'full', maxResults: '20' };
  const request = { path: USERS, query, scope: SCOPE.readUsers, what: 'the users with this employee id', call };
  const found = await api.list(request, { key: 'users', item: googleUser, mostPages: 1 });
  if (!found.ok) return found;
  // The search also covers other external ids (a customer's number, a custom one); only the employee id identifies a
  // person.
  const same = (user: GoogleUser): boolean =>
    user.externalIds.some(({ type, value }) => type === 'organization' && value === employeeId);
  return ok({ ...found.value, items: found.value.items.filter(same) });
}

const isAdmin = (user: GoogleUser): boolean => user.isAdmin === true || user.isDelegatedAdmin === true;

/** Notme acts as this administrator, and would lock itself out. */
export const OWN_ADMIN =
  'Notme works in the name of this very administrator, so it does not change the account; contain it in the Admin console and give Notme another administrator.';

export const isOwnAdmin = (email: string, { admin_email: own }: GoogleWorkspaceSettings): boolean =>
  email.toLowerCase() === own.toLowerCase();

/** Why this administrator's rights do not reach the user; `null` when they do. */
export function protection(user: GoogleUser, settings: GoogleWorkspaceSettings): string | null {
  if (isOwnAdmin(user.primaryEmail, settings)) return OWN_ADMIN;
  if (settings.super_admin || !isAdmin(user)) return null;
  return `The account is ${user.isAdmin === true ? 'a super administrator' : 'an administrator'}, and Google lets only super administrators change those; do it in the Admin console.`;
}

/**
 * A refusal for an account that is out of reach is reported as such: Google's own answer is the same for a missing
 * privilege.
 */
export async function explainRefusal(
  { api, settings }: Tools,
  failure: ConnectorFailure,
  { account, call }: Target,
): Promise<ConnectorFailure> {
  if (failure.kind !== 'permission') return failure;
  const user = await readUser(api, account.accountId, call);
  const because = user.ok ? protection(user.value, settings) : null;
  return because === null ? failure : { kind: 'protected_account', message: because };
}

/** Does something to a user that is a call of its own, e.g. `signOut`; `what` describes it in words. */
export const actOnUser = (api: GoogleApi, { account, call }: Target, part: string, what: string): Answer<Receipt> =>
  api.change({ method: 'POST', path: `${userPath(account.accountId)}/${part}`, scope: SCOPE.security, what, call });

/** Changes fields of a user; fields that are not named stay. */
export const patchUser = (api: GoogleApi, { account, call }: Target, json: Bodies['user']): Answer<Receipt> =>
  api.change({
    method: 'PATCH',
    path: userPath(account.accountId),
    json,
    scope: SCOPE.writeUsers,
    what: `a change of ${account.login}`,
    call,
  });

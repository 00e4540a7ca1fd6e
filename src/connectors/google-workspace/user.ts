import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Receipt } from '../port.js';
import type { GoogleApi } from './api.js';
import { SCOPE } from './scopes.js';

const flag = z.boolean().nullable().catch(null).default(null);
const text = z.string().nullable().catch(null).default(null);

/** `users.get`; a flag that Google leaves out is `null`: it cannot tell. */
export const googleUser = z.object({
  id: z.string().min(1),
  primaryEmail: z.string().min(3),
  isAdmin: flag,
  isDelegatedAdmin: flag,
  suspended: flag,
  suspensionReason: text,
  archived: flag,
  changePasswordAtNextLogin: flag,
  isEnrolledIn2Sv: flag,
  isEnforcedIn2Sv: flag,
  orgUnitPath: text,
  recoveryEmail: text,
  recoveryPhone: text,
  externalIds: z
    .array(z.object({ value: z.string().catch(''), type: z.string().catch('') }))
    .catch([])
    .default([]),
});
export type GoogleUser = z.output<typeof googleUser>;

const USERS = '/admin/directory/v1/users';
export const userPath = (key: string): string => `${USERS}/${encodeURIComponent(key)}`;

/** The user with this id, primary address or alias: Google takes any of them. */
export function readUser(
  api: GoogleApi,
  key: string,
  call: CallContext,
): Promise<Result<GoogleUser, ConnectorFailure>> {
  const request = {
    path: userPath(key),
    query: { projection: 'full' },
    scope: SCOPE.readUsers,
    what: `the user ${key}`,
    call,
  };
  return api.read(request, googleUser);
}

/** The users whose employee id is this very text. */
export async function usersByEmployeeId(
  api: GoogleApi,
  customer: string,
  employeeId: string,
  call: CallContext,
): Promise<Result<readonly GoogleUser[], ConnectorFailure>> {
  const quoted = employeeId.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const query = { customer, query: `externalId='${quoted}'`, projection: 'full', maxResults: '20' };
  const request = { path: USERS, query, scope: SCOPE.readUsers, what: 'the users with this employee id', call };
  const found = await api.read(request, z.object({ users: z.array(googleUser).optional() }));
  if (!found.ok) return found;
  // The search also knows other external ids (a customer's number, a custom one); only the employee id names a person.
  const same = (user: GoogleUser): boolean =>
    user.externalIds.some(({ type, value }) => type === 'organization' && value === employeeId);
  return ok((found.value.users ?? []).filter(same));
}

/** The fields that this connector sets. */
export interface UserChange {
  readonly password?: string;
  readonly changePasswordAtNextLogin?: boolean;
  readonly suspended?: boolean;
  readonly recoveryEmail?: string;
  readonly recoveryPhone?: string;
  readonly orgUnitPath?: string;
}

const isAdmin = (user: GoogleUser): boolean => user.isAdmin === true || user.isDelegatedAdmin === true;

/** Why this administrator's rights do not reach the user; `null` when they do. */
export function protection(user: GoogleUser, adminEmail: string, superAdmin: boolean): string | null {
  if (user.primaryEmail.toLowerCase() === adminEmail.toLowerCase()) {
    return 'Notme works in the name of this very administrator, so it does not change the account; contain it in the Admin console and give Notme another administrator.';
  }
  if (superAdmin || !isAdmin(user)) return null;
  return `The account is ${user.isAdmin === true ? 'a super administrator' : 'an administrator'}, and Google lets only super administrators change those; do it in the Admin console.`;
}

export interface Guard {
  readonly superAdmin: boolean;
}

/** A refusal for an account that is out of reach is told as such: Google's own answer is the same for a missing privilege. */
export async function explainRefusal(
  api: GoogleApi,
  failure: ConnectorFailure,
  account: AccountRef,
  { superAdmin, call }: Guard & { call: CallContext },
): Promise<ConnectorFailure> {
  if (failure.kind !== 'permission') return failure;
  const user = await readUser(api, account.accountId, call);
  const because = user.ok ? protection(user.value, api.adminEmail, superAdmin) : null;
  return because === null ? failure : { kind: 'protected_account', message: because };
}

/** Changes fields of a user; fields that are not named stay. */
export async function patchUser(
  api: GoogleApi,
  account: AccountRef,
  change: UserChange,
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  const answer = await api.send({
    method: 'PATCH',
    path: userPath(account.accountId),
    json: change,
    scope: SCOPE.writeUsers,
    what: `a change of ${account.login}`,
    call,
  });
  return answer.ok ? ok({ alreadyDone: false, requestId: answer.value.requestId }) : err(answer.error.failure);
}

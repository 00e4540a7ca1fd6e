import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonHandles } from '../port.js';
import type { OktaApi } from './api.js';
import { oktaUser, userPath, type OktaUser } from './user.js';

/** Without `@` Okta would take `me` or a short name for somebody. */
const ADDRESS = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;
const MAX_HANDLES = 20;

/** A value in a search expression: quotes and backslashes are escaped. */
export const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

const same = (left: string | null, right: string): boolean => left?.toLowerCase() === right.toLowerCase();

/** By login, straight from the database: found even when the search index has not caught up. */
async function byLogin(
  api: OktaApi,
  login: string,
  call: CallContext,
): Promise<Result<readonly OktaUser[], ConnectorFailure>> {
  const user = await api.one(userPath(login), oktaUser, call);
  if (user.ok) return ok(same(user.value.profile.login, login) ? [user.value] : []);
  return user.error.kind === 'not_found' ? ok([]) : user;
}

async function bySearch(
  api: OktaApi,
  terms: readonly string[],
  call: CallContext,
): Promise<Result<readonly OktaUser[], ConnectorFailure>> {
  const search = encodeURIComponent(terms.join(' or '));
  const users = await api.list(`/api/v1/users?search=${search}&limit=10`, oktaUser, call, 1);
  return users.ok ? ok(users.value.rows) : users;
}

function choose(found: readonly OktaUser[]): Result<AccountRef, ConnectorFailure> {
  const distinct = [...new Map(found.map((user) => [user.id, user])).values()];
  const living = distinct.filter(({ status }) => status !== 'DEPROVISIONED');
  const users = living.length > 0 ? living : distinct;
  const [only, second] = users;
  if (only === undefined) {
    return err({
      kind: 'not_found',
      message: 'Okta has no account with these addresses; check them, or leave Okta out for this person.',
    });
  }
  if (second === undefined) return ok({ system: 'okta', accountId: only.id, login: only.profile.login });
  return err({
    kind: 'ambiguous',
    message: `Okta has ${users.length} accounts with these addresses; choose the one that is meant.`,
    candidates: users.map(({ profile }) => profile.login),
  });
}

/** The account whose login, e-mail address or employee number is among the handles; never by name. */
export async function find(
  api: OktaApi,
  { emails, employeeId }: PersonHandles,
  call: CallContext,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const addresses = [...new Set(emails.map((email) => email.trim()))].filter((email) => ADDRESS.test(email));
  const number = employeeId?.trim() ?? '';
  if (addresses.length === 0 && number === '') {
    return err({
      kind: 'invalid_input',
      message: 'There is no e-mail address to look for in Okta; give one of the form name@example.com.',
      field: 'emails',
    });
  }
  const wanted = addresses.slice(0, MAX_HANDLES);
  const terms = [
    ...wanted.map((address) => `profile.email eq ${quoted(address)}`),
    ...(number === '' ? [] : [`profile.employeeNumber eq ${quoted(number)}`]),
  ];
  const answers = await Promise.all([
    bySearch(api, terms, call),
    ...wanted.map((address) => byLogin(api, address, call)),
  ]);
  const found: OktaUser[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    found.push(...answer.value);
  }
  const named = found.filter(
    ({ profile }) =>
      wanted.some((address) => same(profile.login, address) || same(profile.email, address)) ||
      (number !== '' && profile.employeeNumber === number),
  );
  return choose(named);
}

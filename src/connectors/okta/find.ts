import { err, ok } from '../../platform/result.js';
import type { Answer } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import { isSame, theOnly, tidy } from '../kit/find.js';
import type { Pages } from '../http/pages.js';
import type { AccountRef, CallContext, PersonIdentifiers } from '../../ports/connector.js';
import { quoted, type OktaApi } from './api.js';
import { oktaUser, userPath, type OktaUser } from './user.js';

/** Without `@` Okta would match `me` or a short name. */
const ADDRESS = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;

/** By login, straight from the database: found even when the search index has not caught up. */
async function byLogin(api: OktaApi, login: string, call: CallContext): Answer<readonly OktaUser[]> {
  const user = await api.one(userPath(login), oktaUser, call);
  return !user.ok && user.error.kind === 'not_found' ? ok([]) : mapped(user, (one) => [one]);
}

function bySearch(api: OktaApi, terms: readonly string[], call: CallContext): Answer<Pages<OktaUser>> {
  const search = encodeURIComponent(terms.join(' or '));
  return api.list(`/api/v1/users?search=${search}&limit=10`, oktaUser, call, 1);
}

const refOf = ({ id, profile }: OktaUser): AccountRef => ({
  system: 'okta',
  accountId: id,
  login: profile.login || profile.email || id,
});

/** The account whose login, e-mail address or employee number is among the identifiers; never by name. */
export async function find(api: OktaApi, person: PersonIdentifiers, call: CallContext): Answer<AccountRef> {
  const { emails, employeeId: number } = tidy(person);
  const wanted = emails.filter((email) => ADDRESS.test(email));
  if (wanted.length === 0 && number === null)
    return err({
      kind: 'invalid_input',
      message: 'There is no e-mail address to look for in Okta; give one of the form name@example.com.',
      field: 'emails',
    });
  const terms = [
    ...wanted.map((address) => `profile.email eq ${quoted(address)}`),
    ...(number === null ? [] : [`profile.employeeNumber eq ${quoted(number)}`]),
  ];
  const found = allOf([bySearch(api, terms, call), ...wanted.map((address) => byLogin(api, address, call))]);
  return andThen(found, ([searched, ...byName]) => {
    const all = [...searched.items, ...byName.flat()];
    const fitting = all.filter(
      ({ profile: { login, email, employeeNumber } }) =>
        wanted.some((address) => isSame(login, address) || isSame(email, address)) ||
        (number !== null && employeeNumber === number),
    );
    // Okta says that these fit, and nothing that can be read contradicts.
    const untold = all.filter(({ profile: { login, email } }) => login === '' || email === null);
    const named = fitting.length > 0 ? fitting : untold;
    // Deleted accounts rank after the others.
    const living = named.filter((user) => user.status !== 'DEPROVISIONED');
    return theOnly((living.length > 0 ? living : named).map(refOf), 'Okta', searched.unreadable > 0);
  });
}

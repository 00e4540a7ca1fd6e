import { err } from '../../platform/result.js';
import type { AccountRef, PersonIdentifiers } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { theOnly, tidy } from '../kit/find.js';
import { searchAccounts, SYSTEM } from './account.js';
import type { Directory } from './directory.js';
import { personBy } from './filter.js';
import type { Session } from './session.js';

/**
 * The one account that the identifiers name: addresses as mail, sign-in name or proxy address, the number as
 * employeeID. Two matches are already ambiguous.
 */
export async function findAccount(
  directory: Directory,
  session: Session,
  person: PersonIdentifiers,
): Answer<AccountRef> {
  const wanted = tidy(person);
  if (wanted.emails.length === 0 && wanted.employeeId === null)
    return err({ kind: 'invalid_input', field: 'email', message: 'There is nothing to look for; give an address.' });
  const base = await directory.baseDn(session);
  if (!base.ok) return base;
  const accounts = await searchAccounts(session, base.value, { filter: personBy(wanted), sizeLimit: 2 });
  return theOnly(
    accounts.map(({ guid, login }) => ({ system: SYSTEM, accountId: guid, login })),
    'Active Directory',
  );
}

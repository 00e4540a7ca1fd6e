import { err, ok, type Result } from '../../result.js';
import type { AccountRef, ConnectorFailure, PersonHandles } from '../port.js';
import { accountAttributes, SYSTEM, toAccount } from './account.js';
import type { Directory } from './directory.js';
import { personBy } from './filter.js';
import type { Session } from './session.js';

/** More addresses than a person has; the search stays small whatever it is given. */
const MOST_ADDRESSES = 20;

function known(person: PersonHandles): PersonHandles {
  const emails = [...new Set(person.emails.map((email) => email.trim()))].filter((email) => email !== '');
  const employeeId = person.employeeId?.trim() ?? '';
  return { emails: emails.slice(0, MOST_ADDRESSES), employeeId: employeeId === '' ? null : employeeId };
}

/**
 * The one account that the handles name: addresses as mail, sign-in name or proxy address, the number as employeeID.
 * Two are enough to be in doubt.
 */
export async function findAccount(
  directory: Directory,
  session: Session,
  person: PersonHandles,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const wanted = known(person);
  if (wanted.emails.length === 0 && wanted.employeeId === null)
    return err({ kind: 'invalid_input', field: 'email', message: 'There is nothing to look for; give an address.' });
  const base = await directory.baseDn(session);
  if (!base.ok) return base;
  const entries = await session.search(base.value, {
    scope: 'sub',
    filter: personBy(wanted),
    attributes: [...accountAttributes],
    sizeLimit: 2,
  });
  const numbered = wanted.employeeId === null ? [] : [`the personnel number ${wanted.employeeId}`];
  const named = [...wanted.emails, ...numbered].join(', ');
  const accounts = entries.map(toAccount).filter((account) => account !== null);
  const [first, ...others] = accounts;
  if (first === undefined) {
    return err({
      kind: 'not_found',
      message: `Active Directory has nobody with ${named} under ${base.value}, or the service account may not see them.`,
    });
  }
  if (others.length > 0) {
    return err({
      kind: 'ambiguous',
      message: `Several accounts in Active Directory have ${named}; choose one by its sign-in name.`,
      candidates: accounts.map(({ login }) => login),
    });
  }
  return ok({ system: SYSTEM, accountId: first.guid, login: first.login });
}

import { err, ok, type Result } from '../../result.js';
import type { AccountRef, ConnectorFailure } from '../port.js';
import { accountAttributes, SYSTEM, toAccount } from './account.js';
import type { Directory } from './directory.js';
import { personByEmail } from './filter.js';
import type { Session } from './session.js';

/** The one person with this address, as mail, sign-in name or proxy address. Two are enough to be in doubt. */
export async function findByEmail(
  directory: Directory,
  session: Session,
  email: string,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const wanted = email.trim();
  if (wanted === '') return err({ kind: 'invalid_input', field: 'email', message: 'The address is empty; give one.' });
  const base = await directory.baseDn(session);
  if (!base.ok) return base;
  const entries = await session.search(base.value, {
    scope: 'sub',
    filter: personByEmail(wanted),
    attributes: [...accountAttributes],
    sizeLimit: 2,
  });
  const accounts = entries.map(toAccount).filter((account) => account !== null);
  const [first, ...others] = accounts;
  if (first === undefined) {
    return err({
      kind: 'not_found',
      message: `Active Directory has nobody with the address ${wanted} under ${base.value}, or the service account may not see them.`,
    });
  }
  if (others.length > 0) {
    return err({
      kind: 'ambiguous',
      message: `Several accounts in Active Directory have the address ${wanted}; choose one by its sign-in name.`,
      candidates: accounts.map(({ login }) => login),
    });
  }
  return ok({ system: SYSTEM, accountId: first.guid, login: first.login });
}

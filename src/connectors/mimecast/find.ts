import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonHandles } from '../port.js';
import { readUser } from './account.js';
import type { MimecastApi } from './api.js';

const MOST_ADDRESSES = 20;

const harmless = (failure: ConnectorFailure): boolean =>
  failure.kind === 'not_found' || failure.kind === 'invalid_input';

/**
 * The one account that the addresses name. Mimecast keeps no personnel number, so addresses are all there is. An address
 * that nobody has is passed over: a person may have more addresses than Mimecast knows.
 */
export async function findAccount(
  api: MimecastApi,
  person: PersonHandles,
  call: CallContext,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const emails = [...new Set(person.emails.map((email) => email.trim()))].slice(0, MOST_ADDRESSES);
  const users = await Promise.all(emails.map((email) => readUser(api, email, call)));
  const found = new Map<string, string>();
  let nothing: ConnectorFailure | null = null;
  for (const user of users) {
    if (user.ok) found.set(user.value.emailAddress.toLowerCase(), user.value.emailAddress);
    else if (harmless(user.error)) nothing ??= user.error;
    else return user;
  }
  const [only, ...others] = found;
  if (only === undefined) return err(nothing ?? nobodyToFind);
  if (others.length > 0) {
    return err({
      kind: 'ambiguous',
      message: 'Mimecast has several accounts with the addresses of this person; choose the one that is meant.',
      candidates: [...found.values()],
    });
  }
  const [accountId, login] = only;
  return ok({ system: 'mimecast', accountId, login });
}

const nobodyToFind: ConnectorFailure = {
  kind: 'invalid_input',
  field: 'email',
  message: 'Mimecast finds people by their e-mail address only; give one.',
};

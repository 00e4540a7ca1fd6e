import { err } from '../../platform/result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonIdentifiers } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { theOnly, tidy } from '../kit/find.js';
import { readUser } from './account.js';
import type { MimecastApi } from './api.js';

const NOBODY_TO_FIND: ConnectorFailure = {
  kind: 'invalid_input',
  field: 'email',
  message: 'Mimecast finds people by their e-mail address only; give one.',
};

/**
 * The one account that the addresses name. Mimecast keeps no personnel number, so addresses are all there is. An
 * address that nobody has is skipped: a person may have more addresses than Mimecast knows.
 */
export async function findAccount(api: MimecastApi, person: PersonIdentifiers, call: CallContext): Answer<AccountRef> {
  const users = await Promise.all(tidy(person).emails.map((email) => readUser(api, email, call)));
  const found: AccountRef[] = [];
  let nobody: ConnectorFailure | null = null;
  for (const user of users) {
    if (user.ok) {
      const { emailAddress: login } = user.value;
      found.push({ system: 'mimecast', accountId: login.toLowerCase(), login });
    } else if (user.error.kind === 'not_found' || user.error.kind === 'invalid_input') nobody ??= user.error;
    else return user;
  }
  return found.length === 0 ? err(nobody ?? NOBODY_TO_FIND) : theOnly(found, 'Mimecast');
}

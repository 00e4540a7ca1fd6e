import { err, ok } from '../../platform/result.js';
import type { AccountRef, CallContext, PersonIdentifiers } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { isAddress, theOnly, tidy } from '../kit/find.js';
import type { GoogleApi } from './api.js';
import type { Tools } from './tools.js';
import { readUser, usersByEmployeeId, type GoogleUser } from './user.js';

export const SYSTEM = 'google_workspace';

async function byAddress(api: GoogleApi, email: string, call: CallContext): Answer<readonly GoogleUser[]> {
  const user = await readUser(api, email, call);
  if (user.ok) return ok([{ ...user.value, primaryEmail: user.value.primaryEmail || email }]);
  // Google answers 400 for an address that no account could have.
  return user.error.kind === 'not_found' || user.error.kind === 'invalid_input' ? ok([]) : user;
}

/**
 * The one account that the addresses (primary or alias) and the employee id name. It never chooses between two
 * accounts.
 */
export async function find({ api, settings }: Tools, person: PersonIdentifiers, call: CallContext): Answer<AccountRef> {
  const { emails, employeeId } = tidy(person);
  const addresses = emails.filter(isAddress);
  if (addresses.length === 0 && employeeId === null) {
    const message =
      'None of these is an e-mail address, so Google Workspace was not asked; give an address like name@example.com.';
    return err({ kind: 'invalid_input', message, field: 'emails' });
  }
  const found: GoogleUser[] = [];
  let complete = true;
  for (const email of addresses) {
    const user = await byAddress(api, email, call);
    if (!user.ok) return user;
    found.push(...user.value);
  }
  if (employeeId !== null) {
    const users = await usersByEmployeeId(api, settings.customer_id, employeeId, call);
    if (!users.ok) return users;
    found.push(...users.value.items);
    complete = users.value.complete;
  }
  const accounts = found.map(({ id, primaryEmail }) => ({ system: SYSTEM, accountId: id, login: primaryEmail || id }));
  return theOnly(accounts, 'Google Workspace', !complete);
}

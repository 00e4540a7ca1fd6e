import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonHandles } from '../port.js';
import type { GoogleApi } from './api.js';
import { readUser, usersByEmployeeId, type GoogleUser } from './user.js';

export const SYSTEM = 'google_workspace';

// eslint-disable-next-line no-control-regex -- control characters are what is being refused
const ADDRESS = /^[^\s@\u0000-\u001f\u007f]+@[^\s@\u0000-\u001f\u007f]+$/;
const MOST_ADDRESSES = 20;

export const refOf = (user: GoogleUser): AccountRef => ({
  system: SYSTEM,
  accountId: user.id,
  login: user.primaryEmail,
});

async function byAddress(
  api: GoogleApi,
  email: string,
  call: CallContext,
): Promise<Result<GoogleUser | null, ConnectorFailure>> {
  const user = await readUser(api, email, call);
  if (user.ok) return user;
  // Google answers 400 for an address that no account could have.
  return user.error.kind === 'not_found' || user.error.kind === 'invalid_input' ? ok(null) : user;
}

/** The one account that the addresses (primary or alias) and the employee id name. Two accounts are never chosen between. */
export async function find(
  api: GoogleApi,
  customer: string,
  person: PersonHandles,
  call: CallContext,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const addresses = [...new Set(person.emails.map((email) => email.trim().toLowerCase()))].filter((email) =>
    ADDRESS.test(email),
  );
  if (addresses.length === 0 && person.employeeId === null) {
    const message =
      'None of these is an e-mail address, so Google Workspace was not asked; give an address like name@example.com.';
    return err({ kind: 'invalid_input', message, field: 'emails' });
  }
  const found = new Map<string, GoogleUser>();
  for (const email of addresses.slice(0, MOST_ADDRESSES)) {
    const user = await byAddress(api, email, call);
    if (!user.ok) return user;
    if (user.value !== null) found.set(user.value.id, user.value);
  }
  if (person.employeeId !== null && person.employeeId.trim() !== '') {
    const users = await usersByEmployeeId(api, customer, person.employeeId, call);
    if (!users.ok) return users;
    for (const user of users.value) found.set(user.id, user);
  }
  const [only, second] = found.values();
  if (only === undefined) {
    const message =
      'Google Workspace has no account for these addresses; check them, or leave Google Workspace out for this person.';
    return err({ kind: 'not_found', message });
  }
  if (second === undefined) return ok(refOf(only));
  const candidates = [...found.values()].map(({ primaryEmail }) => primaryEmail);
  const message = `Google Workspace has ${candidates.length} accounts for this person; choose the one that is meant.`;
  return err({ kind: 'ambiguous', message, candidates });
}

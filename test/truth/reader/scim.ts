import type { ScimDirectory } from 'identity-sandbox/scim';
import { memberships, NOTHING, type PreparedNames, type Truth } from './truth.js';

export function readScim(
  directory: ScimDirectory,
  email: string,
  prepared: PreparedNames & { readonly admins: string },
): Truth {
  const { users, groups } = directory.snapshot();
  const user = users.find(({ userName }) => userName === email);
  if (user === undefined) throw new Error(`The application has nobody called ${email}`);
  const isIn = (id: string): boolean => groups.some((group) => group.id === id && group.members.includes(user.id));
  return {
    ...NOTHING,
    ...memberships(isIn, prepared),
    canSignIn: user.active,
    passwordMark: user.passwordHash,
    opens: (password) => directory.checkPassword(email, password),
    ownRoles: isIn(prepared.admins) ? [prepared.admins] : [],
  };
}

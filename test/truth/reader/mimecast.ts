import type { MimecastDirectory } from 'identity-sandbox/mimecast';
import { memberships, NOTHING, things, type PreparedNames, type Truth } from './truth.js';

export function readMimecast(directory: MimecastDirectory, email: string, prepared: PreparedNames): Truth {
  const { users, groups } = directory.snapshot();
  const user = users.find(({ emailAddress }) => emailAddress === email);
  if (user === undefined) throw new Error(`Mimecast has nobody called ${email}`);
  return {
    ...NOTHING,
    ...memberships(
      (name) =>
        groups.some((group) => group.description === name && group.source === 'cloud' && group.members.includes(email)),
      prepared,
    ),
    canSignIn: !user.accountDisabled,
    locked: user.accountLocked,
    mustChange: user.forcePasswordChange,
    passwordMark: user.passwordHash,
    opens: (password) => directory.checkPassword(email, password),
    mail_rules: things(user.delegates, ({ address }) => ({ id: address })),
    protocols: [...(user.allowPop ? ['POP'] : []), ...(user.allowSmtp ? ['SMTP'] : [])],
  };
}

import { cannotTell, doesNotHold, holds, native, type Verdict } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { undoOfFlags, undoOfTexts } from '../kit/flags.js';
import { SCOPE } from './scopes.js';
import type { GoogleAction } from './user.js';
import type { Tools } from './tools.js';
import { patchUser, readUser, type GoogleUser } from './user.js';
import { ACCESS_TOKENS } from './residual.js';

const CAN = native(SCOPE.readUsers, SCOPE.writeUsers);

function judgeSuspended(user: GoogleUser, wanted: boolean): Verdict {
  if (user.suspended === null) return cannotTell('Google does not show whether the account is suspended.');
  const why = user.suspensionReason === null ? '' : ` (${user.suspensionReason})`;
  if (user.suspended) return (wanted ? holds : doesNotHold)(`The Google account is suspended${why}.`);
  if (wanted) return doesNotHold('The Google account is not suspended.');
  return user.archived === true
    ? doesNotHold('The Google account is not suspended but archived, so nobody can sign in; give it a licence again.')
    : holds('The Google account is active.');
}

function suspension<K extends 'disable_account' | 'enable_account'>({ api }: Tools, wanted: boolean): GoogleAction<K> {
  return {
    can: CAN,
    perform: (task) => patchUser(api, task, { suspended: wanted }),
    judge: (_task, { reading }) => judgeSuspended(reading.user, wanted),
    undo: undoOfFlags(['suspended'], {
      read: ({ account, call }) => mapped(readUser(api, account.accountId, call), ({ suspended }) => ({ suspended })),
      set: (flags, target) => patchUser(api, target, { suspended: flags.get('suspended') === true }),
    }),
  };
}

export const disableAccount = (tools: Tools): GoogleAction<'disable_account'> => ({
  ...suspension(tools, true),
  residual: [ACCESS_TOKENS],
});

export const enableAccount = (tools: Tools): GoogleAction<'enable_account'> => suspension(tools, false);

type Contact = GoogleUser['recoveryEmail'];
const named = (value: Contact): Contact => (value === '' ? null : value);

const contactsOf = ({ recoveryEmail, recoveryPhone }: GoogleUser) => ({
  recovery_email: named(recoveryEmail),
  recovery_phone: named(recoveryPhone),
});

function judgeContacts(user: GoogleUser): Verdict {
  const contacts = Object.values(contactsOf(user));
  const left = contacts.filter((contact) => typeof contact === 'string');
  if (left.length > 0) return doesNotHold(`The account still has the recovery contact ${left.join(' and ')}.`);
  return contacts.includes(undefined)
    ? cannotTell('Google shows a recovery contact in a form that cannot be read; look in the Admin console.')
    : holds('The account has no recovery address and no recovery phone.');
}

/** Removes the recovery address and phone, through which an attacker would come back. */
export function clearRecoveryContacts({ api }: Tools): GoogleAction<'clear_recovery_contacts'> {
  return {
    can: CAN,
    perform: (task) => patchUser(api, task, { recoveryEmail: '', recoveryPhone: '' }),
    judge: (_task, { reading }) => judgeContacts(reading.user),
    undo: undoOfTexts(['recovery_email', 'recovery_phone'], {
      read: ({ account, call }) =>
        mapped(readUser(api, account.accountId, call), (user) => {
          const { recovery_email: email, recovery_phone: phone } = contactsOf(user);
          // Unreadable values are not saved, and so an undo leaves them alone.
          return {
            ...(email === undefined ? {} : { recovery_email: email }),
            ...(phone === undefined ? {} : { recovery_phone: phone }),
          };
        }),
      set: (texts, target) =>
        patchUser(api, target, {
          recoveryEmail: texts.get('recovery_email'),
          recoveryPhone: texts.get('recovery_phone'),
        }),
    }),
  };
}

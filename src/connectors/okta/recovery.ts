import { ok } from '../../platform/result.js';
import { ALREADY, cannotTell, doesNotHold, holds, lasting, lastingUntil, unsupported } from '../kit/action.js';
import type { Action, Answer, Target } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import type { Receipt } from '../../ports/connector.js';
import { inConsole } from './console.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { readUser, userPath, type OktaUser } from './user.js';

/** `null` for none, `undefined` for an unreadable one. */
const secondEmailOf = ({ profile: { secondEmail } }: OktaUser): string | null | undefined =>
  secondEmail === '' ? null : secondEmail;

/**
 * The secondary address receives "forgot password" mails, and an attacker can set it. POST changes only what it names.
 */
const set = ({ api }: Parts, on: Target, secondEmail: string | null): Answer<Receipt> =>
  andThen(readUser(api, on), (user) => {
    if (secondEmailOf(user) === secondEmail) return ok(ALREADY);
    const json = { profile: { secondEmail } };
    return api.change({ method: 'POST', path: userPath(on.account.accountId), json, call: on.call });
  });

export const clearRecoveryContacts = (parts: Parts): Action<'clear_recovery_contacts', Reading> => ({
  can: scopes(SCOPE.manageUsers),
  perform: (on) => set(parts, on, null),
  judge(_on, { reading: { user } }) {
    const secondEmail = secondEmailOf(user);
    if (secondEmail === undefined)
      return cannotTell('Okta shows the secondary e-mail address in a form that cannot be read; look in its console.');
    return secondEmail === null
      ? holds('The Okta account has no secondary e-mail address.')
      : doesNotHold('The Okta account has a secondary e-mail address.');
  },
  undo: {
    capture: (on) =>
      mapped(readUser(parts.api, on), (user) => {
        const secondEmail = secondEmailOf(user);
        return secondEmail === undefined ? {} : { second_email: secondEmail };
      }),
    async restore(on, before) {
      const saved = before['second_email'];
      if (saved !== undefined) return set(parts, on, typeof saved === 'string' ? saved : null);
      const why = 'The secondary address could not be read before it was cleared';
      return Promise.resolve(unsupported(`${why}; set it anew in the Admin Console.`));
    },
  },
  residual: [
    lasting('The security question, which Okta does not let an API delete, where the policy still takes it'),
    lastingUntil('Recovery by SMS or call: those numbers are factors, remove them there', 'remove_factors'),
  ],
  clicks: (_command, { login }) =>
    inConsole(
      'Replace the security question',
      `Open Directory | People and choose ${login}`,
      'If the profile shows a security question, click More Actions | Reset Multifactor, tick Security Question and click Reset Selected Factors',
    ),
});

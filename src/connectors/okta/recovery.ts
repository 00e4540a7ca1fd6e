import { ok, type Result } from '../../result.js';
import type { ConnectorFailure, Facts } from '../port.js';
import { doesNotHold, holds, type Action, type On, type Outcome } from './action.js';
import type { Parts } from './state.js';
import { readUser, userPath } from './user.js';

async function present({ api }: Parts, { account, call }: On): Promise<Result<string | null, ConnectorFailure>> {
  const user = await readUser(api, account, call);
  if (!user.ok) return user;
  const { secondEmail } = user.value.profile;
  return ok(secondEmail === '' ? null : secondEmail);
}

async function set(parts: Parts, on: On, secondEmail: string | null): Promise<Outcome> {
  const before = await present(parts, on);
  if (!before.ok) return before;
  if (before.value === secondEmail) return ok({ alreadyDone: true, requestId: null });
  const changed = await parts.api.change({
    method: 'POST',
    path: userPath(on.account.accountId),
    json: { profile: { secondEmail } },
    call: on.call,
  });
  return changed.ok ? ok({ alreadyDone: false, requestId: changed.value.requestId }) : changed;
}

/** The secondary address takes "forgot password" mails, and an attacker can set it. POST changes what it names alone. */
export const clearRecoveryContacts = (parts: Parts): Action => ({
  perform: (on) => set(parts, on, null),
  judge(_on, { reading: { user } }) {
    const { secondEmail } = user.profile;
    const gone = secondEmail === null || secondEmail === '';
    return Promise.resolve(
      ok(
        gone
          ? holds('The Okta account has no secondary e-mail address.')
          : doesNotHold('The Okta account has a secondary e-mail address.'),
      ),
    );
  },
  undo: {
    async capture(on) {
      const secondEmail = await present(parts, on);
      if (!secondEmail.ok) return secondEmail;
      const facts: Facts = { second_email: secondEmail.value };
      return ok(facts);
    },
    restore(on, before) {
      const saved = before['second_email'];
      return set(parts, on, typeof saved === 'string' ? saved : null);
    },
  },
  survives: [
    {
      what: 'The security question, which Okta does not let an API delete, where the policy still takes it',
      forSeconds: null,
    },
    { what: 'Recovery by SMS or call: those numbers are factors, remove them there', forSeconds: null },
  ],
});

import { z } from 'zod';
import { err, ok } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure } from '../port.js';
import type { GoogleApi } from './api.js';
import {
  cannotTell,
  chosenOf,
  doesNotHold,
  holds,
  NOTHING_TO_DO,
  refuse,
  type Answer,
  type Handler,
  type Tools,
} from './handler.js';
import { readList } from './pages.js';
import { SCOPE } from './scopes.js';
import { readUser, userPath, type GoogleUser } from './user.js';

/** The one id under which evidence shows the factors: Google lists none of them. */
export const ALL_FACTORS = 'two_step_verification';

/** Google answers the same to several hindrances; the account itself tells which one it is. */
function hindrance(user: GoogleUser): ConnectorFailure | null {
  if (user.suspended === true) {
    const message =
      'Google turns 2-Step Verification off for active accounts only, and this one is suspended; enable it first, or do it at the end.';
    return { kind: 'conflict', message };
  }
  if (user.isEnforcedIn2Sv === true) {
    const message =
      '2-Step Verification is enforced for this account, so Google does not turn it off; take the account out of the group or organizational unit that enforces it, remove the factors, and put it back.';
    return { kind: 'conflict', message };
  }
  return null;
}

/**
 * Turns 2-Step Verification off, which removes every factor at once: phones, keys, authenticator, passkeys as a second
 * step. Single factors are removed in the Admin console.
 */
export function removeFactors({ api }: Tools): Handler {
  return {
    capability: {
      route: 'native',
      undo: null,
      effectiveWithinSeconds: 0,
      permissions: [SCOPE.readUsers, SCOPE.security],
    },
    survives: [{ what: 'The password alone opens the account now: require 2-step next', forSeconds: null }],
    async perform({ command, account, call }) {
      const chosen = chosenOf(command);
      if (chosen !== 'all' && chosen.some((id) => id !== ALL_FACTORS))
        return refuse(
          'Google neither lists nor removes single factors by API, only all of them at once; choose all, or do the console steps.',
        );
      if (chosen !== 'all' && chosen.length === 0) return ok(NOTHING_TO_DO);
      const path = `${userPath(account.accountId)}/twoStepVerification/turnOff`;
      const what = `turning 2-Step Verification off for ${account.login}`;
      const answer = await api.send({ method: 'POST', path, scope: SCOPE.security, what, call });
      if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
      const { failure } = answer.error;
      if (!answer.error.answered || failure.kind === 'auth' || failure.kind === 'throttled') return err(failure);
      const user = await readUser(api, account.accountId, call);
      if (!user.ok) return err(failure);
      if (user.value.isEnrolledIn2Sv === false) return ok(NOTHING_TO_DO);
      return err(hindrance(user.value) ?? failure);
    },
    async judge({ account, call }) {
      const user = await readUser(api, account.accountId, call);
      if (!user.ok) return user;
      const { isEnrolledIn2Sv: enrolled } = user.value;
      if (enrolled === null) return ok(cannotTell('Google does not show whether the account has a second factor.'));
      return ok(
        enrolled
          ? doesNotHold('The account is still enrolled in 2-Step Verification.')
          : holds('The account is not enrolled in 2-Step Verification: it has no factor any more.'),
      );
    },
  };
}

/** Only that there is a code is read, never the code. */
const backupCode = z.object({ kind: z.string().optional() });

export async function countBackupCodes(api: GoogleApi, account: AccountRef, call: CallContext): Answer<number> {
  const path = `${userPath(account.accountId)}/verificationCodes`;
  const request = { path, query: { fields: 'items(kind)' }, scope: SCOPE.security, what: 'the backup codes', call };
  const found = await readList(api, request, { key: 'items', item: backupCode, maxPages: 1 });
  return found.ok ? ok(found.value.items.length) : found;
}

export function invalidateBackupCodes({ api }: Tools): Handler {
  return {
    capability: { route: 'native', undo: null, effectiveWithinSeconds: 0, permissions: [SCOPE.security] },
    survives: [],
    async perform({ account, call }) {
      const path = `${userPath(account.accountId)}/verificationCodes/invalidate`;
      const what = `the backup codes of ${account.login}`;
      const answer = await api.send({ method: 'POST', path, scope: SCOPE.security, what, call });
      return answer.ok ? ok({ alreadyDone: false, requestId: answer.value.requestId }) : err(answer.error.failure);
    },
    async judge({ account, call }) {
      const count = await countBackupCodes(api, account, call);
      if (!count.ok) return count;
      return ok(
        count.value === 0
          ? holds('The account has no valid backup code.')
          : doesNotHold(`The account has ${count.value} valid backup codes.`),
      );
    },
  };
}

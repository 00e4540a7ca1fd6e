import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { Pages } from '../http/pages.js';
import { ALREADY, cannotTell, doesNotHold, failure, holds, lastingUntil, native, unsupported } from '../kit/action.js';
import type { Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { GoogleApi } from './api.js';
import { inConsole, openUser } from './clicks.js';
import { SCOPE } from './scopes.js';
import { notAllShown, type Tools } from './tools.js';
import { actOnUser, readUser, userPath, type GoogleAction, type GoogleUser } from './user.js';

/** The one id under which evidence shows the factors: Google lists none of them. */
export const ALL_FACTORS = 'two_step_verification';

/** Google gives the same answer for several obstacles; the account itself shows which one it is. */
export function hindrance(user: GoogleUser): ConnectorFailure | null {
  if (user.suspended === true)
    return failure(
      'conflict',
      'Google turns 2-Step Verification off for active accounts only, and this one is suspended; enable it first, or do it at the end.',
    );
  if (user.isEnforcedIn2Sv !== true) return null;
  return failure(
    'conflict',
    '2-Step Verification is enforced for this account, so Google does not turn it off; take the account out of the group or organizational unit that enforces it, remove the factors, and put it back.',
  );
}

/** What the account itself does not explain. */
const UNEXPLAINED: ReadonlySet<ConnectorFailure['kind']> = new Set([
  'auth',
  'throttled',
  'transient',
  'unknown_outcome',
]);

/**
 * Turns 2-Step Verification off, which removes every factor at once: phones, keys, authenticator, passkeys as a second
 * step. Single factors are removed in the Admin console.
 */
export function removeFactors({ api }: Tools): GoogleAction<'remove_factors'> {
  return {
    can: native(SCOPE.readUsers, SCOPE.security),
    residual: [lastingUntil('The password alone opens the account now: require 2-step next', 'require_two_step')],
    async perform({ command: { items }, account, call }) {
      if (items !== 'all' && items.some((id) => id !== ALL_FACTORS))
        return unsupported(
          'Google neither lists nor removes single factors by API, only all of them at once; choose all, or do the manual steps.',
        );
      if (items.length === 0) return ok(ALREADY);
      const what = `turning 2-Step Verification off for ${account.login}`;
      const sent = await actOnUser(api, { account, call }, 'twoStepVerification/turnOff', what);
      if (sent.ok || UNEXPLAINED.has(sent.error.kind)) return sent;
      const user = await readUser(api, account.accountId, call);
      if (!user.ok) return sent;
      if (user.value.isEnrolledIn2Sv === false) return ok(ALREADY);
      return err(hindrance(user.value) ?? sent.error);
    },
    judge(_task, { reading: { user } }) {
      if (user.isEnrolledIn2Sv === null)
        return cannotTell('Google does not show whether the account has a second factor.');
      return user.isEnrolledIn2Sv
        ? doesNotHold('The account is still enrolled in 2-Step Verification.')
        : holds('The account is not enrolled in 2-Step Verification: it has no factor any more.');
    },
    clicks: (_command, { login }) =>
      inConsole(
        'Remove security keys and passkeys one by one',
        openUser(login),
        'Click Security',
        'Click Passkeys and security keys, point at each one that the person does not know, click Remove, then Done',
        'Phones and authenticator apps are removed by the person at myaccount.google.com > Security > 2-Step Verification',
      ),
  };
}

/** Only whether a code exists is read, never the code. */
export const backupCode = z.object({ kind: z.string().optional() });

export function readBackupCodes(api: GoogleApi, { account, call }: Target): Answer<Pages<unknown>> {
  const path = `${userPath(account.accountId)}/verificationCodes`;
  const request = {
    path,
    query: { fields: 'kind,items(kind)' },
    scope: SCOPE.security,
    what: 'the backup codes',
    call,
  };
  return api.list(request, { key: 'items', item: backupCode, mostPages: 1 });
}

export function invalidateBackupCodes({ api }: Tools): GoogleAction<'invalidate_backup_codes'> {
  return {
    can: native(SCOPE.security),
    perform: (task) =>
      actOnUser(api, task, 'verificationCodes/invalidate', `the backup codes of ${task.account.login}`),
    judge: (task) =>
      mapped(readBackupCodes(api, task), ({ items, complete }) => {
        if (items.length > 0) return doesNotHold(`The account has ${items.length} valid backup codes.`);
        return complete ? holds('The account has no valid backup code.') : cannotTell(notAllShown('backup codes'));
      }),
  };
}

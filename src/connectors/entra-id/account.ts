import type { AccountState, ActionKind, Receipt } from '../../ports/connector.js';
import { cannotTell, doesNotHold, holds, inPlace, lastingUntil, native, SKEW_MS, utc } from '../kit/action.js';
import type { Action, Answer, Target, Verdict } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { undoOfFlags } from '../kit/flags.js';
import type { Bodies } from './bodies.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';
import {
  ACCESS_TOKENS,
  APP_PASSWORDS,
  APP_SESSIONS,
  atAuthority,
  CERTIFICATES,
  OWNED_APPLICATIONS,
} from './residual.js';
import type { Reading } from './state.js';
import { homeTenantOf, readUser, type EntraUser } from './user.js';

const CONSENTS = lastingUntil(
  'Applications that the person consented to, until the grants are revoked',
  'revoke_grants',
);
/** Microsoft gives minutes for refresh tokens and cookies; access tokens are reported as residual access. */
const REVOKE_DELAY_SECONDS = 5 * 60;

/**
 * Who manages it instead of the tenant, though Graph accepts the call for a guest: "This API doesn't revoke sign-in
 * sessions for external users, because external users sign in through their home tenant" (Graph, user:
 * revokeSignInSessions). `null` when it is managed here.
 */
export const decidedAtHome = (kind: ActionKind, user: EntraUser): string | null =>
  kind === 'reset_password' || kind === 'revoke_sessions' ? homeTenantOf(user) : null;

/** `null`: what was read here proves it. */
export function judgeGuest(kind: ActionKind, { user }: Reading): Verdict | null {
  const home = decidedAtHome(kind, user);
  if (home === null) return null;
  const what = kind === 'reset_password' ? 'password' : 'sessions';
  return cannotTell(
    `The account is a guest, whose ${what} ${home} decides: nothing here proves this. Ask for it there; disabling the account here shuts it out of this tenant.`,
  );
}

function judgeReset(
  { state: { passwordChangedAt: changed, mustChangePassword: must } }: Reading,
  since: Date,
): Verdict {
  if (changed === null) return cannotTell('Entra ID does not show when the password was changed.');
  const at = utc(changed);
  if (changed.getTime() < since.getTime() - SKEW_MS)
    return doesNotHold(`The password was last changed at ${at}, before this reset.`);
  if (must === null)
    return cannotTell(`The password was changed at ${at}; Entra ID does not show whether a new one is demanded.`);
  if (must) return holds(`The password was changed at ${at}, and a new one is demanded at the next sign-in.`);
  return doesNotHold(`The password was changed at ${at}, but no new one is demanded: somebody else set it.`);
}

/**
 * A password that an application sets in the cloud: Microsoft documents that Entra Connect writes it back for other calls
 * only, and no answer of Graph shows it.
 */
function unlessCopied(verdict: Verdict, { authority }: AccountState): Verdict {
  if (verdict.verdict !== 'holds' || authority?.where !== 'synced') return verdict;
  const from = authority.from ?? 'another system';
  return inPlace(
    `${verdict.observed} But the account is copied from ${from}, and nothing shows that the password was written back there; reset it there.`,
  );
}

/** Sets the given password and requires a new one. A repeat sets the same one again. */
export const resetPassword = ({ api, settings }: Reader): Action<'reset_password', Reading> => ({
  can: native(PERMISSION.readUsers, PERMISSION.passwords),
  perform({ command, account, call }) {
    const force = settings.force_change_with_mfa
      ? { forceChangePasswordNextSignInWithMfa: true }
      : { forceChangePasswordNextSignIn: true };
    // Nothing else in this call: if one right is missing, Graph refuses all of it.
    const json: Bodies['user'] = { passwordProfile: { password: command.password.reveal(), ...force } };
    const needs = [PERMISSION.passwords];
    return api.change({ method: 'PATCH', path: userPath(account), json, needs, sensitive: true, call });
  },
  judge: (_task, { reading, since }) => unlessCopied(judgeReset(reading, since), reading.state),
  residual: ({ state }) => [ACCESS_TOKENS, APP_PASSWORDS, CERTIFICATES, CONSENTS, ...atAuthority(state)],
});

/** Refresh tokens and browser sessions from before now are refused. */
export const revokeSessions = ({ api }: Reader): Action<'revoke_sessions', Reading> => ({
  can: { ...native(PERMISSION.readUsers, PERMISSION.revokeSessions), effectiveWithinSeconds: REVOKE_DELAY_SECONDS },
  perform({ account, call }) {
    const path = `${userPath(account)}/revokeSignInSessions`;
    return api.change({ method: 'POST', path, needs: [PERMISSION.revokeSessions], call });
  },
  judge(_task, { reading: { user }, since }) {
    const from = user.signInSessionsValidFromDateTime;
    if (from === null) return cannotTell('Entra ID does not show since when sessions are valid.');
    const observed = `Entra ID refuses refresh tokens and browser sessions from before ${utc(from)}.`;
    return from.getTime() >= since.getTime() - SKEW_MS ? holds(observed) : doesNotHold(observed);
  },
  residual: ({ state }) => [
    ACCESS_TOKENS,
    APP_SESSIONS,
    ...(state.authority?.where === 'federated' ? atAuthority(state) : []),
  ],
});

/** `accountEnabled`, separately: a call that also sets a password fails as a whole when one right is missing. */
export function setEnabled(reader: Reader, wanted: boolean): Action<'disable_account' | 'enable_account', Reading> {
  const needs = [PERMISSION.enableUsers];
  const set = ({ account, call }: Target, accountEnabled: boolean): Answer<Receipt> => {
    const json = { accountEnabled };
    return reader.api.change({ method: 'PATCH', path: userPath(account), json, needs, sensitive: true, call });
  };
  return {
    can: native(PERMISSION.readUsers, ...needs),
    perform: (task) => set(task, wanted),
    judge(_task, { reading: { state } }) {
      if (state.enabled === null) return cannotTell('Entra ID does not show whether the account is enabled.');
      const observed = `Sign-in to the Entra account is ${state.enabled ? 'permitted' : 'blocked'}.`;
      return state.enabled === wanted ? holds(observed) : doesNotHold(observed);
    },
    undo: undoOfFlags(['enabled'], {
      read: (target) => mapped(readUser(reader, target), ({ accountEnabled: enabled }) => ({ enabled })),
      set: (flags, target) => set(target, flags.get('enabled') === true),
    }),
    residual: ({ state }) => [
      ...(wanted ? [] : [ACCESS_TOKENS, APP_SESSIONS, OWNED_APPLICATIONS]),
      ...atAuthority(state),
    ],
  };
}

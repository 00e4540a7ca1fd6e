import { ok } from '../../platform/result.js';
import type { ResidualAccess } from '../../ports/connector.js';
import {
  cannotTell,
  doesNotHold,
  holds,
  lasting,
  lastingUntil,
  native,
  SKEW_MS,
  step,
  utc,
  type Verdict,
} from '../kit/action.js';
import { adminActsOn, passwordChanges, type Activities, type Activity } from './reports.js';
import { SCOPE } from './scopes.js';
import type { Tools } from './tools.js';
import { actOnUser, isOwnAdmin, patchUser, type GoogleAction, type GoogleUser } from './user.js';
import { ACCESS_TOKENS, AFTER_RESET } from './residual.js';

function residualAccess(sso: string | null): readonly ResidualAccess[] {
  const there = `Sign-in through ${sso ?? ''}: the password here opens nothing there, reset it at ${sso ?? ''}`;
  return [...(sso === null ? [] : [lasting(there)]), ...AFTER_RESET];
}

function unproven(mustChange: boolean | null, changes: Activities | null, since: Date): Verdict {
  if (changes === null)
    return cannotTell(`The audit log may not be read, so the reset is not proven; grant the scope ${SCOPE.reports}.`);
  if (mustChange === false)
    return doesNotHold(`Google logged no reset since ${utc(since)} and asks for no new password at the next sign-in.`);
  return cannotTell(
    `Google asks for a new password at the next sign-in, but its audit log, which follows minutes later, shows no reset since ${utc(since)} yet.`,
  );
}

/**
 * Whether the password that was set is the current one. The flag alone is no proof: an attacker's reset may set it as
 * well. Nor is the audit row alone: the flag disappears once somebody has chosen a new password.
 */
function judge(user: GoogleUser, changes: Activities | null, since: Date, { settings }: Tools): Verdict {
  const { changePasswordAtNextLogin: mustChange } = user;
  const isOurs = ({ actor }: Activity): boolean => actor !== null && isOwnAdmin(actor, settings);
  const own = changes?.items.find(isOurs);
  if (changes === null || own === undefined) {
    const [other] = changes?.items ?? [];
    if (other === undefined) return unproven(mustChange, changes, since);
    const said = `Google logged a password change at ${utc(other.at)}`;
    return other.actor === null
      ? cannotTell(`${said} without telling by whom.`)
      : doesNotHold(`${said} by ${other.actor}, none by Notme.`);
  }
  const at = utc(own.at);
  const other = changes.items.find((one) => !isOurs(one) && one.at > since);
  if (other !== undefined) {
    return other.at >= own.at
      ? doesNotHold(`${other.actor ?? 'Somebody'} changed the password at ${utc(other.at)}, after the reset at ${at}.`)
      : cannotTell(
          `Several people changed the password since ${utc(since)}, the last at ${at}: look at the audit log.`,
        );
  }
  if (settings.sso !== null && user.isAdmin !== true)
    return holds(
      `Google logged the reset at ${at}; people sign in through ${settings.sso}, where it has to be reset too.`,
    );
  if (mustChange === null)
    return cannotTell(`Google logged the reset at ${at} but does not show whether a new password is demanded.`);
  if (!mustChange)
    return doesNotHold(
      `Google logged the reset at ${at} but asks for no new password: somebody has set another one since.`,
    );
  return holds(`Google logged the reset at ${at} and asks for a new password at the next sign-in.`);
}

export function resetPassword(tools: Tools): GoogleAction<'reset_password'> {
  const { api, settings } = tools;
  const { sso } = settings;
  return {
    can: native(SCOPE.readUsers, SCOPE.writeUsers, SCOPE.reports),
    residual: residualAccess(sso),
    perform(task) {
      const password = task.command.password.reveal();
      return patchUser(api, task, { password, changePasswordAtNextLogin: true });
    },
    async judge({ call }, { reading: { user }, since }) {
      const from = new Date(since.getTime() - SKEW_MS);
      const changes = await passwordChanges(tools, user.primaryEmail, from, call);
      if (!changes.ok && changes.error.kind !== 'permission') return changes;
      return ok(judge(user, changes.ok ? changes.value : null, since, tools));
    },
    clicks: (_command, { login }) =>
      sso === null
        ? []
        : step(
            `Reset the password at ${sso}`,
            `Open the administration of ${sso}`,
            `Reset the password of ${login} there: at Google it opens nothing`,
          ),
  };
}

/** Ends every web and device session. Google lists no sessions: its audit row is the only proof there is. */
export function revokeSessions(tools: Tools): GoogleAction<'revoke_sessions'> {
  return {
    can: native(SCOPE.security, SCOPE.reports),
    residual: [
      lastingUntil('Grants to apps: signing out leaves them, until they are revoked', 'revoke_grants'),
      lastingUntil('App passwords: signing out leaves them, until they are deleted', 'delete_app_passwords'),
      ACCESS_TOKENS,
    ],
    perform: (task) => actOnUser(tools.api, task, 'signOut', `signing ${task.account.login} out`),
    async judge({ account, call }, { since }) {
      const from = new Date(since.getTime() - SKEW_MS);
      const acts = await adminActsOn(tools, account.login, 'RESET_SIGNIN_COOKIES', { from, mostPages: 5, call });
      if (!acts.ok && acts.error.kind !== 'permission') return acts;
      if (!acts.ok)
        return ok(
          cannotTell(`Google shows no sessions, and the audit log may not be read; grant the scope ${SCOPE.reports}.`),
        );
      const [last] = acts.value.items;
      if (last !== undefined) return ok(holds(`Google logged at ${utc(last.at)} that every session was signed out.`));
      return ok(
        cannotTell(
          `Google shows no sessions, and its audit log, which follows minutes later, has no sign-out since ${utc(since)} yet.`,
        ),
      );
    },
  };
}

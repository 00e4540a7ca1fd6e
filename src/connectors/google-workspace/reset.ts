import { ok } from '../../result.js';
import type { Survivor } from '../port.js';
import {
  cannotTell,
  doesNotHold,
  holds,
  refuse,
  SKEW_MS,
  utc,
  type Answer,
  type Handler,
  type Tools,
  type Verdict,
} from './handler.js';
import { passwordChanges, type Activities } from './reports.js';
import { SCOPE } from './scopes.js';
import { patchUser, readUser, type GoogleUser } from './user.js';

function survivors(sso: string | null): readonly Survivor[] {
  const always: readonly Survivor[] = [
    {
      what: 'Grants to apps that have no access to mail, and app passwords until Google ends them: revoke both',
      forSeconds: null,
    },
  ];
  if (sso === null) return always;
  return [
    { what: `Sign-in through ${sso}: the password here opens nothing there, reset it at ${sso}`, forSeconds: null },
    ...always,
  ];
}

interface Reading {
  readonly user: GoogleUser;
  /** `null` when the audit log may not be read. */
  readonly changes: Activities | null;
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
 * Whether the password that was set is the one that holds. The flag alone is no proof: an attacker's reset may set it as
 * well. The audit row alone is none either: the flag goes once somebody has chosen a new password.
 */
function judge({ user, changes }: Reading, since: Date, { settings }: Tools): Verdict {
  const { changePasswordAtNextLogin: mustChange } = user;
  const ours = settings.admin_email.toLowerCase();
  const by = (actor: string | null): boolean => actor?.toLowerCase() === ours;
  const own = changes?.items.find(({ actor }) => by(actor));
  if (changes === null || own === undefined) {
    const [other] = changes?.items ?? [];
    if (other === undefined) return unproven(mustChange, changes, since);
    return doesNotHold(
      `Google logged a password change at ${utc(other.at)} by ${other.actor ?? 'somebody'}, none by Notme.`,
    );
  }
  const at = utc(own.at);
  const other = changes.items.find(({ actor, at: when }) => !by(actor) && when > since);
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

export function resetPassword(tools: Tools): Handler {
  const { api, settings } = tools;
  const read = async (
    account: { accountId: string; login: string },
    since: Date,
    call: Parameters<typeof readUser>[2],
  ): Answer<Reading> => {
    const user = await readUser(api, account.accountId, call);
    if (!user.ok) return user;
    const from = new Date(since.getTime() - SKEW_MS);
    const changes = await passwordChanges(tools, user.value.primaryEmail, { from, call });
    if (!changes.ok) return changes.error.kind === 'permission' ? ok({ user: user.value, changes: null }) : changes;
    return ok({ user: user.value, changes: changes.value });
  };
  return {
    capability: {
      route: 'native',
      undo: null,
      effectiveWithinSeconds: 0,
      permissions: [SCOPE.readUsers, SCOPE.writeUsers, SCOPE.reports],
    },
    survives: survivors(settings.sso),
    perform({ command, account, call }) {
      if (command.kind !== 'reset_password') return Promise.resolve(refuse('Only a reset carries a password.'));
      const password = command.password.reveal();
      return patchUser(api, account, { password, changePasswordAtNextLogin: true }, call);
    },
    async judge({ account, call }, since) {
      const reading = await read(account, since, call);
      return reading.ok ? ok(judge(reading.value, since, tools)) : reading;
    },
  };
}

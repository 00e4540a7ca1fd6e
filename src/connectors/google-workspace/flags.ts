import { ok } from '../../result.js';
import type { Facts, Survivor } from '../port.js';
import {
  holds,
  doesNotHold,
  cannotTell,
  NOTHING_TO_DO,
  type Answer,
  type Handler,
  type Task,
  type Tools,
} from './handler.js';
import { SCOPE } from './scopes.js';
import { patchUser, readUser, type GoogleUser, type UserChange } from './user.js';

const PERMISSIONS = [SCOPE.readUsers, SCOPE.writeUsers];

const ACCESS_TOKENS: Survivor = {
  what: 'Access tokens that apps hold already: Google lets them run out, it gives no new ones',
  forSeconds: 3600,
};

const toFacts = (user: GoogleUser): Facts => ({ suspended: user.suspended });

async function capture({ api }: Tools, { account, call }: Task): Answer<Facts> {
  const user = await readUser(api, account.accountId, call);
  return user.ok ? ok(toFacts(user.value)) : user;
}

function judgeSuspended(user: GoogleUser, wanted: boolean) {
  if (user.suspended === null) return cannotTell('Google does not show whether the account is suspended.');
  const why = user.suspensionReason === null ? '' : ` (${user.suspensionReason})`;
  if (user.suspended) {
    const seen = `The Google account is suspended${why}.`;
    return wanted ? holds(seen) : doesNotHold(seen);
  }
  if (wanted) return doesNotHold('The Google account is not suspended.');
  return user.archived === true
    ? doesNotHold('The Google account is not suspended but archived, so nobody can sign in; give it a licence again.')
    : holds('The Google account is active.');
}

function suspension(tools: Tools, wanted: boolean): Handler {
  const set = (task: Task, suspended: boolean) => patchUser(tools.api, task.account, { suspended }, task.call);
  return {
    capability: { route: 'native', undo: 'restore', effectiveWithinSeconds: 0, permissions: PERMISSIONS },
    survives: wanted ? [ACCESS_TOKENS] : [],
    perform: (task) => set(task, wanted),
    async judge({ account, call }) {
      const user = await readUser(tools.api, account.accountId, call);
      return user.ok ? ok(judgeSuspended(user.value, wanted)) : user;
    },
    capture: (task) => capture(tools, task),
    async restore(task, before) {
      const now = await capture(tools, task);
      if (!now.ok) return now;
      const suspended = before['suspended'];
      if (typeof suspended !== 'boolean' || suspended === now.value['suspended']) return ok(NOTHING_TO_DO);
      return set(task, suspended);
    },
  };
}

export const disableAccount = (tools: Tools): Handler => suspension(tools, true);
export const enableAccount = (tools: Tools): Handler => suspension(tools, false);

const recoveryOf = (user: GoogleUser): { recovery_email: string | null; recovery_phone: string | null } => ({
  recovery_email: user.recoveryEmail || null,
  recovery_phone: user.recoveryPhone || null,
});

/** Takes away the recovery address and phone, through which an attacker would come back. */
export function clearRecoveryContacts(tools: Tools): Handler {
  const read = async ({ account, call }: Task) => {
    const user = await readUser(tools.api, account.accountId, call);
    return user.ok ? ok(recoveryOf(user.value)) : user;
  };
  return {
    capability: { route: 'native', undo: 'restore', effectiveWithinSeconds: 0, permissions: PERMISSIONS },
    survives: [],
    perform: ({ account, call }) => patchUser(tools.api, account, { recoveryEmail: '', recoveryPhone: '' }, call),
    async judge(task) {
      const now = await read(task);
      if (!now.ok) return now;
      const left = [now.value.recovery_email, now.value.recovery_phone].filter((contact) => contact !== null);
      return ok(
        left.length === 0
          ? holds('The account has no recovery address and no recovery phone.')
          : doesNotHold(`The account still has the recovery contact ${left.join(' and ')}.`),
      );
    },
    capture: read,
    async restore(task, before) {
      const now = await read(task);
      if (!now.ok) return now;
      const { recovery_email: email, recovery_phone: phone } = before;
      const change: UserChange = {
        ...(typeof email === 'string' && email !== now.value.recovery_email ? { recoveryEmail: email } : {}),
        ...(typeof phone === 'string' && phone !== now.value.recovery_phone ? { recoveryPhone: phone } : {}),
      };
      if (Object.keys(change).length === 0) return ok(NOTHING_TO_DO);
      return patchUser(tools.api, task.account, change, task.call);
    },
  };
}

import { ok } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import {
  ALREADY,
  cannotTell,
  doesNotHold,
  holds,
  native,
  utc,
  type Action,
  type Answer,
  type Undo,
} from '../kit/action.js';
import { undoOfFlags } from '../kit/flags.js';
import { DISABLED, type Account } from './account.js';
import { onAccount, type Directory } from './directory.js';
import type { Reading } from './reading.js';
import { REPLICATION, TICKETS } from './residual-access.js';
import type { Session } from './session.js';
import { replace, RIGHTS, write } from './writing.js';

interface Wanted {
  readonly disabled: boolean;
  /** Also ends a lock; only 0 may be written to lockoutTime. */
  readonly unlocked?: boolean;
}

const isDisabled = ({ userAccountControl }: Account): boolean => (userAccountControl & DISABLED) !== 0;

/** In one modify; nothing is written where it is already so. */
async function set(session: Session, account: Account, { disabled, unlocked = false }: Wanted): Answer<Receipt> {
  const switches = isDisabled(account) !== disabled;
  const unlocks = unlocked && account.lockRecorded;
  if (!switches && !unlocks) return ok(ALREADY);
  const changes = [
    ...(switches ? [replace('userAccountControl', account.userAccountControl ^ DISABLED)] : []),
    ...(unlocks ? [replace('lockoutTime', '0')] : []),
  ];
  const rights = [...(switches ? [RIGHTS.userAccountControl] : []), ...(unlocks ? [RIGHTS.lockoutTime] : [])];
  return write(session, account, changes, rights.join(' and '));
}

/** Restores what was and no more: an account that is enabled again stays locked. */
const switchBack = (directory: Directory): Undo<'disable_account' | 'enable_account'> =>
  undoOfFlags(['disabled'], {
    read: (target) =>
      onAccount(directory, target, (_session, account) => Promise.resolve(ok({ disabled: isDisabled(account) }))),
    set(flags, target) {
      const disabled = flags.get('disabled') === true;
      return onAccount(directory, target, (session, account) => set(session, account, { disabled }));
    },
  });

export const disableAccount = (directory: Directory): Action<'disable_account', Reading> => ({
  can: native(RIGHTS.userAccountControl),
  residual: [...TICKETS, REPLICATION],
  perform: (task) => onAccount(directory, task, (session, account) => set(session, account, { disabled: true })),
  judge: (_task, { reading: { account } }) =>
    isDisabled(account)
      ? holds('The account is disabled: the domain controller lets nobody sign in with it.')
      : doesNotHold('The account is enabled.'),
  undo: switchBack(directory),
});

export const enableAccount = (directory: Directory): Action<'enable_account', Reading> => ({
  can: native(RIGHTS.userAccountControl, RIGHTS.lockoutTime),
  perform: (task) =>
    onAccount(directory, task, (session, account) => set(session, account, { disabled: false, unlocked: true })),
  judge(_task, { reading: { account, state } }) {
    if (isDisabled(account)) return doesNotHold('The account is disabled.');
    if (state.enabled !== true && account.expiresAt !== null)
      return doesNotHold(
        `The account is not disabled, but it expired at ${utc(account.expiresAt)} (accountExpires), so nobody can sign in; whoever decides about it sets a new date.`,
      );
    if (state.locked === true) return doesNotHold('The account is enabled, but locked after wrong passwords.');
    return state.locked === null || state.enabled === null
      ? cannotTell('The account is not disabled; whether it is locked, or has expired, the directory does not show.')
      : holds('The account is enabled and not locked.');
  },
  undo: switchBack(directory),
});

import { ok } from '../../platform/result.js';
import type { ActionKind } from '../../ports/connector.js';
import {
  cannotTell,
  doesNotHold,
  holds,
  lasting,
  lastingUntil,
  native,
  type Action,
  type Verdict,
} from '../kit/action.js';
import { undoOfFlags } from '../kit/flags.js';
import { changeUser, readUser, type MimecastUser, type UserChange } from './account.js';
import type { MimecastApi } from './api.js';
import type { DirectorySync } from './directory-sync.js';
import { PERMISSION } from './permissions.js';
import type { Reader, Reading } from './reading.js';

type Flag = 'accountDisabled' | 'allowPop' | 'allowSmtp';

interface Switch extends Pick<Action<never, Reading>, 'residual'> {
  readonly sets: UserChange;
  readonly undoes: readonly Flag[];
  readonly judge: (reading: Reading) => Verdict;
}

const switchOf = <K extends ActionKind>(
  api: MimecastApi,
  { sets, undoes, judge, residual = [] }: Switch,
): Action<K, Reading> => ({
  can: native(PERMISSION.readUsers, PERMISSION.editUsers),
  residual,
  perform: (task) => changeUser(api, task, sets),
  judge: (_task, { reading }) => judge(reading),
  undo: undoOfFlags<K, Flag>(undoes, {
    read: ({ account, call }) => readUser(api, account.accountId, call),
    set: (wanted, target) => changeUser(api, target, Object.fromEntries(wanted)),
  }),
});

const OPEN_SESSIONS = lastingUntil(
  'Sessions that are already open: Mimecast does not say that disabling ends them, a password reset does',
  'reset_password',
);
const DIRECTORY_SYNC = lasting(
  'Nothing yet, but the next directory synchronisation may enable a synchronised account again: disable it in the directory too',
);
const OUTGOING = lasting(
  'Mail that the mailbox sends goes out through Mimecast all the same: stop it by a Blocked Senders policy from this address to everyone (Gateway | Policies | Blocked Senders), and reject what is held (Message Center | Held Messages)',
);
const OWN_MAILBOX = lasting(
  "Mail itself: it is read at the mail provider and in Mimecast's own applications, whatever POP and SMTP permit",
);

const BRINGS_ALONG =
  'Mimecast is told to synchronise with its directories at once: whoever is enabled there is enabled here again';

/** Has the directories asked at once, where the account is disabled first: so both say the same, and it is seen. */
function bringAlong(
  api: MimecastApi,
  sync: DirectorySync,
  action: Action<'disable_account', Reading>,
): Action<'disable_account', Reading> {
  return {
    ...action,
    can: {
      ...action.can,
      permissions: [...action.can.permissions, PERMISSION.readSync, PERMISSION.startSync],
      besides: BRINGS_ALONG,
    },
    async perform(task) {
      const done = await action.perform(task);
      if (done.ok) await sync.start(task);
      return done;
    },
    async judge(task, found) {
      const before = judgeDisabled(found.reading.user);
      if (before.verdict !== 'holds') return ok(before);
      const told = await sync.tell(found.since, task);
      // One may have ended between the two reads: only what is read now is what Mimecast shows after it.
      const user = await readUser(api, task.account.accountId, task.call);
      if (!user.ok) return user;
      const verdict = judgeDisabled(user.value);
      return ok(verdict.verdict === 'holds' ? holds(`${verdict.observed} ${told}`) : verdict);
    },
  };
}

function judgeDisabled({ accountDisabled, allowPop, allowSmtp }: MimecastUser): Verdict {
  if (accountDisabled === null) return cannotTell('Mimecast does not show whether the account is disabled.');
  if (!accountDisabled) return doesNotHold('The Mimecast account is enabled.');
  if (allowPop === true || allowSmtp === true)
    return doesNotHold('The Mimecast account is disabled, but POP or SMTP is still permitted.');
  return holds('The Mimecast account is disabled; POP and SMTP are not permitted.');
}

export function disableAccount({ api, sync }: Reader): Action<'disable_account', Reading> {
  const action = switchOf<'disable_account'>(api, {
    sets: { accountDisabled: true, allowPop: false, allowSmtp: false },
    undoes: ['accountDisabled', 'allowPop', 'allowSmtp'],
    residual: [OPEN_SESSIONS, DIRECTORY_SYNC, OUTGOING],
    judge: ({ user }) => judgeDisabled(user),
  });
  return sync === null ? action : bringAlong(api, sync, action);
}

/** POP and SMTP stay as they are: the connector must not guess whether this person had them before. */
export const enableAccount = (api: MimecastApi): Action<'enable_account', Reading> =>
  switchOf(api, {
    // A lock keeps the person out just as well.
    sets: { accountDisabled: false, accountLocked: false },
    undoes: ['accountDisabled'],
    judge({ state, user }) {
      if (state.enabled === null) return cannotTell('Mimecast does not show whether the account is enabled.');
      if (!state.enabled) return doesNotHold('The Mimecast account is disabled.');
      if (state.locked === true) return doesNotHold('The Mimecast account is enabled, but still locked.');
      const without = user.allowPop === false || user.allowSmtp === false;
      const rest = without
        ? '; POP or SMTP is still not permitted, permit it in the console if the person uses it'
        : '';
      return holds(`The Mimecast account is enabled${rest}.`);
    },
  });

function judgeProtocols({ allowPop, allowSmtp }: MimecastUser): Verdict {
  if (allowPop === null || allowSmtp === null)
    return cannotTell('Mimecast does not show whether POP and SMTP are permitted.');
  const open = [...(allowPop ? ['POP'] : []), ...(allowSmtp ? ['SMTP'] : [])];
  if (open.length === 0) return holds('POP and SMTP are not permitted for the account.');
  return doesNotHold(`${open.join(' and ')} ${open.length > 1 ? 'are' : 'is'} still permitted.`);
}

export const blockMailProtocols = (api: MimecastApi): Action<'block_mail_protocols', Reading> =>
  switchOf(api, {
    sets: { allowPop: false, allowSmtp: false },
    undoes: ['allowPop', 'allowSmtp'],
    residual: [OWN_MAILBOX, OUTGOING],
    judge: ({ user }) => judgeProtocols(user),
  });

import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Chosen, Command, ConnectorFailure, Receipt } from '../port.js';
import { changeUser, type UserChange } from './account.js';
import { readDelegates, removeDelegates, type Delegate } from './delegates.js';
import { isGroupCommand, joinGroup } from './prepared-groups.js';
import type { Reader } from './reader.js';

type Outcome = Result<Receipt, ConnectorFailure>;

export async function change(
  reader: Reader,
  account: AccountRef,
  flags: UserChange,
  call: CallContext,
): Promise<Outcome> {
  const changed = await changeUser(reader.api, account.accountId, flags, call);
  return changed.ok ? ok({ alreadyDone: false, requestId: changed.value.requestId }) : changed;
}

/** Those of the account's delegate rights that were chosen. */
export const chosenOf = (delegates: readonly Delegate[], items: Chosen): readonly Delegate[] =>
  items === 'all' ? delegates : delegates.filter(({ address }) => items.includes(address));

async function disableMailRules(
  reader: Reader,
  items: Chosen,
  account: AccountRef,
  call: CallContext,
): Promise<Outcome> {
  const found = await readDelegates(reader.api, account, call);
  if (!found.ok) return found;
  return removeDelegates(reader.api, account, chosenOf(found.value.delegates, items), call);
}

const UNSUPPORTED: Partial<Record<Command['kind'], string>> = {
  revoke_sessions:
    "Mimecast's API cannot end sessions by itself; resetting the password does, and registered applications are revoked in the console.",
  remove_factors: "Mimecast's API cannot touch 2-step registrations; force a new registration in the console.",
  clear_recovery_contacts: "Mimecast's API cannot change the mobile number that codes go to; do the console steps.",
  revoke_grants: "Mimecast's API cannot revoke registered applications; do the console steps.",
  remove_admin_roles: "Mimecast's API cannot take a person out of an administrator role; do the console steps.",
};

function unsupported(kind: Command['kind']): Outcome {
  const message =
    UNSUPPORTED[kind] ?? `Mimecast has nothing like it (${kind.replaceAll('_', ' ')}); leave it out here.`;
  return err({ kind: 'unsupported', message });
}

/** Carries out one command. Repeating it with the same values leaves the same state. */
export async function perform(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Outcome> {
  if (isGroupCommand(command)) return joinGroup(reader, command, account, call);
  switch (command.kind) {
    case 'reset_password':
      return change(reader, account, { password: command.password.reveal(), forcePasswordChange: true }, call);
    case 'disable_account':
      return change(reader, account, { accountDisabled: true, allowPop: false, allowSmtp: false }, call);
    case 'enable_account':
      // POP and SMTP stay as they are: whether this person had them before is not for the connector to guess.
      return change(reader, account, { accountDisabled: false }, call);
    case 'block_mail_protocols':
      return change(reader, account, { allowPop: false, allowSmtp: false }, call);
    case 'disable_mail_rules':
      return disableMailRules(reader, command.items, account, call);
    default:
      return unsupported(command.kind);
  }
}

import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Facts, Receipt } from '../port.js';
import { readUser, type MimecastUser, type UserChange } from './account.js';
import { change, chosenOf } from './commands.js';
import { addDelegates, readDelegates } from './delegates.js';
import { groupsOf, isGroupCommand, membershipsOf, setMemberships, wantedGroup } from './prepared-groups.js';
import type { Reader } from './reader.js';

const FLAGS = ['accountDisabled', 'allowPop', 'allowSmtp'] as const;
type Flag = (typeof FLAGS)[number];

/** The flags that a command sets; empty for those that set none. */
function flagsOf(kind: Command['kind']): readonly Flag[] {
  switch (kind) {
    case 'disable_account':
      return FLAGS;
    case 'enable_account':
      return ['accountDisabled'];
    case 'block_mail_protocols':
      return ['allowPop', 'allowSmtp'];
    default:
      return [];
  }
}

const pick = (user: MimecastUser, flags: readonly Flag[]): Facts =>
  Object.fromEntries(flags.map((flag) => [flag, user[flag]]));

/** What the command would change, as it is now; `{}` for what cannot be undone. */
export async function capture(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Facts, ConnectorFailure>> {
  const flags = flagsOf(command.kind);
  if (flags.length > 0) {
    const user = await readUser(reader.api, account.accountId, call);
    return user.ok ? ok(pick(user.value, flags)) : user;
  }
  if (command.kind === 'disable_mail_rules') {
    const found = await readDelegates(reader.api, account, call);
    if (!found.ok) return found;
    return ok({
      delegates: chosenOf(found.value.delegates, command.items)
        .map(({ address }) => address)
        .toSorted(),
    });
  }
  if (!isGroupCommand(command) || wantedGroup(reader.settings, command) === null) return ok({});
  const inside = await membershipsOf(reader, groupsOf(reader.settings, command.kind), account, call);
  return inside.ok ? ok({ groups: inside.value }) : inside;
}

const flagFacts = z.object({
  accountDisabled: z.boolean().nullish(),
  allowPop: z.boolean().nullish(),
  allowSmtp: z.boolean().nullish(),
});
const groupFacts = z.object({ groups: z.array(z.string()) });
const delegateFacts = z.object({ delegates: z.array(z.string()) });

const unreadable: ConnectorFailure = {
  kind: 'invalid_input',
  field: 'before',
  message: 'The saved state is not one of this action at Mimecast; undo it by hand in the Administration Console.',
};

async function restoreFlags(
  reader: Reader,
  { flags, before }: { readonly flags: readonly Flag[]; readonly before: Facts },
  account: AccountRef,
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  const facts = flagFacts.safeParse(before);
  if (!facts.success) return err(unreadable);
  const user = await readUser(reader.api, account.accountId, call);
  if (!user.ok) return user;
  const different = flags.filter(
    (flag) => typeof facts.data[flag] === 'boolean' && facts.data[flag] !== user.value[flag],
  );
  if (different.length === 0) return ok({ alreadyDone: true, requestId: null });
  const wanted: UserChange = Object.fromEntries(different.map((flag) => [flag, facts.data[flag]]));
  return change(reader, account, wanted, call);
}

/** Puts the saved facts back; what they do not name stays as it is. */
export async function restore(
  reader: Reader,
  { command, before }: { readonly command: Command; readonly before: Facts },
  account: AccountRef,
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  const flags = flagsOf(command.kind);
  if (flags.length > 0) return restoreFlags(reader, { flags, before }, account, call);
  if (command.kind === 'disable_mail_rules') {
    const facts = delegateFacts.safeParse(before);
    if (!facts.success) return err(unreadable);
    const found = await readDelegates(reader.api, account, call);
    if (!found.ok) return found;
    const present = new Set(found.value.delegates.map(({ address }) => address));
    return addDelegates(
      reader.api,
      account,
      facts.data.delegates.filter((address) => !present.has(address)),
      call,
    );
  }
  if (isGroupCommand(command) && wantedGroup(reader.settings, command) !== null) {
    const facts = groupFacts.safeParse(before);
    const all = groupsOf(reader.settings, command.kind);
    if (!facts.success) return err(unreadable);
    return setMemberships(
      reader,
      { all, wanted: facts.data.groups.filter((name) => all.includes(name)) },
      account,
      call,
    );
  }
  return err({
    kind: 'unsupported',
    message: `At Mimecast this cannot be undone (${command.kind.replaceAll('_', ' ')}); do what is needed by hand.`,
  });
}

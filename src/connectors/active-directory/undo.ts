import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, Command, ConnectorFailure, Facts, Receipt } from '../port.js';
import { DISABLED, readAccount } from './account.js';
import { disable, enableOnly } from './commands.js';
import { changeMemberships, directGroups } from './memberships.js';
import { groupsFor, wantedBy } from './prepared-groups.js';
import type { Session } from './session.js';
import type { ActiveDirectorySettings } from './settings.js';

const isSwitch = (kind: Command['kind']): boolean => kind === 'disable_account' || kind === 'enable_account';

/** What the command would change, as it is now; `{}` for what cannot be undone. Only direct memberships: no others change. */
export async function capture(
  session: Session,
  settings: ActiveDirectorySettings,
  command: Command,
  ref: AccountRef,
): Promise<Result<Facts, ConnectorFailure>> {
  const byGroups = wantedBy(settings, command) !== null;
  if (!isSwitch(command.kind) && !byGroups) return ok({});
  const reading = await readAccount(session, ref);
  if (!reading.ok) return reading;
  if (!byGroups) return ok({ disabled: (reading.value.userAccountControl & DISABLED) !== 0 });
  return ok({ groups: await directGroups(session, reading.value, groupsFor(settings, command.kind)) });
}

const switchFacts = z.object({ disabled: z.boolean() });
const groupFacts = z.object({ groups: z.array(z.string()) });

const unreadable: ConnectorFailure = {
  kind: 'invalid_input',
  field: 'before',
  message: 'The saved state is not one of this action at Active Directory; undo it by hand.',
};

/** Puts the saved facts back; what they do not name stays as it is. */
export async function restore(
  session: Session,
  settings: ActiveDirectorySettings,
  { command, before }: { readonly command: Command; readonly before: Facts },
  ref: AccountRef,
): Promise<Result<Receipt, ConnectorFailure>> {
  const byGroups = wantedBy(settings, command) !== null;
  if (!isSwitch(command.kind) && !byGroups) {
    return err({
      kind: 'unsupported',
      message: `Active Directory cannot undo this (${command.kind.replaceAll('_', ' ')}); do what is needed by hand.`,
    });
  }
  const reading = await readAccount(session, ref);
  if (!reading.ok) return reading;
  const account = reading.value;
  if (!byGroups) {
    const facts = switchFacts.safeParse(before);
    if (!facts.success) return err(unreadable);
    return facts.data.disabled ? disable(session, account) : enableOnly(session, account);
  }
  const facts = groupFacts.safeParse(before);
  if (!facts.success) return err(unreadable);
  const all = groupsFor(settings, command.kind);
  const join = all.filter((dn) => facts.data.groups.includes(dn));
  return changeMemberships(session, account, { join, leave: all.filter((dn) => !join.includes(dn)), directly: true });
}

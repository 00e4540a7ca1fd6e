import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Facts } from '../port.js';
import { type Outcome, restoring } from './commands.js';
import type { Reader } from './reader.js';
import { readUser, workspaceRole, type WorkspaceRole } from './user.js';

const isActivity = (kind: Command['kind']): boolean => kind === 'disable_account' || kind === 'enable_account';

/** Whether the command changes something that can be put back here. */
const undoable = (reader: Reader, kind: Command['kind']): boolean =>
  isActivity(kind) || (kind === 'remove_admin_roles' && reader.settings.plan === 'enterprise');

/** `{active}` for disabling and enabling, `{role}` for roles (`null` when Slack does not tell), `{}` for the rest. */
export async function capture(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Facts, ConnectorFailure>> {
  if (!undoable(reader, command.kind)) return ok({});
  const user = await readUser(reader.api, account.accountId, call);
  if (!user.ok) return user;
  return ok(isActivity(command.kind) ? { active: !user.value.deleted } : { role: workspaceRole(user.value) });
}

const RANK: Readonly<Record<WorkspaceRole, number>> = { member: 0, admin: 1, owner: 2 };
const isRole = (value: unknown): value is WorkspaceRole => typeof value === 'string' && Object.hasOwn(RANK, value);

const unreadable = (): Outcome =>
  err({
    kind: 'invalid_input',
    message: 'What was saved of the Slack account before the command cannot be read; put it back by hand.',
    field: 'before',
  });

/** Puts back what `capture` told. A role is only ever given back, never taken. */
export async function restore(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { before, call }: { readonly before: Facts; readonly call: CallContext },
): Promise<Outcome> {
  if (!undoable(reader, command.kind))
    return err({ kind: 'unsupported', message: 'This cannot be undone in Slack; there is nothing to put back.' });
  const user = await readUser(reader.api, account.accountId, call);
  if (!user.ok) return user;
  const done: Outcome = ok({ alreadyDone: true, requestId: null });
  if (isActivity(command.kind)) {
    const active = before['active'];
    if (typeof active !== 'boolean') return unreadable();
    return user.value.deleted === !active ? done : restoring.setActive(reader, account, active, call);
  }
  const role = before['role'];
  if (!isRole(role)) return unreadable();
  const present = workspaceRole(user.value);
  if (present === null)
    return err({
      kind: 'conflict',
      message: 'A deactivated person can be given no role in Slack; activate the account first.',
    });
  return RANK[role] <= RANK[present] ? done : restoring.setRole(reader, user.value, role, call);
}

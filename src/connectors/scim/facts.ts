import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Facts } from '../port.js';
import { setActive, setMemberships, unsupported, type Outcome } from './commands.js';
import type { ScimSettings } from './settings.js';
import { rangeGroupIds, type Reader } from './state.js';
import { readUser } from './user.js';

/** The groups that an action joins or leaves; `null` when it is no action on groups, or none is configured. */
function groupsOf(settings: ScimSettings, { kind }: Command): readonly string[] | null {
  const configured = (group: string | null): readonly string[] | null => (group === null ? null : [group]);
  switch (kind) {
    case 'require_two_step':
      return configured(settings.two_step_group_id);
    case 'quarantine':
      return configured(settings.quarantine_group_id);
    case 'limit_login_ips':
      return settings.login_range_groups.length === 0 ? null : rangeGroupIds(settings);
    case 'remove_admin_roles':
      return settings.admin_groups.length === 0 ? null : settings.admin_groups.map(({ group_id }) => group_id);
    default:
      return null;
  }
}

const isSwitch = ({ kind }: Command): boolean => kind === 'disable_account' || kind === 'enable_account';

/** What the command would change, as it is now; `{}` for what cannot be undone. */
export async function capture(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Facts, ConnectorFailure>> {
  const id = account.accountId;
  if (isSwitch(command)) {
    const user = await readUser(reader.api, id, call);
    return user.ok ? ok({ active: user.value.active ?? null }) : user;
  }
  const groups = groupsOf(reader.settings, command);
  if (groups === null) return ok({});
  const inside = await reader.groups.memberships(groups, id, call);
  return inside.ok ? ok({ groups: inside.value }) : inside;
}

const saved = { active: z.object({ active: z.boolean() }), groups: z.object({ groups: z.array(z.string()) }) };

const unreadable = (): Outcome =>
  err({
    kind: 'invalid_input',
    message: 'The saved facts are not those of this action; undo it by hand in the console.',
    field: 'before',
  });

/** Puts back what `capture` told before the command; what already is as it was stays. */
export async function restore(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { before, call }: { readonly before: Facts; readonly call: CallContext },
): Promise<Outcome> {
  const id = account.accountId;
  if (isSwitch(command)) {
    const facts = saved.active.safeParse(before);
    if (!facts.success) return unreadable();
    const user = await readUser(reader.api, id, call);
    if (!user.ok) return user;
    if (user.value.active === facts.data.active) return ok({ alreadyDone: true, requestId: null });
    return setActive(reader, id, facts.data.active, call);
  }
  const groups = groupsOf(reader.settings, command);
  if (groups === null) return unsupported(`This cannot be taken back in ${reader.settings.title}.`);
  const facts = saved.groups.safeParse(before);
  if (!facts.success) return unreadable();
  // Only groups that are configured for this action are ever touched, whatever the saved facts hold.
  const wanted = facts.data.groups.filter((group) => groups.includes(group));
  return setMemberships(reader, id, { all: groups, wanted }, call);
}

import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Receipt } from '../port.js';
import { changeUser, type UserChange } from './account.js';
import { rangeSetKey } from './ranges.js';
import { rangeGroupsOf, type Reader } from './state.js';
import type { MimecastSettings } from './settings.js';

type Outcome = Result<Receipt, ConnectorFailure>;

const unsupported = (message: string): Outcome => err({ kind: 'unsupported', message });

/** The prepared group whose ranges are this very set; `null` when none is. */
export function groupForRanges(settings: MimecastSettings, ranges: readonly string[]): string | null {
  const wanted = rangeSetKey(ranges);
  const match = settings.login_range_groups.find((prepared) => rangeSetKey(prepared.ranges) === wanted);
  return wanted === null ? null : (match?.group ?? null);
}

async function change(reader: Reader, account: AccountRef, flags: UserChange, call: CallContext): Promise<Outcome> {
  const changed = await changeUser(reader.api, account.accountId, flags, call);
  return changed.ok ? ok({ alreadyDone: false, requestId: changed.value.requestId }) : changed;
}

async function requireTwoStep({ groups, settings }: Reader, account: AccountRef, call: CallContext): Promise<Outcome> {
  if (settings.two_step_group !== null) return groups.add(settings.two_step_group, account, call);
  return unsupported(
    "Mimecast's API has no 2-step switch and no group was prepared for it; do the console steps, or set mimecast.two_step_group.",
  );
}

/** Joins the group of the wanted set first and leaves the others after: in between the account is never unrestricted. */
async function limitLoginIps(
  reader: Reader,
  account: AccountRef,
  { ranges, call }: { ranges: readonly string[]; call: CallContext },
): Promise<Outcome> {
  const { groups, settings } = reader;
  const wanted = groupForRanges(settings, ranges);
  if (wanted === null) {
    return unsupported(
      "Mimecast's API cannot set login ranges and no prepared group has just these; choose a prepared set, or do the console steps.",
    );
  }
  const added = await groups.add(wanted, account, call);
  if (!added.ok || settings.login_range_groups.length === 1) return added;
  const inside = await rangeGroupsOf(reader, account, call);
  if (!inside.ok) return inside;
  const others = inside.value.filter((name) => name !== wanted);
  for (const other of others) {
    const removed = await groups.remove(other, account, call);
    if (!removed.ok) return removed;
  }
  return ok({ ...added.value, alreadyDone: added.value.alreadyDone && others.length === 0 });
}

/** Carries out one command. Repeating it with the same values leaves the same state. */
export async function perform(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Outcome> {
  switch (command.kind) {
    case 'reset_password':
      return change(reader, account, { password: command.password.reveal(), forcePasswordChange: true }, call);
    case 'disable_account':
      return change(reader, account, { accountDisabled: true, allowPop: false, allowSmtp: false }, call);
    case 'enable_account':
      // POP and SMTP stay as they are: whether this person had them before is not for the connector to guess.
      return change(reader, account, { accountDisabled: false }, call);
    case 'revoke_sessions':
      return unsupported(
        "Mimecast's API cannot end sessions by itself; resetting the password does, and registered applications are revoked in the console.",
      );
    case 'require_two_step':
      return requireTwoStep(reader, account, call);
    case 'limit_login_ips':
      return limitLoginIps(reader, account, { ranges: command.ranges, call });
  }
}

/** Takes the account out of the prepared group or groups. */
export async function removeFromGroup(
  reader: Reader,
  kind: 'require_two_step' | 'limit_login_ips',
  account: AccountRef,
  call: CallContext,
): Promise<Outcome> {
  const { groups, settings } = reader;
  if (kind === 'require_two_step') {
    if (settings.two_step_group !== null) return groups.remove(settings.two_step_group, account, call);
    return unsupported(
      'No 2-step group is configured for Mimecast, so there is none to leave; set mimecast.two_step_group.',
    );
  }
  if (settings.login_range_groups.length === 0) {
    return unsupported(
      'No login range group is configured for Mimecast, so there is none to leave; set mimecast.login_range_groups.',
    );
  }
  const inside = await rangeGroupsOf(reader, account, call);
  if (!inside.ok) return inside;
  let receipt: Receipt = { alreadyDone: true, requestId: null };
  for (const name of inside.value) {
    const removed = await groups.remove(name, account, call);
    if (!removed.ok) return removed;
    if (!removed.value.alreadyDone) receipt = removed.value;
  }
  return ok(receipt);
}

import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Receipt } from '../port.js';
import { rangeSetKey } from '../ranges.js';
import type { MimecastSettings } from './settings.js';
import { afterPart } from './part-done.js';
import type { Reader } from './reader.js';

/** Actions that are a membership of groups that an administrator prepared. */
export type GroupCommand =
  { readonly kind: 'require_two_step' | 'quarantine' } | Extract<Command, { kind: 'limit_login_ips' }>;

const GROUP_KINDS = ['require_two_step', 'quarantine', 'limit_login_ips'] as const satisfies GroupCommand['kind'][];

export const isGroupCommand = (command: Command): command is GroupCommand =>
  command.kind === 'require_two_step' || command.kind === 'quarantine' || command.kind === 'limit_login_ips';

/** The prepared group whose ranges are this very set; `null` when none is. */
export function groupForRanges(settings: MimecastSettings, ranges: readonly string[]): string | null {
  const wanted = rangeSetKey(ranges);
  const match = settings.login_range_groups.find((prepared) => rangeSetKey(prepared.ranges) === wanted);
  return wanted === null ? null : (match?.group ?? null);
}

const named = (name: string | null): readonly string[] => (name === null ? [] : [name]);

/** All groups that the command may change the membership of: it joins one and leaves the others. */
export function groupsOf(settings: MimecastSettings, kind: GroupCommand['kind']): readonly string[] {
  switch (kind) {
    case 'require_two_step':
      return named(settings.two_step_group);
    case 'quarantine':
      return named(settings.quarantine_group);
    case 'limit_login_ips':
      return settings.login_range_groups.map(({ group }) => group);
  }
}

/** Every group that an administrator prepared, once. */
export const preparedGroups = (settings: MimecastSettings): readonly string[] => [
  ...new Set(GROUP_KINDS.flatMap((kind) => groupsOf(settings, kind))),
];

/** The group that the command joins; `null` when none was prepared for it. */
export function wantedGroup(settings: MimecastSettings, command: GroupCommand): string | null {
  switch (command.kind) {
    case 'require_two_step':
      return settings.two_step_group;
    case 'quarantine':
      return settings.quarantine_group;
    case 'limit_login_ips':
      return groupForRanges(settings, command.ranges);
  }
}

/** Which of the named groups hold the account, in the order of the names. */
export async function membershipsOf(
  { groups }: Reader,
  names: readonly string[],
  account: AccountRef,
  call: CallContext,
): Promise<Result<readonly string[], ConnectorFailure>> {
  const memberships = await Promise.all(names.map((name) => groups.hasMember(name, account, call)));
  const inside: string[] = [];
  for (const [index, membership] of memberships.entries()) {
    if (!membership.ok) return membership;
    const name = names[index];
    if (membership.value && name !== undefined) inside.push(name);
  }
  return ok(inside);
}

/**
 * Makes the account a member of `wanted` and of no other group among `all`. Joins before it leaves: in between the
 * account is never in fewer than it shall be.
 */
export async function setMemberships(
  reader: Reader,
  { all, wanted }: { readonly all: readonly string[]; readonly wanted: readonly string[] },
  account: AccountRef,
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  let receipt: Receipt = { alreadyDone: true, requestId: null };
  for (const name of wanted) {
    const added = await reader.groups.add(name, account, call);
    if (!added.ok) return err(afterPart(receipt, added.error));
    if (!added.value.alreadyDone) receipt = added.value;
  }
  const rest = all.filter((name) => !wanted.includes(name));
  const inside = await membershipsOf(reader, rest, account, call);
  if (!inside.ok) return err(afterPart(receipt, inside.error));
  for (const name of inside.value) {
    const removed = await reader.groups.remove(name, account, call);
    if (!removed.ok) return err(afterPart(receipt, removed.error));
    if (!removed.value.alreadyDone) receipt = removed.value;
  }
  return ok(receipt);
}

const NOT_PREPARED: Readonly<Record<GroupCommand['kind'], string>> = {
  require_two_step:
    "Mimecast's API has no 2-step switch and no group was prepared for it; do the console steps, or set mimecast.two_step_group.",
  quarantine: 'No quarantine group is configured for Mimecast; do the console steps, or set mimecast.quarantine_group.',
  limit_login_ips:
    "Mimecast's API cannot set login ranges and no prepared group has just these; choose a prepared set, or do the console steps.",
};

/** Joins the group of the command. */
export function joinGroup(
  reader: Reader,
  command: GroupCommand,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  const wanted = wantedGroup(reader.settings, command);
  if (wanted === null) return Promise.resolve(err({ kind: 'unsupported', message: NOT_PREPARED[command.kind] }));
  return setMemberships(reader, { all: groupsOf(reader.settings, command.kind), wanted: [wanted] }, account, call);
}

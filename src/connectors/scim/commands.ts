import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Receipt } from '../port.js';
import { rangeSetKey } from '../ranges.js';
import type { Operation } from './api.js';
import { rangeGroupIds, type Reader } from './state.js';
import type { ScimSettings } from './settings.js';
import { readUser, userPath } from './user.js';

export type Outcome = Result<Receipt, ConnectorFailure>;

const DONE: Receipt = { alreadyDone: true, requestId: null };
const TRIES = 2;

export const unsupported = (message: string): { readonly ok: false; readonly error: ConnectorFailure } =>
  err({ kind: 'unsupported', message });

const replace = ({ patch_style }: ScimSettings, attribute: 'active' | 'password', value: unknown): Operation =>
  patch_style === 'path' ? { op: 'replace', path: attribute, value } : { op: 'replace', value: { [attribute]: value } };

/**
 * Replaces one attribute. Where the server keeps versions, the version that was read goes along; when somebody else was
 * faster, it is read and sent once more: the change concerns this attribute alone.
 */
async function change(reader: Reader, id: string, operation: Operation, call: CallContext): Promise<Outcome> {
  const provider = await reader.provider(call);
  const versioned = provider.ok && provider.value.etag === true;
  for (let attempt = 1; ; attempt += 1) {
    const user = versioned ? await readUser(reader.api, id, call) : null;
    if (user !== null && !user.ok) return user;
    const version = user?.value.meta?.version ?? null;
    const sent = await reader.api.patch({ path: userPath(id), operations: [operation], version, call });
    if (sent.ok || sent.error.kind !== 'conflict' || version === null || attempt === TRIES) return sent;
  }
}

export const setActive = (reader: Reader, id: string, active: boolean, call: CallContext): Promise<Outcome> =>
  change(reader, id, replace(reader.settings, 'active', active), call);

async function resetPassword(reader: Reader, id: string, password: string, call: CallContext): Promise<Outcome> {
  const { settings } = reader;
  if (!settings.set_password)
    return unsupported(
      `Passwords of ${settings.title} are not set by Notme; do the console steps, or set set_password for it.`,
    );
  const provider = await reader.provider(call);
  if (!provider.ok) return provider;
  if (provider.value.changePassword === false)
    return unsupported(
      `${settings.title} says that it does not take passwords over SCIM (changePassword); do the console steps.`,
    );
  const sent = await change(reader, id, replace(settings, 'password', password), call);
  if (sent.ok || sent.error.kind !== 'invalid_input') return sent;
  return err({
    kind: 'invalid_input',
    message: `${settings.title} did not take the new password; check its password policy.`,
    field: 'password',
  });
}

/** The prepared group whose ranges are this very set; `null` when none is. */
export function groupForRanges(settings: ScimSettings, ranges: readonly string[]): string | null {
  const wanted = rangeSetKey(ranges);
  const match = settings.login_range_groups.find((prepared) => rangeSetKey(prepared.ranges) === wanted);
  return wanted === null ? null : (match?.group_id ?? null);
}

async function inGroup(
  { groups, settings }: Reader,
  group: string | null,
  id: string,
  call: CallContext,
): Promise<Outcome> {
  if (group !== null) return groups.set(group, id, true, call);
  return unsupported(
    `SCIM has no call for this and no group of ${settings.title} was prepared for it; do the console steps.`,
  );
}

/** Joins what is wanted first and leaves the others after: in between the account is never unrestricted. */
export async function setMemberships(
  { groups }: Reader,
  id: string,
  among: { readonly all: readonly string[]; readonly wanted: readonly string[] },
  call: CallContext,
): Promise<Outcome> {
  let receipt = DONE;
  const rest = among.all.filter((group) => !among.wanted.includes(group));
  for (const [list, inside] of [
    [among.wanted, true],
    [rest, false],
  ] as const) {
    for (const group of list) {
      const changed = await groups.set(group, id, inside, call);
      if (!changed.ok) return changed;
      if (!changed.value.alreadyDone) receipt = changed.value;
    }
  }
  return ok(receipt);
}

async function limitLoginIps(
  reader: Reader,
  id: string,
  ranges: readonly string[],
  call: CallContext,
): Promise<Outcome> {
  const wanted = groupForRanges(reader.settings, ranges);
  if (wanted === null)
    return unsupported(
      `No prepared group of ${reader.settings.title} has just these ranges; choose a prepared set, or do the console steps.`,
    );
  return setMemberships(reader, id, { all: rangeGroupIds(reader.settings), wanted: [wanted] }, call);
}

async function removeAdminRoles(reader: Reader, id: string, call: CallContext): Promise<Outcome> {
  const all = reader.settings.admin_groups.map(({ group_id }) => group_id);
  if (all.length === 0)
    return unsupported(
      `No groups of ${reader.settings.title} are configured as those of administrators; do the console steps, or set admin_groups.`,
    );
  return setMemberships(reader, id, { all, wanted: [] }, call);
}

/** Carries out one command. Repeating it with the same values leaves the same state. */
export async function perform(
  reader: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Outcome> {
  const { settings } = reader;
  const id = account.accountId;
  switch (command.kind) {
    case 'reset_password':
      return resetPassword(reader, id, command.password.reveal(), call);
    case 'disable_account':
      return setActive(reader, id, false, call);
    case 'enable_account':
      return setActive(reader, id, true, call);
    case 'require_two_step':
      return inGroup(reader, settings.two_step_group_id, id, call);
    case 'quarantine':
      return inGroup(reader, settings.quarantine_group_id, id, call);
    case 'limit_login_ips':
      return limitLoginIps(reader, id, command.ranges, call);
    case 'remove_admin_roles':
      return removeAdminRoles(reader, id, call);
    default:
      return unsupported(
        `SCIM has no call for this; if ${settings.title} has the thing, a person does it in its console.`,
      );
  }
}

import { ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, ReadBack } from '../port.js';
import { rangeSetKey } from '../ranges.js';
import { groupForRanges } from './commands.js';
import { readAccount, type Reader, type Reading } from './state.js';
import { survivors } from './survivors.js';

type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;

const holds = (observed: string): Verdict => ({ verdict: 'holds', observed });
const doesNotHold = (observed: string): Verdict => ({ verdict: 'does_not_hold', observed });
const cannotTell = (observed: string): Verdict => ({ verdict: 'cannot_tell', observed });

function judgeActive({ state }: Reading, wanted: boolean, title: string): Verdict {
  if (state.enabled === null) return cannotTell(`${title} does not show whether the account is active.`);
  const observed = `The ${title} account is ${state.enabled ? 'active' : 'not active'}.`;
  return state.enabled === wanted ? holds(observed) : doesNotHold(observed);
}

/** A password is never shown; that the account was modified since is a sign, not a proof. */
function judgeReset({ user }: Reading, since: Date, title: string): Verdict {
  const modified = Date.parse(user.meta?.lastModified ?? '');
  if (Number.isNaN(modified))
    return cannotTell(`SCIM does not show passwords, and ${title} does not tell when the account was modified.`);
  const at = new Date(modified).toISOString();
  if (modified < since.getTime() - 60_000)
    return doesNotHold(`${title} last modified the account at ${at}, before the reset.`);
  return cannotTell(`SCIM does not show passwords; ${title} last modified the account at ${at}.`);
}

async function judgeGroup(
  reader: Reader,
  { user }: Reading,
  group: string | null,
  call: CallContext,
): Promise<Result<Verdict, ConnectorFailure>> {
  const { title } = reader.settings;
  if (group === null) return ok(cannotTell(`No group of ${title} is configured for this.`));
  const found = await reader.groups.read(group, call);
  if (!found.ok) return found;
  const name = found.value.displayName === '' ? group : found.value.displayName;
  const inside = found.value.members?.some(({ value }) => value === user.id) === true;
  return ok(
    inside
      ? holds(`The account is in the group "${name}" of ${title}.`)
      : doesNotHold(`The account is not in the group "${name}" of ${title}.`),
  );
}

function judgeRanges({ settings }: Reader, { state }: Reading, wanted: readonly string[]): Verdict {
  if (groupForRanges(settings, wanted) === null || state.loginRanges === null)
    return cannotTell(`${settings.title} does not show which login ranges are in force.`);
  const present =
    state.loginRanges.length === 0
      ? 'in none of the prepared range groups'
      : `in the group that permits ${state.loginRanges.join(', ')}`;
  const observed = `The account is ${present}.`;
  return rangeSetKey(state.loginRanges) === rangeSetKey(wanted) ? holds(observed) : doesNotHold(observed);
}

function judgeRoles({ state }: Reading, title: string): Verdict {
  if (state.adminRoles === null)
    return cannotTell(`Which groups of ${title} make administrators is not configured, or not shown.`);
  if (state.adminRoles.length === 0) return holds('The account is in none of the groups of administrators.');
  return doesNotHold(`The account is in the groups of administrators ${state.adminRoles.join(', ')}.`);
}

/** Reads what is true now and compares it with what the command wanted; also after an answer that was lost. */
export async function readBack(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { since, call }: { readonly since: Date; readonly call: CallContext },
): Promise<Result<ReadBack, ConnectorFailure>> {
  const reading = await readAccount(reader, account, call);
  if (!reading.ok) return reading;
  const judged = await judge(reader, reading.value, command, { since, call });
  if (!judged.ok) return judged;
  return ok({ ...judged.value, state: reading.value.state, survives: survivors(reader.settings, command) });
}

async function judge(
  reader: Reader,
  reading: Reading,
  command: Command,
  { since, call }: { readonly since: Date; readonly call: CallContext },
): Promise<Result<Verdict, ConnectorFailure>> {
  const { settings } = reader;
  switch (command.kind) {
    case 'disable_account':
      return ok(judgeActive(reading, false, settings.title));
    case 'enable_account':
      return ok(judgeActive(reading, true, settings.title));
    case 'reset_password':
      return ok(judgeReset(reading, since, settings.title));
    case 'require_two_step':
      return judgeGroup(reader, reading, settings.two_step_group_id, call);
    case 'quarantine':
      return judgeGroup(reader, reading, settings.quarantine_group_id, call);
    case 'limit_login_ips':
      return ok(judgeRanges(reader, reading, command.ranges));
    case 'remove_admin_roles':
      return ok(judgeRoles(reading, settings.title));
    default:
      return ok(cannotTell(`SCIM does not show anything of this kind; ask an administrator of ${settings.title}.`));
  }
}

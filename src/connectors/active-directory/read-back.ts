import { err, ok, type Result } from '../../result.js';
import type { AccountState, Command, ConnectorFailure, ReadBack } from '../port.js';
import { rangeSetKey } from '../ranges.js';
import type { Account } from './account.js';
import { survivors } from './capabilities.js';
import { bindRefusal, classify } from './failures.js';
import { groupName } from './prepared-groups.js';
import type { Reading } from './reading.js';
import type { ActiveDirectorySettings } from './settings.js';

/** What a bind with the password tells: `ours` also when the account may not log on for another reason. */
export type Proof = 'ours' | 'not_ours' | 'hidden';

/**
 * Sub-codes that Active Directory gives only after it has found the password right; 775 (locked) it gives for any.
 * Seen on Samba for 533, 773 and 775.
 */
const RIGHT_PASSWORD = new Set(['530', '531', '532', '533', '701', '773']);

/** Tries the password as the account. Adds one to badPwdCount when it is wrong. */
export async function provePassword(bind: () => Promise<void>): Promise<Result<Proof, ConnectorFailure>> {
  try {
    await bind();
    return ok('ours');
  } catch (error) {
    const refusal = bindRefusal(error);
    if (refusal === null) return err(classify(error, { writeSent: false }));
    if (RIGHT_PASSWORD.has(refusal)) return ok('ours');
    return ok(refusal === '775' ? 'hidden' : 'not_ours');
  }
}

type Judgement = Pick<ReadBack, 'verdict' | 'observed'>;

/** Compares what was read with what the command wanted. `proof` is only asked of a reset. */
export function judge(
  settings: ActiveDirectorySettings,
  command: Command,
  reading: Reading,
  reset: { readonly proof: Proof; readonly since: Date },
): ReadBack {
  const judgement = judgementOf(settings, command, reading, reset);
  return { ...judgement, state: reading.state, survives: survivors(command.kind) };
}

function judgementOf(
  settings: ActiveDirectorySettings,
  command: Command,
  { account, state, quarantinedBy, adminOf }: Reading,
  reset: { readonly proof: Proof; readonly since: Date },
): Judgement {
  switch (command.kind) {
    case 'reset_password':
      return judgeReset(account, reset.proof, reset.since);
    case 'disable_account':
      return state.enabled === false
        ? holds('The account is disabled: the domain controller lets nobody sign in with it.')
        : doesNotHold('The account is enabled.');
    case 'enable_account':
      return judgeEnabled(state);
    case 'require_two_step':
      return judgeTwoStep(state);
    case 'quarantine':
      return judgeQuarantine(settings.quarantine_group_dns, quarantinedBy);
    case 'limit_login_ips':
      return judgeRanges(state, command.ranges);
    case 'remove_admin_roles':
      return judgeRoles(settings.admin_group_dns, adminOf);
    case 'revoke_sessions':
      return cannotTell('Active Directory has no list of sessions and cannot end them over LDAP.');
    default:
      return cannotTell('Active Directory keeps nothing of this.');
  }
}

const names = (dns: readonly string[]): string => dns.map(groupName).join(', ');

function judgeQuarantine(wanted: readonly string[], present: readonly string[]): Judgement {
  if (wanted.length === 0) return cannotTell('No quarantine group is configured.');
  const missing = wanted.filter((dn) => !present.includes(dn));
  return missing.length === 0
    ? holds(`The account is in ${names(wanted)}.`)
    : doesNotHold(`The account is not in ${names(missing)}.`);
}

function judgeRoles(guarded: readonly string[], present: readonly string[]): Judgement {
  if (guarded.length === 0) return cannotTell('No groups of administrators are configured.');
  return present.length === 0
    ? holds(`The account is in none of ${names(guarded)}, also not through other groups.`)
    : doesNotHold(`The account is still in ${names(present)}, perhaps through another group.`);
}

function judgeRanges(state: AccountState, wanted: readonly string[]): Judgement {
  const present = state.loginRanges;
  if (present === null) return cannotTell('Active Directory does not tell which address ranges are in force.');
  if (present.length === 0) return doesNotHold('The account is in none of the prepared range groups.');
  return rangeSetKey(present) === rangeSetKey(wanted)
    ? holds(`The account is in the group that lets people in from ${present.join(', ')} only.`)
    : doesNotHold(`The account is limited to ${present.join(', ')}.`);
}

function judgeEnabled(state: AccountState): Judgement {
  if (state.enabled !== true) return doesNotHold('The account is disabled.');
  return state.locked === true
    ? doesNotHold('The account is enabled, but locked after wrong passwords.')
    : holds('The account is enabled and not locked.');
}

function judgeTwoStep(state: AccountState): Judgement {
  if (state.twoStepRequired === null) return cannotTell('No two-step group is configured.');
  return state.twoStepRequired
    ? holds('The account is in the two-step group.')
    : doesNotHold('The account is not in the two-step group.');
}

/** The clocks of the bot and of the controller may differ by this much before Kerberos itself stops working. */
const SKEW_MS = 5 * 60_000;

function judgeReset(account: Account, proof: Proof, since: Date): Judgement {
  const changed = account.passwordChangedAt;
  const when = changed === null ? 'at an unknown time' : `at ${utc(changed)}`;
  if (changed !== null && changed.getTime() < since.getTime() - SKEW_MS) {
    return doesNotHold(`The password was last set ${when}, before this reset.`);
  }
  if (proof === 'hidden') {
    return cannotTell(
      `The password was last set ${when}; the account is locked, so Active Directory does not tell whose it is.`,
    );
  }
  if (proof === 'not_ours') {
    return doesNotHold(`The password is not the one of this reset; it was last set ${when}.`);
  }
  if (account.mustChangePassword) {
    return holds(`A sign-in proves the new password, set ${when}; it must be changed at the next logon.`);
  }
  if (account.passwordNeverExpires) {
    return holds(
      `A sign-in proves the new password, set ${when}. The account is marked "password never expires", so Windows will not ask for another.`,
    );
  }
  return doesNotHold(`A sign-in proves the new password, set ${when}, but it need not be changed at the next logon.`);
}

function utc(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

const holds = (observed: string): Judgement => ({ verdict: 'holds', observed });
const doesNotHold = (observed: string): Judgement => ({ verdict: 'does_not_hold', observed });
const cannotTell = (observed: string): Judgement => ({ verdict: 'cannot_tell', observed });

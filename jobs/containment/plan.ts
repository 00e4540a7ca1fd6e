import type { ActionKind, Connector } from '../../src/connectors/port.js';
import type { DecisionKind } from './catalogue.js';

/** The order of the steps on one account, each with its reason. */
export const ORDER: readonly { readonly action: ActionKind; readonly because: string }[] = [
  {
    action: 'reset_password',
    because: 'the attacker knows the password; a disabled account cannot be reset in every system',
  },
  { action: 'revoke_sessions', because: 'after the reset, or the attacker signs in again with the old password' },
  { action: 'require_two_step', because: 'before the account can be used again, and it needs no sign-in' },
  { action: 'limit_login_ips', because: 'the same, only when ranges were given' },
  { action: 'disable_account', because: 'last: it closes the account until somebody has spoken to the person' },
];

/** Systems whose copy of the account is the source for others act first. */
const AUTHORITY_FIRST: readonly string[] = ['active_directory'];

/** An account that a plan may act on. */
export interface PlannedAccount {
  readonly accountRow: string;
  readonly system: string;
}

export interface PlannedStep {
  readonly accountRow: string;
  readonly system: string;
  readonly action: ActionKind;
  /** The step before it on the same account, by index in the plan; `null` for the first. */
  readonly after: number | null;
}

function actionsOf(decision: DecisionKind, withRanges: boolean): ActionKind[] {
  if (decision !== 'lockdown') return [decision];
  return ORDER.map((rule) => rule.action).filter((action) => action !== 'limit_login_ips' || withRanges);
}

const rank = (system: string): number => (AUTHORITY_FIRST.includes(system) ? 0 : 1);

/**
 * The steps of a decision over the linked accounts, in order. Steps of one account follow one another; accounts do not
 * wait for each other, so that one system's failure never holds up the others.
 */
export function planSteps(
  decision: DecisionKind,
  accounts: readonly PlannedAccount[],
  options: { connectors: ReadonlyMap<string, Connector>; withRanges: boolean },
): PlannedStep[] {
  const steps: PlannedStep[] = [];
  const ordered = accounts.toSorted((a, b) => rank(a.system) - rank(b.system));
  for (const account of ordered) {
    let after: number | null = null;
    for (const action of actionsOf(decision, options.withRanges)) {
      const capability = options.connectors.get(account.system)?.capabilities[action];
      if (!capability || capability.route === 'none') continue;
      steps.push({ ...account, action, after });
      after = steps.length - 1;
    }
  }
  return steps;
}

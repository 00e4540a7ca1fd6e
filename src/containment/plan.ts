import type { DecisionKind } from '../ports/decision-kinds.js';
import {
  type AccountState,
  type ActionKind,
  type Chosen,
  type Connector,
  isItemAction,
  type ItemAction,
} from '../ports/connector.js';
import { AUTHORITY_FIRST, LOCKDOWN, ON_ONE_ACCOUNT } from './step-order.js';

/** An account that a plan may act on. */
export interface PlannedAccount {
  readonly accountRow: string;
  readonly system: string;
  readonly authority: AccountState['authority'];
  /** What the evidence flags, by action; what a lockdown removes without asking. */
  readonly odd: Partial<Record<ItemAction, readonly string[]>>;
}

export interface PlannedStep {
  readonly accountRow: string;
  readonly system: string;
  readonly action: ActionKind;
  /** `null` for actions without items. */
  readonly items: Chosen | null;
  /** Steps of the same account that must have ended, by index in the plan. */
  readonly after: readonly number[];
  /** Steps of the authority that must at least have been tried, by index in the plan: its failure blocks nobody. */
  readonly afterTry: readonly number[];
}

export interface PlanOptions {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly withRanges: boolean;
  /** What the approver chose for an action on items, by account row. */
  readonly chosen: ReadonlyMap<string, readonly string[]>;
}

type Wanted = Pick<PlannedStep, 'accountRow' | 'system' | 'action' | 'items'>;

function lockdownOf(account: PlannedAccount, { connectors, withRanges }: PlanOptions): Wanted[] {
  const capabilities = connectors.get(account.system)?.capabilities;
  return LOCKDOWN.flatMap(({ action, items, manual }): Wanted[] => {
    const route = capabilities?.[action].route ?? 'none';
    if (route === 'none' || (action === 'limit_login_ips' && !withRanges)) return [];
    if ((route === 'console' || route === 'effect_of_reset') && !manual) return [];
    const base = { accountRow: account.accountRow, system: account.system, action };
    if (items === undefined || !isItemAction(action)) return [{ ...base, items: null }];
    if (items === 'all') return [{ ...base, items: 'all' }];
    const odd = account.odd[action] ?? [];
    return odd.length === 0 ? [] : [{ ...base, items: odd }];
  });
}

function singleOf(action: ActionKind, account: PlannedAccount, { connectors, chosen }: PlanOptions): Wanted[] {
  const route = connectors.get(account.system)?.capabilities[action].route ?? 'none';
  if (route === 'none') return [];
  const base = { accountRow: account.accountRow, system: account.system, action };
  if (!isItemAction(action)) return [{ ...base, items: null }];
  if (route === 'console') return [{ ...base, items: 'all' }];
  const items = chosen.get(account.accountRow) ?? [];
  return items.length === 0 ? [] : [{ ...base, items }];
}

/** The system that an account is copied from or signed in at; `null` when it is managed where it is. */
const sourceOf = ({ authority }: PlannedAccount): string | null =>
  authority === null || authority.where === 'here' ? null : authority.from;

/**
 * Which account is a copy of which. Systems that name each other (or themselves) as the source give no order: none of
 * them waits, because a circle of waiting steps would never begin.
 */
function copiesAmong(
  accounts: readonly PlannedAccount[],
): (copy: PlannedAccount, authority: PlannedAccount) => boolean {
  const sources = (system: string): string[] =>
    accounts.flatMap((account) => (account.system === system ? (sourceOf(account) ?? []) : []));
  const leadsBack = (system: string): boolean => {
    const reached = new Set<string>();
    const open = sources(system);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...sources(next));
    }
    return reached.has(system);
  };
  const inCircles = new Set(accounts.map(({ system }) => system).filter(leadsBack));
  return (copy, authority) =>
    sourceOf(copy) === authority.system && !(inCircles.has(copy.system) && inCircles.has(authority.system));
}

/** What a person may do to the own accounts: it only tightens, and each change can be taken back. */
export const HOLD_ACTIONS = ['quarantine', 'revoke_sessions'] as const satisfies readonly ActionKind[];

/**
 * The steps of a self-hold: what Notme does itself, without console steps, and nothing that cannot be lifted. Sessions
 * are ended everywhere; who has them ended can sign in again, so there is nothing to lift.
 */
export function planHold(
  accounts: readonly PlannedAccount[],
  { connectors }: Pick<PlanOptions, 'connectors'>,
): PlannedStep[] {
  const wanted = accounts.flatMap(({ accountRow, system }) =>
    HOLD_ACTIONS.filter((action) => isHeldBy(connectors.get(system), action)).map((action): Wanted => ({
      accountRow,
      system,
      action,
      items: null,
    })),
  );
  return inOrder(wanted, accounts);
}

function isHeldBy(connector: Connector | undefined, action: (typeof HOLD_ACTIONS)[number]): boolean {
  const capability = connector?.capabilities[action];
  if (capability === undefined || !['native', 'group'].includes(capability.route)) return false;
  return action === 'revoke_sessions' || capability.undo !== null;
}

/**
 * The steps of a decision over the linked accounts. A step waits only for what the rules of `step-order.ts` name:
 * everything else runs in parallel, and one system's failure never blocks the others.
 */
export function planSteps(
  decision: DecisionKind,
  accounts: readonly PlannedAccount[],
  options: PlanOptions,
): PlannedStep[] {
  const isCopyOf = copiesAmong(accounts);
  const sources = new Set(accounts.flatMap((copy) => accounts.filter((one) => isCopyOf(copy, one))));
  const ordered = accounts.toSorted((a, b) => Number(sources.has(b)) - Number(sources.has(a)));
  const wanted = ordered.flatMap((account) =>
    decision === 'lockdown' ? lockdownOf(account, options) : singleOf(decision, account, options),
  );
  return inOrder(wanted, accounts);
}

/** What waits for what: only what the rules of `step-order.ts` name. */
function inOrder(wanted: readonly Wanted[], accounts: readonly PlannedAccount[]): PlannedStep[] {
  const isCopyOf = copiesAmong(accounts);
  const rowOf = new Map(accounts.map((account) => [account.accountRow, account]));
  const indexes = (test: (other: Wanted) => boolean): number[] =>
    wanted.flatMap((other, index) => (test(other) ? [index] : []));
  return wanted.map((step) => ({
    ...step,
    after: indexes(
      (other) =>
        other.accountRow === step.accountRow &&
        ON_ONE_ACCOUNT.some(({ first, then }) => first === other.action && then === step.action),
    ),
    afterTry: AUTHORITY_FIRST.some(({ action }) => action === step.action)
      ? indexes((other) => {
          const [copy, source] = [rowOf.get(step.accountRow), rowOf.get(other.accountRow)];
          return other.action === step.action && copy !== undefined && source !== undefined && isCopyOf(copy, source);
        })
      : [],
  }));
}

import type { DecisionKind } from '../ports/decision-kinds.js';
import { planSteps, type PlannedStep } from '../containment/plan.js';
import { canonicalHash, type JsonObject } from '../platform/canonical.js';
import { type ActionKind, isItemAction, ITEM_ACTIONS } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import type { StoredItem } from '../evidence/evidence.js';
import type { Incident } from '../incidents/incident.js';
import { newestEvidenceOf, type NewestSnapshot } from '../evidence/rescan.js';
import { anomaliesIn, type Anomaly } from '../evidence/anomalies.js';
import type { Queryable } from '../ports/database.js';
import { unfitIn } from './range-fit.js';
import { choicesOf, plannedAccounts } from './planned-accounts.js';
import { type Unplanned, unplannedIn } from './unplanned.js';

/** For whom and for what a plan is drawn. */
export interface Drawing {
  readonly decision: DecisionKind;
  readonly accounts: readonly LinkedAccount[];
  readonly incident: Incident;
  /** What was entered, when the plan is drawn with it. */
  readonly ranges?: readonly string[];
}

/** A plan as a modal shows it, with every item that may be chosen in it. */
export interface DrawnPlan {
  readonly snapshots: readonly NewestSnapshot[];
  readonly odd: readonly Anomaly[];
  /** By account row, for an action on items. */
  readonly choices: ReadonlyMap<string, readonly StoredItem[]>;
  readonly steps: readonly PlannedStep[];
  /** What a lockdown cannot plan yet. It is listed by name, offered once it is read, and not part of the decision. */
  readonly unplanned: readonly Unplanned[];
  /** The systems in which the entered ranges become a manual step. */
  readonly unfit: readonly string[];
  /** Carried by the modal: a different digest at the submit means a different plan. */
  readonly digest: string;
}

/**
 * Draws a plan from the store alone: once for the modal, and again at the submit to check that it is still the same
 * plan.
 */
export async function drawPlan(core: Core, tx: Queryable, drawing: Drawing): Promise<DrawnPlan> {
  const { decision, accounts, incident, ranges = [] } = drawing;
  const aboutItems = decision !== 'lockdown' && isItemAction(decision);
  const snapshots = aboutItems || decision === 'lockdown' ? await newestEvidenceOf(core, tx, incident.id) : [];
  const odd = anomaliesIn(snapshots, { opened: incident.opened_at, accounts });
  const choices = new Map(
    accounts.map((account) => {
      const snapshot = snapshots.find(({ accountRow }) => accountRow === account.id);
      return [account.id, aboutItems ? choicesOf(snapshot, decision) : []] as const;
    }),
  );
  const planned = plannedAccounts(core, accounts, odd);
  const options = { connectors: core.connectors, withRanges: true };
  const chosen = new Map([...choices].map(([row, items]) => [row, items.map(({ id }) => id)]));
  const steps = planSteps(decision, planned, { ...options, chosen });
  // The submit names each chosen item: if the list has changed since, the plan stays as it was.
  const any = new Map(accounts.map(({ id }) => [id, ['chosen']]));
  const shown = aboutItems ? planSteps(decision, planned, { ...options, chosen: any }) : steps;
  // Ranges that no prepared group fits make another plan: it is shown before it runs.
  const unfit = unfitIn(core, decision, steps, ranges);
  const digest = canonicalHash({
    incident: incident.id,
    decision,
    steps: boundSteps(accounts, shown),
    ...(unfit.length === 0 ? {} : { ranges_by_hand: [...unfit] }),
  });
  const unplanned = decision === 'lockdown' ? unplannedIn(core, accounts, { snapshots, odd }) : [];
  return { snapshots, odd, choices, steps, unplanned, unfit, digest };
}

/** The item that a step is about; `null` when no look shows it. */
export type ItemOf = (accountRow: string, action: ActionKind, id: string) => StoredItem | null;

/** The place, the address, the device and who did it, as far as the system reports them. */
export const whereOf = ({ place, ip, device, by }: StoredItem): readonly string[] =>
  [place, ip, device, by].filter((one) => one !== undefined);

export const itemsIn =
  (snapshots: readonly NewestSnapshot[]): ItemOf =>
  (accountRow, action, id) => {
    const snapshot = snapshots.find((one) => one.accountRow === accountRow);
    if (!snapshot || !isItemAction(action)) return null;
    const sections = [snapshot.evidence, snapshot.first].flatMap((look) => look?.[ITEM_ACTIONS[action]] ?? []);
    const items = sections.flatMap((section) => ('items' in section ? section.items : []));
    return items.find((item) => item.id === id) ?? null;
  };

/** The steps of a plan as an approver answers for them: on which account, by its own id and by the login that was read. */
export function boundSteps(accounts: readonly LinkedAccount[], steps: readonly PlannedStep[]): readonly JsonObject[] {
  return steps.map(({ accountRow, system, action, items, after, afterTry }) => {
    const account = accounts.find(({ id }) => id === accountRow);
    return {
      account: accountRow,
      account_id: account?.accountId ?? null,
      login: account?.login ?? null,
      system,
      action,
      items: items === null || items === 'all' ? items : [...items],
      after: [...after],
      after_try: [...afterTry],
    };
  });
}

/** Whether these are still the accounts that a plan was made for. */
export const sameAccounts = (one: readonly LinkedAccount[], other: readonly LinkedAccount[]): boolean => {
  const named = (accounts: readonly LinkedAccount[]): string =>
    canonicalHash(accounts.map(({ id, system, accountId, login }) => [id, system, accountId, login]));
  return named(one) === named(other);
};

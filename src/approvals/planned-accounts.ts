import type { PlannedAccount } from '../containment/plan.js';
import { ITEM_ACTIONS, type ItemAction, isItemAction, type ActionKind } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import type { Snapshot, StoredItem } from '../evidence/evidence.js';
import type { Anomaly } from '../evidence/anomalies.js';

/** The accounts that a plan can act on: found, and readable enough to be addressed. */
export const actionable = (core: Core, accounts: readonly LinkedAccount[]): LinkedAccount[] =>
  accounts.filter((account) => account.accountId !== null && core.connectors.has(account.system));

/** Slack shows at most a hundred options in one list. */
export const MOST_CHOICES = 100;

/** What an approver may choose from for an action on items: the first ones of the newest look. */
export function choicesOf(snapshot: Snapshot | undefined, action: ActionKind): readonly StoredItem[] {
  if (!snapshot?.evidence || !isItemAction(action)) return [];
  const section = snapshot.evidence[ITEM_ACTIONS[action]];
  return 'items' in section ? section.items.slice(0, MOST_CHOICES) : [];
}

const ITEM_ACTION_KINDS = (Object.keys(ITEM_ACTIONS) as ActionKind[]).filter(isItemAction);

function oddOf(account: LinkedAccount, odd: readonly Anomaly[]): PlannedAccount['odd'] {
  const idsOf = (action: ItemAction): readonly string[] =>
    odd
      .filter((one) => one.system === account.system && one.section === ITEM_ACTIONS[action])
      .map(({ itemId }) => itemId);
  return Object.fromEntries(ITEM_ACTION_KINDS.map((action) => [action, idsOf(action)]));
}

/** The accounts as a plan needs them. */
export const plannedAccounts = (
  core: Core,
  accounts: readonly LinkedAccount[],
  odd: readonly Anomaly[],
): PlannedAccount[] =>
  actionable(core, accounts).map((account) => ({
    accountRow: account.id,
    system: account.system,
    authority: account.state?.authority ?? null,
    odd: oddOf(account, odd),
  }));

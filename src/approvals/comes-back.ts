import { anomaliesIn } from '../evidence/anomalies.js';
import { newestEvidenceOf } from '../evidence/rescan.js';
import { residualNow, type StillWorks } from '../containment/residual.js';
import { standing, standingOf } from '../incidents/step-standing.js';
import { type Step, stepsOf } from '../incidents/steps.js';
import type { Incident } from '../incidents/incident.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import { type ActionKind, type EvidenceSection, ITEM_ACTIONS, type ItemAction } from '../ports/connector.js';
import type { Core } from '../ports/core.js';

/** What somebody who is let in again finds as it was left, and whoever was in the account with them. */
export interface ComesBack {
  readonly title: string;
  readonly login: string | null;
  /** As the connectors and the systems call it. */
  readonly what: readonly string[];
  /** What would end it first. */
  readonly endBy: readonly ActionKind[];
}

/** What is left behind, and what takes it away: one by one, or all of a kind. */
const LEFT_BEHIND: readonly (readonly [ActionKind, EvidenceSection])[] = [
  ...(Object.entries(ITEM_ACTIONS) as readonly (readonly [ItemAction, EvidenceSection])[]),
  ['clear_recovery_contacts', 'recovery'],
  ['remove_admin_roles', 'roles'],
];

/**
 * What comes back with an account that is enabled again: what no step has ended (sessions, tokens, grants), as far as the
 * connectors say, and what looks like an attacker's in the newest look and was not taken away. From the store alone.
 */
export async function comesBack(
  core: Core,
  incident: Incident,
  accounts: readonly LinkedAccount[],
): Promise<readonly ComesBack[]> {
  const [all, snapshots] = await Promise.all([
    stepsOf(core.db, core.workspaceId, incident.id),
    newestEvidenceOf(core, core.db, incident.id),
  ]);
  const steps = standing(all, accounts);
  const odd = anomaliesIn(snapshots, { opened: incident.opened_at, accounts });
  return accounts.flatMap((account): readonly ComesBack[] => {
    const { id, system, login } = account;
    const own = steps.filter((step) => step.account_row === id);
    const works = residualNow(own, core.runtime.now());
    const lookedAt = snapshots.find(({ accountRow }) => accountRow === id)?.lookedAt ?? new Date(0);
    const items = LEFT_BEHIND.flatMap(([action, section]) =>
      odd
        .filter((one) => one.system === system && one.section === section)
        .filter((one) => !isTaken(own, action, { itemId: one.itemId, lookedAt }))
        .map((one) => ({ what: one.title, endedBy: [action] })),
    );
    const left: readonly Pick<StillWorks, 'what' | 'endedBy'>[] = [...works, ...items];
    if (left.length === 0) return [];
    const endBy = [...new Set(left.flatMap(({ endedBy }) => endedBy))];
    const offered = endBy.filter((action) => core.connectors.get(system)?.capabilities[action].route !== 'none');
    const title = core.connectors.get(system)?.title ?? system;
    return [{ title, login, what: left.map(({ what }) => what), endBy: offered }];
  });
}

/** What a later look shows again was put back. */
const isTaken = (
  steps: readonly Step[],
  action: ActionKind,
  { itemId, lookedAt }: { readonly itemId: string; readonly lookedAt: Date },
): boolean =>
  steps.some(
    (step) =>
      step.action === action &&
      standingOf(step) === 'done' &&
      (step.finished_at ?? lookedAt) >= lookedAt &&
      (step.items === null || step.items === 'all' || step.items.includes(itemId)),
  );

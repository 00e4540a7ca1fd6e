import { phrase } from '../../blocks/texts/phrase.js';
import type { DecisionKind } from '../../jobs/containment/catalogue.js';
import { planSteps, type PlannedStep } from '../../jobs/containment/plan.js';
import type { Route } from '../connectors/port.js';
import type { Core } from '../core.js';
import { accountsOf, type LinkedAccount } from '../incidents/accounts.js';
import { type Incident, incidentById } from '../incidents/incident.js';
import { type Person, personById } from '../incidents/people.js';
import { decisionsOf } from '../incidents/steps.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import { mayDecide, mayTouch } from './policy.js';

/** What a decision would do in one system. */
export interface SystemPreview {
  readonly system: string;
  readonly title: string;
  readonly account: LinkedAccount;
  /** The planned actions with their routes; empty when the account cannot be acted on. */
  readonly actions: readonly {
    readonly action: PlannedStep['action'];
    readonly route: Route;
    readonly minutes: number;
  }[];
}

export interface Preview {
  readonly incident: Incident;
  readonly person: Person;
  readonly decision: DecisionKind;
  readonly systems: readonly SystemPreview[];
  /** How many decisions of this kind were taken before: a later one means that somebody was faster. */
  readonly seen: number;
  readonly needsCode: boolean;
}

export const needsCode = (core: Core, decision: DecisionKind): boolean => core.policy.stepUpFor.includes(decision);

/** The accounts that a plan can act on: found, and readable enough to be addressed. */
export const actionable = (core: Core, accounts: readonly LinkedAccount[]): LinkedAccount[] =>
  accounts.filter((account) => account.accountId !== null && core.connectors.has(account.system));

function previewSystem(core: Core, decision: DecisionKind, account: LinkedAccount): SystemPreview {
  const connector = core.connectors.get(account.system);
  const steps =
    account.accountId === null
      ? []
      : planSteps(decision, [{ accountRow: account.id, system: account.system }], {
          connectors: core.connectors,
          withRanges: true,
        });
  const actions = steps.map(({ action }) => {
    const capability = connector?.capabilities[action];
    return {
      action,
      route: capability?.route ?? 'none',
      minutes: Math.ceil((capability?.effectiveWithinSeconds ?? 0) / 60),
    };
  });
  return { system: account.system, title: connector?.title ?? account.system, account, actions };
}

/** What a decision would change, for the modal: from the store alone, no identity system is asked. */
export async function previewDecision(
  core: Core,
  incidentId: string,
  decision: DecisionKind,
  actor: string,
): Promise<Result<Preview, Problem>> {
  const incident = await incidentById(core.db, core.workspaceId, incidentId);
  if (!incident) return refuse(phrase('problem.unknown_incident'));
  if (incident.status === 'closed') return refuse(phrase('problem.closed'));
  const person = await personById(core.db, core.workspaceId, incident.person_id);
  if (!person) return refuse(phrase('problem.unknown_incident'));
  const allowed = await mayDecide(core, actor, person);
  if (!allowed.ok) return allowed;
  const touchable = mayTouch(core, person);
  if (!touchable.ok) return touchable;
  const accounts = await accountsOf(core.db, core.workspaceId, person.id);
  if (accounts.length === 0) return refuse(phrase('problem.no_accounts'));
  const { count } = await decisionsOf(core.db, core.workspaceId, incidentId, decision);
  const systems = accounts.map((account) => previewSystem(core, decision, account));
  return ok({ incident, person, decision, systems, seen: count, needsCode: needsCode(core, decision) });
}

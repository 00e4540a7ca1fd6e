import type { DecisionKind } from '../../blocks/decisions.js';
import type { TaskKey } from '../../blocks/tasks.js';
import { phrase } from '../../blocks/texts/phrase.js';
import { planSteps, type PlannedStep } from '../../jobs/containment/plan.js';
import { isItemAction, ITEM_ACTIONS, type ItemAction, type Route } from '../connectors/port.js';
import type { Core } from '../core.js';
import { accountsOf, type LinkedAccount } from '../incidents/accounts.js';
import type { Snapshot } from '../incidents/evidence.js';
import { type Incident, incidentById } from '../incidents/incident.js';
import { choiceKey, newestEvidenceOf } from '../incidents/later-look.js';
import { odditiesIn } from '../incidents/oddities.js';
import { type Person, personById } from '../incidents/people.js';
import { decisionsOf } from '../incidents/steps.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import { choicesOf, plannedAccounts } from './planned-accounts.js';
import { mayDecide, mayTouch } from './policy.js';
import { letsIn, openBeforeReturn } from './recovery.js';

/** One step of a plan, for the preview. */
export interface StepPreview {
  readonly action: PlannedStep['action'];
  readonly route: Route;
  readonly minutes: number;
  /** Its number in the whole plan, and those that it waits for. */
  readonly number: number;
  readonly after: readonly number[];
  /** How many items it is about; `null` for an action that is not about items, or for all that are there. */
  readonly items: number | null;
}

/** What a decision would do in one system. */
export interface SystemPreview {
  readonly system: string;
  readonly title: string;
  readonly account: LinkedAccount;
  /** The planned actions with their routes; empty when the account cannot be acted on. */
  readonly actions: readonly StepPreview[];
  /** Why nothing can be chosen from, for an action on items: there is nothing, or it could not be read. */
  readonly nothing: 'empty' | { readonly unread: string } | null;
  /** What the approver chooses from; empty for an action that is not about items. `value` names it in every look. */
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly at: Date | null;
  /** The place, the address, the device and who did it, as far as the system tells. */
  readonly where: readonly string[];
  readonly odd: boolean;
}

export interface Preview {
  readonly incident: Incident;
  readonly person: Person;
  readonly decision: DecisionKind;
  readonly systems: readonly SystemPreview[];
  /** How many decisions of this kind were taken before: a later one means that somebody was faster. */
  readonly seen: number;
  readonly needsCode: boolean;
  /** What should be ended before the person comes back; empty for a decision that lets nobody in. */
  readonly leftOpen: readonly TaskKey[];
}

export const needsCode = (core: Core, decision: DecisionKind): boolean => core.policy.stepUpFor.includes(decision);

interface Drawing {
  readonly decision: DecisionKind;
  readonly accounts: readonly LinkedAccount[];
  readonly incident: Incident;
}

/** Every account with the steps that are planned for it, and what can be chosen there. */
async function drawPlan(core: Core, { decision, accounts, incident }: Drawing): Promise<readonly SystemPreview[]> {
  const aboutItems = decision !== 'lockdown' && isItemAction(decision);
  const snapshots = aboutItems || decision === 'lockdown' ? await newestEvidenceOf(core, core.db, incident.id) : [];
  const odd = odditiesIn(snapshots, { opened: incident.opened_at, accounts });
  const choices = new Map(
    accounts.map((account) => {
      const snapshot = snapshots.find(({ accountRow }) => accountRow === account.id);
      return [account.id, aboutItems ? choicesOf(snapshot, decision) : []] as const;
    }),
  );
  const plan = planSteps(decision, plannedAccounts(core, accounts, odd), {
    connectors: core.connectors,
    withRanges: true,
    chosen: new Map([...choices].map(([row, items]) => [row, items.map(({ id }) => id)])),
  });
  const nothingIn = (account: LinkedAccount): SystemPreview['nothing'] =>
    aboutItems && core.connectors.get(account.system)?.capabilities[decision].route === 'native'
      ? whyNothing(
          snapshots.find(({ accountRow }) => accountRow === account.id),
          decision,
        )
      : null;
  return accounts.map((account) => ({
    nothing: nothingIn(account),
    system: account.system,
    title: core.connectors.get(account.system)?.title ?? account.system,
    account,
    actions: plan.flatMap((step, index) => (step.accountRow === account.id ? [drawStep(core, step, index)] : [])),
    choices: (choices.get(account.id) ?? []).map(({ id, title, at, place, ip, device, by }) => ({
      value: choiceKey({ id }),
      title,
      at,
      where: [place, ip, device, by].filter((one) => one !== undefined),
      odd: odd.some((one) => one.system === account.system && one.itemId === id),
    })),
  }));
}

function whyNothing(snapshot: Snapshot | undefined, action: ItemAction): SystemPreview['nothing'] {
  const section = snapshot?.evidence?.[ITEM_ACTIONS[action]];
  if (section === undefined) return { unread: 'its evidence is not there yet' };
  if ('unavailable' in section) return { unread: section.unavailable.message };
  return section.items.length === 0 ? 'empty' : null;
}

function drawStep(core: Core, step: PlannedStep, index: number): StepPreview {
  const capability = core.connectors.get(step.system)?.capabilities[step.action];
  return {
    action: step.action,
    route: capability?.route ?? 'none',
    minutes: Math.ceil((capability?.effectiveWithinSeconds ?? 0) / 60),
    number: index + 1,
    after: [...step.after, ...step.afterTry].map((other) => other + 1),
    items: step.items === null || step.items === 'all' ? null : step.items.length,
  };
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
  const accounts = await accountsOf(core.db, core.workspaceId, person.id);
  const touchable = mayTouch(core, person, accounts);
  if (!touchable.ok) return touchable;
  if (accounts.length === 0) return refuse(phrase('problem.no_accounts'));
  const { count } = await decisionsOf(core.db, core.workspaceId, incidentId, decision);
  const systems = await drawPlan(core, { decision, accounts, incident });
  const leftOpen = letsIn(decision, 'do') ? await openBeforeReturn(core, core.db, incidentId) : [];
  return ok({ incident, person, decision, systems, seen: count, needsCode: needsCode(core, decision), leftOpen });
}

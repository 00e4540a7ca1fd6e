import type { DecisionKind } from '../ports/decision-kinds.js';
import type { TaskKey } from '../incidents/task-keys.js';
import type { Phrase } from '../texts/phrase.js';
import type { PlannedStep } from '../containment/plan.js';
import { isItemAction, ITEM_ACTIONS, type ItemAction, type Route } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { type ProvenAccount, provenAccounts } from '../incidents/proven-state.js';
import type { Snapshot } from '../evidence/evidence.js';
import { accountsBefore, sayBefore } from '../incidents/known-accounts.js';
import { type Correction, correctionsOf } from '../incidents/links.js';
import type { Incident } from '../incidents/incident.js';
import { choiceKey } from '../evidence/rescan.js';
import type { Person } from '../incidents/people.js';
import { decisionsOf, stepsOf } from '../incidents/steps.js';
import { ON_ONE_ACCOUNT } from '../containment/step-order.js';
import type { Problem } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import { decidableBy } from './decidable.js';
import { type ComesBack, comesBack } from './comes-back.js';
import { type Drawing, type DrawnPlan, drawPlan, itemsIn, whereOf } from './drawn-plan.js';
import { managedBy } from './managed-by.js';
import { ownAddresses } from './own.js';
import { type PreparedRanges, preparedRanges, takesOnlyPrepared } from './range-fit.js';
import { isInside } from './ranges.js';
import { recentAddresses, type SeenAddress } from './recent-address.js';
import { hasPasskeys } from './passkeys.js';
import { needsCode } from './policy.js';
import { letsIn, openBeforeReturn } from './recovery.js';
import { type Signers, signersBeside, waitHours, whyTwo } from './quorum.js';
import { type Clicked, recordRefusal } from './refusals.js';
import { asChosen, type ChosenItem } from './waiting-decisions.js';
import { sayUnplanned } from './unplanned.js';

/** One step of a plan, for the preview. */
export interface StepPreview {
  readonly action: PlannedStep['action'];
  readonly route: Route;
  readonly minutes: number;
  /** Its number in the whole plan, and the numbers it waits for. */
  readonly number: number;
  readonly after: readonly number[];
  /** How many items it covers; `null` for an action without items, or for all that are there. */
  readonly items: number | null;
  /** What the system does besides, as it says itself; `null`: nothing is known. */
  readonly besides: string | null;
  /** Of a lockdown, which chooses by itself: the items by name. */
  readonly named: readonly ChosenItem[];
  /** Login ranges: only a prepared set is set by itself. */
  readonly preparedOnly: boolean;
  /** What was entered is no prepared set: a manual step. */
  readonly unfit: boolean;
  /** What is known beforehand to stop it, or may; `null`: nothing. */
  readonly doubt: Doubt | null;
}

/**
 * `protected`: it ends with a human for sure. `disabled`: the account is switched off, and this is done before that.
 * `already`: it is switched off already.
 */
export type Doubt = { readonly kind: 'protected'; readonly why: string } | { readonly kind: 'disabled' | 'already' };

/** What a decision would do in one system. */
export interface SystemPreview {
  readonly system: string;
  readonly title: string;
  readonly account: ProvenAccount;
  /** The planned actions with their routes; empty when the account cannot be acted on. */
  readonly actions: readonly StepPreview[];
  /** Why there is nothing to choose from, for an action on items: there are none, or they could not be read. */
  readonly nothing: 'empty' | { readonly unread: string } | null;
  /** What the approver chooses from; empty for an action without items. `value` names it in every look. */
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly at: Date | null;
  /** The place, the address, the device and who did it, as far as the system reports them. */
  readonly where: readonly string[];
  readonly odd: boolean;
}

/** What an approver has to know before naming ranges. */
export interface RangesPreview {
  /** What was entered already, when the plan is drawn with it. */
  readonly entered: readonly string[];
  readonly prepared: readonly PreparedRanges[];
  /** The systems, by title, in which the entered ranges become a manual step. */
  readonly unfit: readonly string[];
  /** Where the person and the approver signed in from lately. */
  readonly seen: readonly {
    readonly who: 'person' | 'you';
    readonly ip: string;
    readonly at: Date;
    /** Whether what was entered covers it; `null` as long as nothing is. */
    readonly inside: boolean | null;
  }[];
}

export interface Preview {
  readonly incident: Incident;
  readonly person: Person;
  readonly decision: DecisionKind;
  /** About login ranges and blocked addresses; `null` for any other decision. */
  readonly ranges: RangesPreview | null;
  readonly systems: readonly SystemPreview[];
  /** What is left for later because it is not read yet, line by line. */
  readonly unplanned: readonly Phrase[];
  /** Accounts that were named by hand and count. */
  readonly corrected: readonly Correction[];
  /** Where the person's addresses led to another account before, line by line. */
  readonly before: readonly Phrase[];
  /** Of exactly what is shown here. */
  readonly digest: string;
  /** How many decisions of this kind were taken before: if there are more at the submit, somebody was faster. */
  readonly seen: number;
  readonly needsCode: boolean;
  /** Why a second approver has to sign it; empty when one suffices. */
  readonly why: readonly Phrase[];
  /** Who else could sign, and who could review a break-glass; `null` where one approver suffices. */
  readonly signers: Signers | null;
  /** How long it would wait for that one. */
  readonly waitHours: number;
  /** Whether a passkey may confirm it in place of a code. */
  readonly hasPasskey: boolean;
  /** What comes back with the account; empty for a decision that lets nobody in. */
  readonly comesBack: readonly ComesBack[];
  /** What should be ended before the person comes back; empty for a decision that lets nobody in. */
  readonly leftOpen: readonly TaskKey[];
}

/** Every account with its planned steps, and what can be chosen there. */
function drawSystems(
  core: Core,
  { decision, accounts }: { readonly decision: DecisionKind; readonly accounts: readonly ProvenAccount[] },
  plan: DrawnPlan,
): readonly SystemPreview[] {
  const aboutItems = decision !== 'lockdown' && isItemAction(decision);
  const itemOf = itemsIn(plan.snapshots);
  const named = ({ accountRow, action, items }: PlannedStep): readonly ChosenItem[] =>
    items === null || items === 'all' ? [] : items.map((id) => asChosen(id, itemOf(accountRow, action, id)));
  const nothingIn = (account: ProvenAccount): SystemPreview['nothing'] =>
    aboutItems && core.connectors.get(account.system)?.capabilities[decision].route === 'native'
      ? whyNothing(
          plan.snapshots.find(({ accountRow }) => accountRow === account.id),
          decision,
        )
      : null;
  return accounts.map((account) => ({
    nothing: nothingIn(account),
    system: account.system,
    title: core.connectors.get(account.system)?.title ?? account.system,
    account,
    actions: plan.steps.flatMap((step, index) =>
      step.accountRow === account.id
        ? [
            {
              ...drawStep(core, { step, index, account }, plan.unfit),
              named: decision === 'lockdown' ? named(step) : [],
            },
          ]
        : [],
    ),
    choices: (plan.choices.get(account.id) ?? []).map((item) => ({
      value: choiceKey(item),
      title: item.title,
      at: item.at,
      where: whereOf(item),
      odd: plan.odd.some((one) => one.system === account.system && one.itemId === item.id),
    })),
  }));
}

function whyNothing(snapshot: Snapshot | undefined, action: ItemAction): SystemPreview['nothing'] {
  const section = snapshot?.evidence?.[ITEM_ACTIONS[action]];
  if (section === undefined) return { unread: 'its evidence is not there yet' };
  if ('unavailable' in section) return { unread: section.unavailable.message };
  return section.items.length === 0 ? 'empty' : null;
}

/** Manual steps are a person's anyway. */
function doubtOf({ action }: PlannedStep, { state }: ProvenAccount): Doubt | null {
  if (state === null) return null;
  if (state.protectedBecause !== null) return { kind: 'protected', why: state.protectedBecause };
  if (state.enabled !== false) return null;
  if (action === 'disable_account') return { kind: 'already' };
  const comesBefore = ON_ONE_ACCOUNT.some(({ first, then }) => first === action && then === 'disable_account');
  return comesBefore ? { kind: 'disabled' } : null;
}

interface DrawnStep {
  readonly step: PlannedStep;
  readonly index: number;
  readonly account: ProvenAccount;
}

function drawStep(
  core: Core,
  { step, index, account }: DrawnStep,
  unfitSystems: readonly string[],
): Omit<StepPreview, 'named'> {
  const capability = core.connectors.get(step.system)?.capabilities[step.action];
  const limits = step.action === 'limit_login_ips';
  const unfit = limits && unfitSystems.includes(step.system);
  return {
    action: step.action,
    preparedOnly: limits && takesOnlyPrepared(core, step.system),
    unfit,
    doubt: doubtOf(step, account),
    route: unfit ? 'console' : (capability?.route ?? 'none'),
    minutes: Math.ceil((capability?.effectiveWithinSeconds ?? 0) / 60),
    number: index + 1,
    after: [...step.after, ...step.afterTry].map((other) => other + 1),
    items: step.items === null || step.items === 'all' ? null : step.items.length,
    besides: capability?.besides ?? null,
  };
}

const ABOUT_RANGES: readonly DecisionKind[] = ['limit_login_ips', 'block_address', 'lockdown'];
/** More say no more about where somebody works. */
const MOST_SEEN = 3;

interface Ranged {
  readonly person: Person;
  readonly drawing: Drawing;
  readonly unfit: readonly string[];
}

async function drawRanges(core: Core, actor: string, { person, drawing, unfit }: Ranged): Promise<Preview['ranges']> {
  const { decision, accounts, ranges: entered = [] } = drawing;
  if (!ABOUT_RANGES.includes(decision)) return null;
  const systems = accounts.filter(({ login }) => login !== null).map(({ system }) => system);
  const titleOf = (system: string): string => core.connectors.get(system)?.title ?? system;
  const logins = [person.email, ...accounts.flatMap(({ login }) => login ?? [])];
  const [theirs, own] = await Promise.all([recentAddresses(core, logins), ownAddresses(core, actor)]);
  const seen = (who: 'person' | 'you', those: readonly SeenAddress[]) =>
    those.slice(0, MOST_SEEN).map((one) => ({
      who,
      ...one,
      inside: entered.length === 0 ? null : isInside(one.ip, entered),
    }));
  return {
    entered,
    prepared: preparedRanges(core, systems),
    unfit: unfit.map(titleOf),
    seen: [...seen('person', theirs), ...seen('you', own)],
  };
}

/**
 * What a decision would change, for the modal: from the store alone, without calling any identity system. A refusal is
 * recorded.
 */
export async function previewDecision(
  core: Core,
  clicked: Clicked,
  decision: DecisionKind,
  entered: readonly string[] = [],
): Promise<Result<Preview, Problem>> {
  const attempt = { ...clicked, action: decision };
  const managed = await managedBy(core, 'decide', attempt);
  if (!managed.ok) return managed;
  const decidable = await decidableBy(core, clicked.actor, managed.value);
  if (!decidable.ok) {
    await recordRefusal(core, attempt, decidable.error);
    return decidable;
  }
  const { incident, person, accounts } = decidable.value;
  const { count } = await decisionsOf(core.db, core.workspaceId, incident.id, decision);
  const drawing = { decision, accounts, incident, ranges: entered };
  const plan = await drawPlan(core, core.db, drawing);
  const steps = await stepsOf(core.db, core.workspaceId, incident.id);
  const systems = drawSystems(core, { decision, accounts: provenAccounts(accounts, steps) }, plan);
  const letting = letsIn(decision, 'do');
  const leftOpen = letting ? await openBeforeReturn(core, core.db, incident.id) : [];
  const back = letting ? await comesBack(core, incident, accounts) : [];
  const why = await whyTwo(core, { incidentId: incident.id, decision, target: person, accounts });
  if (!why.ok) return why;
  const code = needsCode(core, decision) || why.value.length > 0;
  const unplanned = sayUnplanned(core, plan.unplanned);
  const { digest } = plan;
  const hasPasskey = await hasPasskeys(core, clicked.actor);
  const seen = count;
  const corrected = await correctionsOf(core, core.db, person.id);
  const before = (await accountsBefore(core, core.db, person.id)).map((one) => sayBefore(core, one));
  const ranges = await drawRanges(core, clicked.actor, { person, drawing, unfit: plan.unfit });
  const shown = {
    incident,
    ranges,
    person,
    decision,
    systems,
    unplanned,
    corrected,
    before,
    digest,
    seen,
    leftOpen,
    comesBack: back,
  };
  const signers = why.value.length === 0 ? null : await signersBeside(core, clicked.actor, person);
  return ok({ ...shown, needsCode: code, why: why.value, signers, waitHours: waitHours(core), hasPasskey });
}

import { accountsOfIncident } from '../incidents/accounts.js';
import { type WaitingDecision, waitingDecisionById } from '../incidents/waiting-decisions.js';
import type { Correction } from '../incidents/links.js';
import { personBySlackId } from '../incidents/people.js';
import { type Decision, decisionById } from '../incidents/steps.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import { type Phrase, phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { type ComesBack, comesBack } from './comes-back.js';
import { managedBy } from './managed-by.js';
import { type Clicked, recordRefusal } from './refusals.js';
import { stillToReview } from './reviews.js';
import { overrideOf, reasonOf } from './stored-request.js';
import { hasPasskeys } from './passkeys.js';
import { whyTwo } from './quorum.js';
import { unfitIn } from './range-fit.js';
import { letsIn } from './recovery.js';
import { type Countersigned, forSecond } from './second-signature.js';
import type { UndoPreview } from './undo-preview.js';
import { outdate, shownOf, type SignedLine } from './waiting-decisions.js';

/** What the second approver is shown: exactly what the first one signed. */
export interface CountersignPreview {
  readonly waiting: string;
  /** Of exactly what is shown here. */
  readonly shown: string;
  readonly first: string;
  /** As a page outside Slack says it. */
  readonly firstName: string;
  readonly signedAt: Date;
  /** Whom it is about. */
  readonly name: string;
  readonly reason: string;
  /** Why it is done before the checklist is; empty where nothing is left open. */
  readonly override: string;
  /** Accounts that were named by hand and count, with their systems' names. */
  readonly corrected: readonly { readonly system: string; readonly correction: Correction }[];
  readonly lines: readonly SignedLine[];
  readonly ranges: readonly string[];
  /** Of each line of a plan: whether a person does it by hand, and which lines it waits for; none for other decisions. */
  readonly steps: readonly { readonly manual: boolean; readonly after: readonly number[] }[];
  /** Why it takes two. */
  readonly why: readonly Phrase[];
  readonly isUndo: boolean;
  /** What an undo restores, value by value. */
  readonly changes: UndoPreview['changes'];
  /** What comes back with the account; empty for what lets nobody in. */
  readonly comesBack: readonly ComesBack[];
  /** Whether a passkey may confirm it in place of a code. */
  readonly hasPasskey: boolean;
}

type Pressed = Omit<Clicked, 'incidentId'>;

/** Before the window opens: whoever may not sign is told why at once. A refusal is recorded. */
export async function previewCountersign(
  core: Core,
  pressed: Pressed,
  waitingId: string,
): Promise<Result<CountersignPreview, Problem>> {
  const row = await waitingDecisionById(core.db, core.workspaceId, waitingId);
  if (!row) return refuse('outdated', phrase('problem.old_card'));
  const attempt = { ...pressed, incidentId: row.incident_id, action: 'countersign' };
  const managed = await managedBy(core, 'countersign', attempt);
  if (!managed.ok) return managed;
  const open = await forSecond(core, pressed.actor, row, managed.value);
  if (!open.ok) {
    await recordRefusal(core, attempt, open.error);
    if (open.error.code === 'plan_changed') await outdate(core, row, pressed, open.error);
    return open;
  }
  const { signed, about, what } = open.value;
  const { request, lines, signedAt } = signed;
  return ok({
    waiting: row.id,
    shown: shownOf(row, signed, about),
    first: row.signed_by,
    signedAt: new Date(signedAt),
    name: about.person.name,
    firstName: (await personBySlackId(core.db, core.workspaceId, row.signed_by))?.name ?? row.signed_by,
    reason: reasonOf(request),
    override: overrideOf(request),
    corrected: about.corrected.map((correction) => ({
      system: core.connectors.get(correction.system)?.title ?? correction.system,
      correction,
    })),
    lines,
    ranges: request.command === 'decide' ? request.ranges : [],
    steps: what.kind === 'decide' ? stepsAsSigned(core, what) : [],
    why: await whyAsNow(core, row, what),
    isUndo: request.command === 'undo',
    changes: what.kind === 'undo' ? what.plan.changes : [],
    comesBack: await comingBack(core, what),
    hasPasskey: await hasPasskeys(core, pressed.actor),
  });
}

/** In the order of the signed lines, which were made of the same plan. */
function stepsAsSigned(core: Core, { request, plan }: Countersigned & { kind: 'decide' }): CountersignPreview['steps'] {
  const unfit = unfitIn(core, request.action, plan.steps, request.ranges);
  return plan.steps.map(({ system, action, after, afterTry }) => {
    const route = core.connectors.get(system)?.capabilities[action].route ?? 'none';
    const byHand = route === 'console' || route === 'effect_of_reset';
    return {
      manual: byHand || (action === 'limit_login_ips' && unfit.includes(system)),
      after: [...after, ...afterTry].map((other) => other + 1),
    };
  });
}

async function whyAsNow(core: Core, row: WaitingDecision, what: Countersigned): Promise<readonly Phrase[]> {
  if (what.kind === 'links') return [phrase('quorum.because.links')];
  const accounts = await accountsOfIncident(core.db, core.workspaceId, row.incident_id);
  const decision = what.kind === 'undo' ? { undo: what.plan.step.action } : what.request.action;
  const why = await whyTwo(core, { incidentId: row.incident_id, decision, target: what.plan.person, accounts });
  return why.ok ? why.value : [];
}

async function comingBack(core: Core, what: Countersigned): Promise<readonly ComesBack[]> {
  if (what.kind === 'undo') return what.plan.comesBack;
  if (what.kind !== 'decide' || !letsIn(what.request.action, 'do')) return [];
  return comesBack(core, what.plan.incident, what.plan.accounts);
}

/** The decision whose review somebody wants to sign; refused for whoever may not. */
export async function previewReview(
  core: Core,
  pressed: Pressed,
  decisionId: string,
): Promise<Result<Decision, Problem>> {
  const decision = await decisionById(core.db, core.workspaceId, decisionId);
  if (!decision || decision.break_glass === null) return refuse('outdated', phrase('problem.old_card'));
  const attempt = { ...pressed, incidentId: decision.incident_id, action: 'signReview' };
  const managed = await managedBy(core, 'signReview', attempt);
  if (!managed.ok) return managed;
  const open = await stillToReview(core, decision, pressed.actor);
  if (open.ok) return ok(decision);
  await recordRefusal(core, attempt, open.error);
  return open;
}

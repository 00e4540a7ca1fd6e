import type { DecisionKind } from '../ports/decision-kinds.js';
import { at, type Phrase, phrase, type PhraseValue, text, user } from '../texts/phrase.js';
import { needOf } from '../ports/command.js';
import { planSteps, type PlannedStep } from '../containment/plan.js';
import type { Core } from '../ports/core.js';
import type { JsonObject } from '../platform/canonical.js';
import { isItemAction } from '../ports/connector.js';
import type { StoredItem } from '../evidence/evidence.js';
import { accountsOfIncident, type LinkedAccount } from '../incidents/accounts.js';
import { choiceKey } from '../evidence/rescan.js';
import { rescanAfterLockdown } from '../evidence/request-rescan.js';
import type { TaskKey } from '../incidents/task-keys.js';
import { openTasks } from '../incidents/tasks.js';
import { decisionsOf } from '../incidents/steps.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Queryable, Transaction } from '../ports/database.js';
import type { Proven } from './authentication.js';
import { boundSteps, type DrawnPlan, drawPlan, type ItemOf, itemsIn, sameAccounts } from './drawn-plan.js';
import { type Decidable, decidableBy } from './decidable.js';
import type { Changed } from './in-incident.js';
import type { Managed } from './managed-by.js';
import { choicesOf, plannedAccounts } from './planned-accounts.js';
import { preparedRanges } from './range-fit.js';
import { isInside, overlap } from './ranges.js';
import { recentAddressOutside } from './recent-address.js';
import { ownAddresses } from './own.js';
import { checkReturn, letsIn, openBeforeReturn, tellEarlyReturn } from './recovery.js';
import type { DecisionRequest } from './request.js';
import { openReview } from './reviews.js';
import { addProgress, sayDecided, type Signed, signaturesOf } from './signed.js';
import { storeDecision, withoutRunning } from './store-decision.js';
import { keepUnplanned, type Unplanned } from './unplanned.js';

/** A decision as it was checked, without its proof. */
export interface CheckedPlan extends Decidable {
  readonly steps: readonly PlannedStep[];
  readonly unplanned: readonly Unplanned[];
  readonly itemOf: ItemOf;
}

/** What is to be done, with the incident locked. */
export interface Fitting {
  readonly steps: readonly PlannedStep[];
  readonly accounts: readonly LinkedAccount[];
  /** What is still open on the checklist, when somebody is let in again. */
  readonly left: readonly TaskKey[];
}

/** A request without what was given to prove it. */
export type Requested = Omit<DecisionRequest, 'given'>;

/**
 * How long the thread waits before it reports a decision, ms: most steps have ended by then, and one redraw shows both.
 * A step that ends requests the redraw at once. Slack takes about one message a second in a channel.
 */
const GATHER_MS = 400;

/** The plan that was shown, narrowed to what was chosen in it. Any other plan is refused, so that it is shown first. */
export async function approvedPlan(
  core: Core,
  request: Requested,
  context: Decidable,
): Promise<Result<CheckedPlan, Problem>> {
  const { action } = request;
  const { accounts, incident } = context;
  const drawn = await drawPlan(core, core.db, { decision: action, accounts, incident, ranges: request.ranges });
  if (drawn.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));
  const chosen = [...request.chosen].map(([row, keys]) => ({
    row,
    items: keys.map((key) => offeredBy(drawn, row, action).find((item) => choiceKey(item) === key)?.id),
  }));
  // A chosen item that no look lists any more cannot be named, and it must not be dropped silently.
  const found = chosen.map(({ row, items }) => [row, items.filter((id) => id !== undefined)] as const);
  if (chosen.some(({ items }) => items.includes(undefined)))
    return refuse('plan_changed', phrase('problem.plan_changed'));
  const steps = planSteps(action, plannedAccounts(core, accounts, drawn.odd), {
    connectors: core.connectors,
    withRanges: request.ranges.length > 0,
    chosen: new Map(found),
  });
  const aboutItems = action !== 'lockdown' && isItemAction(action);
  // Console steps cover everything that is there: they do not fit a list from which nothing was chosen.
  const unanswered = request.chosen.size > 0 && [...request.chosen.values()].every((keys) => keys.length === 0);
  if (aboutItems && (steps.length === 0 || unanswered))
    return refuse('invalid_input', phrase('problem.items'), 'items');
  const { unplanned } = drawn;
  return steps.length === 0
    ? refuse('nothing_to_do', phrase('problem.nothing_to_do'))
    : ok({ ...context, steps, unplanned, itemOf: itemsIn(drawn.snapshots) });
}

/**
 * What the approver saw may have vanished in a later look: it is decided all the same, and the step finds it missing.
 */
function offeredBy({ snapshots }: DrawnPlan, row: string, action: DecisionKind): readonly StoredItem[] {
  const snapshot = snapshots.find((one) => one.accountRow === row);
  if (!snapshot || action === 'lockdown') return [];
  return [...choicesOf(snapshot, action), ...choicesOf({ ...snapshot, evidence: snapshot.first }, action)];
}

/** Everything about a decision but its proof, and who may sign it. */
export async function checkPlan(
  core: Core,
  request: Requested,
  managed: Managed,
): Promise<Result<CheckedPlan, Problem>> {
  const context = await decidableBy(core, request.actor, managed);
  if (!context.ok) return context;
  if (request.reason.trim().length < 3) return refuse('invalid_input', phrase('problem.reason'), 'reason');
  const planned = await approvedPlan(core, request, context.value);
  if (!planned.ok) return planned;
  const fitting = await checkRanges(core, request, context.value);
  if (!fitting.ok) return fitting;
  const returning = checkReturn(await leftOpen(core, core.db, request), request.override);
  return returning.ok ? planned : returning;
}

/** What the code covers: the plan that was shown, what was chosen and entered in it, and this very window. */
export const boundPlan = (request: Requested, { accounts, steps }: CheckedPlan): JsonObject => ({
  request: request.requestKey,
  incident: request.incidentId,
  action: request.action,
  shown: request.shown,
  ranges: [...request.ranges],
  steps: boundSteps(accounts, steps),
  ...(request.breakGlass === '' ? {} : { break_glass: request.breakGlass }),
});

/** What is still open on the checklist, when the decision lets somebody in again. */
const leftOpen = async (core: Core, tx: Queryable, { action, incidentId }: Requested) =>
  letsIn(action, 'do') ? openBeforeReturn(core, tx, incidentId) : [];

/**
 * A range list that does not fit the person's own recent address locks out the person, not the attacker: warn first.
 */
async function checkRanges(
  core: Core,
  request: Requested,
  { person, accounts }: Decidable,
): Promise<Result<null, Problem>> {
  if (request.action !== 'lockdown' && needOf(request.action) === 'ranges' && request.ranges.length === 0)
    return refuse('invalid_input', phrase('problem.ranges.empty'), 'ranges');
  if (request.ranges.length === 0 || request.outsideAccepted) return ok(null);
  if (request.action === 'block_address') return checkBlocked(core, request, accounts);
  const logins = [person.email, ...accounts.flatMap((account) => account.login ?? [])];
  const outside = await recentAddressOutside(core, logins, request.ranges);
  if (!outside) return ok(null);
  return refuse(
    'invalid_input',
    phrase('problem.ranges.outside', { name: person.name, ip: outside.ip, when: at(outside.at) }),
    'ranges',
  );
}

/** A blocked range that covers an office, or the approver, shuts out whoever has to help. */
async function checkBlocked(
  core: Core,
  { actor, ranges }: Requested,
  accounts: readonly LinkedAccount[],
): Promise<Result<null, Problem>> {
  const prepared = preparedRanges(
    core,
    accounts.map(({ system }) => system),
  ).flatMap((set) => set.ranges);
  const office = prepared.find((one) => ranges.some((range) => overlap(one, range)));
  if (office !== undefined)
    return refuse('invalid_input', phrase('problem.ranges.blocks_office', { range: office }), 'ranges');
  const own = (await ownAddresses(core, actor)).find(({ ip }) => isInside(ip, ranges));
  if (!own) return ok(null);
  const values = { ip: own.ip, when: at(own.at) };
  return refuse('invalid_input', phrase('problem.ranges.blocks_you', values), 'ranges');
}

/** What of it is to be done, with the incident locked: what was checked may have changed since. */
export async function stillFits(
  core: Core,
  tx: Transaction,
  request: Requested,
  context: CheckedPlan,
): Promise<Result<Fitting, Problem>> {
  // Queried together: one round trip to the database.
  const [{ count, newest }, accounts, steps] = await Promise.all([
    decisionsOf(tx, core.workspaceId, request.incidentId, request.action),
    accountsOfIncident(tx, core.workspaceId, request.incidentId),
    withoutRunning(core, tx, request.incidentId, context.steps),
  ]);
  if (newest && count > request.seen) return refuse('already_decided', sayDecided(newest));
  if (!sameAccounts(accounts, context.accounts)) return refuse('plan_changed', phrase('problem.plan_changed'));
  if (steps.length === 0) return refuse('already_running', phrase('problem.running'));
  // Again, with the incident locked: a task may have been reopened since the modal was opened.
  const left = await leftOpen(core, tx, request);
  const returning = checkReturn(left, request.override);
  return returning.ok ? ok({ steps, accounts, left }) : returning;
}

/** Takes it: the decision, its steps and their jobs, and what the thread says of it. */
export async function takeDecision(
  core: Core,
  tx: Transaction,
  request: Requested,
  { steps, accounts, left, unplanned, incident, signed }: Fitting & CheckedPlan & { readonly signed: Signed },
): Promise<Changed<string>> {
  const decision = { ...signed, incident_id: request.incidentId, action: request.action };
  const decisionId = decision.id;
  const { correlationId } = request.origin;
  await Promise.all([
    storeDecision(core, tx, { decision, request, ranges: request.ranges, steps, accounts, undoOf: null }),
    request.action === 'lockdown' ? openTasks(core, tx, request.incidentId) : null,
    request.action === 'lockdown' ? rescanAfterLockdown(core, tx, request.incidentId, correlationId) : null,
    incident.owner === null ? takeFor(core, tx, request) : null,
    addProgress({ core, tx }, request.incidentId, sayDecision(request), signed),
  ]);
  await keepUnplanned(core, tx, unplanned, { incidentId: request.incidentId, decisionId, correlationId });
  await tellEarlyReturn(core, tx, { ...request, decisionId }, left);
  if (signed.break_glass !== null) await openReview(core, tx, decision, correlationId);
  return { value: decisionId, trace: { record: recordOf(request, decision), gatherMs: GATHER_MS } };
}

const recordOf = ({ reason, action, ranges }: Requested, decision: Proven['decision']) => ({
  action: 'decision.taken',
  why: reason.trim(),
  detail: { decision: decision.id, action, ranges: [...ranges], ...signaturesOf(decision) },
});

/** The thread's line about it: who, what and why. */
export function sayDecision({ actor, action, reason, ranges }: Requested): Phrase {
  const values: Record<'who' | 'action' | 'reason', PhraseValue> = {
    who: user(actor),
    action: text(`action.${action}`),
    reason: reason.trim(),
  };
  return ranges.length > 0
    ? phrase('timeline.decided_ranges', { ...values, ranges: ranges.join(', ') })
    : phrase('timeline.decided', values);
}

/** Whoever decides first also takes the incident. */
export async function takeFor(
  core: Core,
  tx: Queryable,
  { incidentId, actor }: Pick<Requested, 'incidentId' | 'actor'>,
): Promise<void> {
  await tx.query('update incidents set owner = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    incidentId,
    actor,
  ]);
}

import type { DecisionKind } from '../../ports/decision-kinds.js';
import { at, phrase, type PhraseValue, text, user } from '../../texts/phrase.js';
import { needOf } from '../../ports/command.js';
import { planSteps, type PlannedStep } from '../../containment/plan.js';
import type { Core } from '../../ports/core.js';
import type { JsonObject } from '../../platform/canonical.js';
import { isItemAction } from '../../ports/connector.js';
import type { StoredItem } from '../../evidence/evidence.js';
import { accountsOfIncident } from '../../incidents/accounts.js';
import { choiceKey } from '../../evidence/rescan.js';
import type { Proof } from '../../incidents/proof.js';
import { rescanAfterLockdown } from '../../evidence/request-rescan.js';
import { addPost } from '../../incidents/posts.js';
import { openTasks } from '../../incidents/tasks.js';
import { decisionsOf } from '../../incidents/steps.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { ok, type Result } from '../../platform/result.js';
import type { Queryable, Transaction } from '../../ports/database.js';
import { checkProof } from '../check-proof.js';
import type { Proven } from '../authentication.js';
import { boundSteps, type DrawnPlan, drawPlan, sameAccounts } from '../drawn-plan.js';
import { type Decidable, decidableBy } from '../decidable.js';
import { type Changed, inIncident } from '../in-incident.js';
import type { Managed } from '../managed-by.js';
import { needsCode } from '../policy.js';
import { choicesOf, plannedAccounts } from '../planned-accounts.js';
import { recentAddressOutside } from '../recent-address.js';
import { checkReturn, letsIn, openBeforeReturn, tellEarlyReturn } from '../recovery.js';
import { decisionTakenFor, type DecisionRequest } from '../request.js';
import { planBinding } from '../step-up.js';
import { storeDecision, withoutRunning } from '../store-decision.js';
import { keepUnplanned, type Unplanned } from '../unplanned.js';

/**
 * How long the thread waits before it reports a decision, ms: most steps have ended by then, and one redraw shows both.
 * A step that ends requests the redraw at once. Slack takes about one message a second in a channel.
 */
const GATHER_MS = 400;

export interface Decided {
  readonly decisionId: string;
  /** `true`: the same click came before; nothing was done again. */
  readonly repeated: boolean;
}

interface Checked extends Decidable {
  readonly steps: readonly PlannedStep[];
  readonly unplanned: readonly Unplanned[];
  /** `null` when none is required. */
  readonly proof: Proof | null;
}

/**
 * Takes a decision: checks who may, about whom, with which code; then the decision, its steps and their jobs commit in
 * one transaction. The first decision wins. Refusals are recorded.
 */
export async function decide(core: Core, request: DecisionRequest): Promise<Result<Decided, Problem>> {
  const decided = await inIncident(core, 'decide', request, {
    done: async () => {
      const decisionId = await decisionTakenFor(core, request);
      return decisionId === null ? null : { decisionId, repeated: true };
    },
    before: (managed) => checkRequest(core, request, managed),
    change: (tx, incident, checked) => commit(core, tx, request, { ...checked, incident }),
  });
  if (decided.ok && !decided.value.repeated) core.runtime.observe('decision.committed', decided.value.decisionId);
  return decided;
}

/** The plan that was shown, narrowed to what was chosen in it. Any other plan is refused, so that it is shown first. */
async function approvedPlan(
  core: Core,
  request: DecisionRequest,
  context: Decidable,
): Promise<Result<Checked, Problem>> {
  const { action } = request;
  const { accounts, incident } = context;
  const drawn = await drawPlan(core, core.db, { decision: action, accounts, incident });
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
    : ok({ ...context, steps, unplanned, proof: null });
}

/**
 * What the approver saw may have vanished in a later look: it is decided all the same, and the step finds it missing.
 */
function offeredBy({ snapshots }: DrawnPlan, row: string, action: DecisionKind): readonly StoredItem[] {
  const snapshot = snapshots.find((one) => one.accountRow === row);
  if (!snapshot || action === 'lockdown') return [];
  return [...choicesOf(snapshot, action), ...choicesOf({ ...snapshot, evidence: snapshot.first }, action)];
}

async function checkRequest(core: Core, request: DecisionRequest, managed: Managed): Promise<Result<Checked, Problem>> {
  const context = await decidableBy(core, request.actor, managed);
  if (!context.ok) return context;
  if (request.reason.trim().length < 3) return refuse('invalid_input', phrase('problem.reason'), 'reason');
  const planned = await approvedPlan(core, request, context.value);
  if (!planned.ok) return planned;
  const fitting = await checkRanges(core, request, context.value);
  if (!fitting.ok) return fitting;
  const returning = checkReturn(await leftOpen(core, core.db, request), request.override);
  if (!returning.ok) return returning;
  if (!needsCode(core, request.action)) return planned;
  const proof = await checkProof(core, request, request.given, boundPlan(request, planned.value));
  return proof.ok ? ok({ ...planned.value, proof: proof.value }) : proof;
}

/** What the code covers: the plan that was shown, what was chosen and entered in it, and this very window. */
const boundPlan = (request: DecisionRequest, { accounts, steps }: Checked): JsonObject => ({
  request: request.requestKey,
  incident: request.incidentId,
  action: request.action,
  shown: request.shown,
  ranges: [...request.ranges],
  steps: boundSteps(accounts, steps),
});

/** What is still open on the checklist, when the decision lets somebody in again. */
const leftOpen = async (core: Core, tx: Queryable, { action, incidentId }: DecisionRequest) =>
  letsIn(action, 'do') ? openBeforeReturn(core, tx, incidentId) : [];

/**
 * A range list that does not fit the person's own recent address locks out the person, not the attacker: warn first.
 */
async function checkRanges(
  core: Core,
  request: DecisionRequest,
  { person, accounts }: Decidable,
): Promise<Result<null, Problem>> {
  if (request.action !== 'lockdown' && needOf(request.action) === 'ranges' && request.ranges.length === 0)
    return refuse('invalid_input', phrase('problem.ranges.empty'), 'ranges');
  if (request.ranges.length === 0 || request.outsideAccepted) return ok(null);
  if (request.action === 'block_address') return ok(null);
  const logins = [person.email, ...accounts.flatMap((account) => account.login ?? [])];
  const outside = await recentAddressOutside(core, logins, request.ranges);
  if (!outside) return ok(null);
  return refuse(
    'invalid_input',
    phrase('problem.ranges.outside', { name: person.name, ip: outside.ip, when: at(outside.at) }),
    'ranges',
  );
}

/** With the incident locked: what was checked may have changed since. */
async function commit(
  core: Core,
  tx: Transaction,
  request: DecisionRequest,
  context: Checked,
): Promise<Result<Changed<Decided>, Problem>> {
  // Queried together: one round trip to the database.
  const [repeated, { count, newest }, accounts, steps] = await Promise.all([
    tx.query<{ id: string }>('select id from decisions where workspace_id = $1 and request_key = $2', [
      core.workspaceId,
      request.requestKey,
    ]),
    decisionsOf(tx, core.workspaceId, request.incidentId, request.action),
    accountsOfIncident(tx, core.workspaceId, request.incidentId),
    withoutRunning(core, tx, request.incidentId, context.steps),
  ]);
  if (repeated.rows[0]) return ok({ value: { decisionId: repeated.rows[0].id, repeated: true }, trace: null });
  if (newest && count > request.seen) {
    return refuse(
      'already_decided',
      phrase('problem.decided', { who: user(newest.decided_by), when: at(newest.decided_at) }),
    );
  }
  if (!sameAccounts(accounts, context.accounts)) return refuse('plan_changed', phrase('problem.plan_changed'));
  if (steps.length === 0) return refuse('already_running', phrase('problem.running'));
  // Again, with the incident locked: a task may have been reopened since the modal was opened.
  const left = await leftOpen(core, tx, request);
  const returning = checkReturn(left, request.override);
  if (!returning.ok) return returning;
  const decision = {
    id: core.runtime.newId('dec'),
    incident_id: request.incidentId,
    action: request.action,
    decided_by: request.actor,
    decided_at: core.runtime.now(),
    plan_digest: planBinding(boundPlan(request, context)),
    proof: context.proof,
  };
  const decisionId = decision.id;
  const { correlationId } = request.origin;
  await Promise.all([
    storeDecision(core, tx, { decision, request, ranges: request.ranges, steps, accounts, undoOf: null }),
    request.action === 'lockdown' ? openTasks(core, tx, request.incidentId) : null,
    request.action === 'lockdown' ? rescanAfterLockdown(core, tx, request.incidentId, correlationId) : null,
    context.incident.owner === null ? takeFor(core, tx, request) : null,
    addProgress(core, tx, request, decisionId),
  ]);
  await keepUnplanned(core, tx, context.unplanned, { incidentId: request.incidentId, decisionId, correlationId });
  await tellEarlyReturn(core, tx, { ...request, decisionId }, left);
  return ok({
    value: { decisionId, repeated: false },
    trace: { record: recordOf(request, decision), gatherMs: GATHER_MS },
  });
}

const recordOf = ({ reason, action, ranges }: DecisionRequest, { id, proof }: Proven['decision']) => ({
  action: 'decision.taken',
  why: reason.trim(),
  detail: { decision: id, action, ranges: [...ranges], proof: proof?.kind ?? null },
});

/** The thread's line about a decision, with its progress below. */
async function addProgress(core: Core, tx: Transaction, request: DecisionRequest, decisionId: string): Promise<void> {
  const values: Record<'who' | 'action' | 'reason', PhraseValue> = {
    who: user(request.actor),
    action: text(`action.${request.action}`),
    reason: request.reason.trim(),
  };
  const line =
    request.ranges.length > 0
      ? phrase('timeline.decided_ranges', { ...values, ranges: request.ranges.join(', ') })
      : phrase('timeline.decided', values);
  const body = { kind: 'progress', decision: decisionId, phrase: line } as const;
  await addPost({ core, tx }, request.incidentId, `progress_${decisionId}`, body);
}

/** Whoever decides first also takes the incident. */
async function takeFor(core: Core, tx: Queryable, { incidentId, actor }: DecisionRequest): Promise<void> {
  await tx.query('update incidents set owner = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    incidentId,
    actor,
  ]);
}

import type { HoldReach } from '../../incidents/hold-reach.js';
import type { Person } from '../../incidents/people.js';
import { addPost } from '../../incidents/posts.js';
import { allDecisionsOf, stepsOf } from '../../incidents/steps.js';
import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import type { Transaction } from '../../ports/database.js';
import { list, type Phrase, phrase, user } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { isOn, SELF_HOLD } from '../../incidents/step-standing.js';
import { checkCap, heldBy, holdPlan } from '../hold.js';
import { type Changed, inIncident } from '../in-incident.js';
import { storeDecision, withoutRunning } from '../store-decision.js';

export interface HoldRequest {
  readonly incidentId: string;
  /** Who pressed, from Slack's signed body: the person whom the incident is about, or it is refused. */
  readonly actor: string;
  readonly origin: Origin;
}

/**
 * A person who reported freezes the own accounts: quarantine where there is one, and every session ended. No code is
 * asked for: it only tightens, an approver lifts it, and minutes count. Pressed twice, it is done once.
 */
export const holdOwn = (core: Core, request: HoldRequest): Promise<Result<null, Problem>> =>
  inIncident(
    core,
    'holdOwn',
    { ...request, action: SELF_HOLD },
    {
      allowed: heldBy,
      before: (managed) => Promise.resolve(ok(managed.person)),
      change: (tx, _incident, person: Person) => commit(core, tx, request, person),
    },
  );

async function commit(
  core: Core,
  tx: Transaction,
  request: HoldRequest,
  person: Person,
): Promise<Result<Changed<null>, Problem>> {
  const { incidentId, actor, origin } = request;
  if (await stillOn(core, tx, incidentId)) return ok({ value: null, trace: null });
  const capped = await checkCap(core, tx, actor);
  if (!capped.ok) return capped;
  const plan = await holdPlan(core, tx, incidentId, person);
  const steps = await withoutRunning(core, tx, incidentId, plan.steps);
  if (steps.length === 0) return refuse('nothing_to_do', phrase('problem.hold.nothing'));
  const decision = {
    id: core.runtime.newId('dec'),
    incident_id: incidentId,
    action: SELF_HOLD,
    decided_by: actor,
    decided_at: core.runtime.now(),
    plan_digest: null,
    proof: null,
    second: null,
    break_glass: null,
  };
  const asked = { reason: '', requestKey: decision.id, origin };
  const { accounts } = plan;
  await storeDecision(core, tx, { decision, request: asked, ranges: [], steps, accounts, undoOf: null });
  const line = sayHeld(core, actor, plan.reach);
  const body = { kind: 'progress', decision: decision.id, phrase: line } as const;
  await addPost({ core, tx }, incidentId, `progress_${decision.id}`, body);
  await addPost({ core, tx }, incidentId, `residual_${decision.id}`, { kind: 'residual', decision: decision.id });
  const { signedOut, untouched } = plan.reach;
  const systems = [...new Set(steps.map(({ system }) => system))];
  const detail = { decision: decision.id, systems, only_signed_out: signedOut, not_frozen: untouched };
  return ok({ value: null, trace: { record: { action: 'hold.taken', detail } } });
}

/** The thread's line; what is left open is named, so that nobody takes a freeze for a lockdown. */
function sayHeld(core: Core, actor: string, { signedOut, untouched }: HoldReach): Phrase {
  const who = user(actor);
  const systems = (those: readonly string[]): string =>
    those.map((system) => core.connectors.get(system)?.title ?? system).join(', ');
  const left = [
    ...(untouched.length === 0 ? [] : [phrase('timeline.held.untouched', { systems: systems(untouched) })]),
    ...(signedOut.length === 0 ? [] : [phrase('timeline.held.signed_out', { systems: systems(signedOut) })]),
  ];
  return left.length === 0
    ? phrase('timeline.held', { who })
    : phrase('timeline.held.some', { who, left: list(left, '') });
}

/** The newest hold of this incident, while nobody has lifted it. */
async function stillOn(core: Core, tx: Transaction, incidentId: string): Promise<boolean> {
  const [decisions, steps] = await Promise.all([
    allDecisionsOf(tx, core.workspaceId, incidentId),
    stepsOf(tx, core.workspaceId, incidentId),
  ]);
  return decisions.some((one) => one.action === SELF_HOLD && isOn(steps, one));
}

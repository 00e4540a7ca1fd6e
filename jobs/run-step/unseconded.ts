import { hasBegun } from '../../src/approvals/authentication.js';
import { mayDecide } from '../../src/approvals/policy.js';
import { checkTwoPeople, whyTwo } from '../../src/approvals/quorum.js';
import type { HumanReason } from '../../src/containment/outcome.js';
import { accountsOfIncident } from '../../src/incidents/accounts.js';
import type { Person } from '../../src/incidents/people.js';
import { SELF_HOLD } from '../../src/incidents/step-standing.js';
import type { Decision, Step } from '../../src/incidents/steps.js';
import type { Core } from '../../src/ports/core.js';
import type { Problem, ProblemCode } from '../../src/texts/problem.js';
import type { Result } from '../../src/platform/result.js';

/** Slack does not say who the approver is: that proves nothing about the right to decide. */
export const UNTOLD: ReadonlySet<ProblemCode> = new Set(['approvers_unknown', 'actor_unknown']);

interface About {
  readonly step: Step;
  readonly decision: Decision | null;
  readonly person: Person | null;
}

type Refusal = HumanReason | 'ask_later' | null;

const refusalOf = (checked: Result<unknown, Problem>): Refusal =>
  checked.ok ? null : UNTOLD.has(checked.error.code) ? 'ask_later' : { kind: 'approver' };

/**
 * Before the first call: what needs two approvers carries the signatures of two people who both still may decide, or the
 * glass was broken for it. The step's tag covers both signatures, so nobody adds one to the rows. A plan that has begun
 * runs to its end, also when the person counts as somebody else by now.
 */
export async function unseconded(core: Core, { step, decision, person }: About): Promise<Refusal> {
  if (!decision || !person || decision.action === SELF_HOLD) return null;
  const { second, decided_by: first, decided_at: at } = decision;
  if (second !== null)
    return (
      refusalOf(await mayDecide(core, second.by, person, at)) ?? refusalOf(await checkTwoPeople(core, first, second.by))
    );
  if (decision.break_glass !== null || (await hasBegun(core, core.db, decision.id))) return null;
  const accounts = await accountsOfIncident(core.db, core.workspaceId, step.incident_id);
  const why = await whyTwo(core, {
    incidentId: step.incident_id,
    decision: decided(step, decision),
    target: person,
    accounts,
  });
  if (!why.ok) return refusalOf(why);
  if (why.value.length === 0) return null;
  core.log.error(
    { step: step.id, decision: decision.id, incident: step.incident_id, system: step.system, action: step.action },
    'a step needs two approvers, and its decision is signed by one: nothing was sent',
  );
  return { kind: 'one_approver', decidedBy: first };
}

const decided = ({ undo_of: undone, action }: Step, decision: Decision) =>
  undone === null ? (decision.action === 'lockdown' ? 'lockdown' : action) : { undo: action };

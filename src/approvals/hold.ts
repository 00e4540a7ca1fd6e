import { accountsOfIncident, type LinkedAccount } from '../incidents/accounts.js';
import { linksOf } from '../incidents/links.js';
import { incidentById } from '../incidents/incident.js';
import { type Person, personById } from '../incidents/people.js';
import { type HoldReach, holdReach, lastHold, plannedReach } from '../incidents/hold-reach.js';
import { allDecisionsOf, type Decision, type Step, stepsOf } from '../incidents/steps.js';
import { isOn, SELF_HOLD } from '../incidents/step-standing.js';
import type { IncidentView } from '../incidents/view.js';
import { planHold, type PlannedStep } from '../containment/plan.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import type { Managed } from './managed-by.js';
import { plannedAccounts } from './planned-accounts.js';
import { isNeverTouched, mayTouch } from './policy.js';
import { type Attempt, recordRefusal } from './refusals.js';

/** A thief of somebody's Slack could shut them out again each time it is lifted; after this often he cannot. */
const MOST_HOLDS = 2;
const HOLDS_WITHIN_MS = 7 * 24 * 3_600_000;

/**
 * The incident, when it is about whoever wants to freeze their accounts and they reported it themselves: one that others
 * opened is not revealed to them. A refused attempt is recorded.
 */
export async function heldBy(core: Core, attempt: Attempt): Promise<Result<Managed, Problem>> {
  const incident = await incidentById(core.db, core.workspaceId, attempt.incidentId);
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  if (!incident || !person) return refuse('unknown_incident', phrase('problem.unknown_incident'));
  const allowed = (await hasReported(core, incident.id, person))
    ? await mayHold(core, attempt.actor, person)
    : refuse('not_own_incident', phrase('problem.hold.not_yours'));
  if (allowed.ok) return ok({ incident, person });
  await recordRefusal(core, attempt, allowed.error);
  return allowed;
}

async function hasReported(core: Core, incidentId: string, person: Person): Promise<boolean> {
  const { rows } = await core.db.query(
    `select 1 from reports where workspace_id = $1 and incident_id = $2 and reporter in ($3, $4) limit 1`,
    [core.workspaceId, incidentId, person.slack_user_id ?? person.email, person.email],
  );
  return rows.length > 0;
}

/** Whether `actor` is the person whom the incident is about, as Slack knows them now. Fails closed without an answer. */
export async function mayHold(core: Core, actor: string, target: Person): Promise<Result<null, Problem>> {
  if (target.slack_user_id !== actor) return refuse('not_own_incident', phrase('problem.hold.not_yours'));
  try {
    const standing = await core.roles.standing(actor);
    // A guest reports for himself, and so may freeze what is his.
    if (standing !== 'member' && standing !== 'guest' && standing !== 'single_channel_guest')
      return refuse('not_a_member', phrase(`problem.standing.${standing}`));
  } catch (error) {
    core.log.warn({ err: error }, 'Slack did not say who wants to freeze their accounts; it was refused');
    return refuse('actor_unknown', phrase('problem.hold.slack_silent'));
  }
  return mayTouch(core, target, []);
}

/**
 * The accounts that a person may freeze: those found by their own address, and by nobody else's. What an approver
 * linked by hand may be somebody else's; a protected, shared or never-touched account is left to the approvers.
 */
async function holdable(core: Core, tx: Queryable, target: Person, accounts: readonly LinkedAccount[]) {
  const [links, shared] = await Promise.all([linksOf(core, tx, target.id), heldByOthers(core, tx, target, accounts)]);
  return accounts.filter(
    ({ id, system, login, state }) =>
      !links.has(system) &&
      !shared.has(id) &&
      login !== null &&
      !isNeverTouched(core, login) &&
      (state === null || (state.protectedBecause === null && (state.use ?? 'person') === 'person')),
  );
}

/** The same for one account, when its step runs: what was the person's own at the click may be linked by hand since. */
export async function mayHoldOn(core: Core, target: Person, account: LinkedAccount): Promise<Result<null, Problem>> {
  const own = await holdable(core, core.db, target, [account]);
  return own.length > 0 ? ok(null) : refuse('somebody_elses_account', phrase('problem.hold.not_own_account'));
}

/** Which of these accounts are somebody else's too, by their id in the system. */
async function heldByOthers(
  core: Core,
  tx: Queryable,
  target: Person,
  accounts: readonly LinkedAccount[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `select mine.id from accounts mine join accounts other on other.workspace_id = mine.workspace_id
       and other.system = mine.system and other.account_id = mine.account_id and other.person_id <> mine.person_id
       and other.retired_at is null
     where mine.workspace_id = $1 and mine.person_id = $2 and mine.id = any($3)`,
    [core.workspaceId, target.id, accounts.map(({ id }) => id)],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface Hold {
  readonly accounts: readonly LinkedAccount[];
  readonly steps: readonly PlannedStep[];
  /** What it reaches, and what it does not, of all accounts of the person. */
  readonly reach: HoldReach;
}

/** What a hold would do now; without steps when nothing can be frozen. */
export async function holdPlan(core: Core, tx: Queryable, incidentId: string, target: Person): Promise<Hold> {
  const [all, decided, decisions] = await Promise.all([
    accountsOfIncident(tx, core.workspaceId, incidentId),
    stepsOf(tx, core.workspaceId, incidentId),
    allDecisionsOf(tx, core.workspaceId, incidentId),
  ]);
  const accounts = await holdable(core, tx, target, all);
  const steps = planHold(plannedAccounts(core, accounts, []), core);
  const reach = plannedReach(all, steps);
  // Where an earlier freeze still stands it is not done again: what it changed could not be told any more.
  const last = lastHold(decisions);
  const held = last === undefined ? [] : stillFrozen(all, decided, last);
  const anew = accounts.filter(({ id }) => !held.includes(id));
  return { accounts: anew, steps: planHold(plannedAccounts(core, anew, []), core), reach };
}

const stillFrozen = (accounts: readonly LinkedAccount[], steps: readonly Step[], hold: Decision): readonly string[] => {
  const { frozen, unshown } = holdReach(accounts, steps, hold);
  return accounts.filter(({ system }) => [...frozen, ...unshown].includes(system)).map(({ id }) => id);
};

/** What the person may freeze now, and what it leaves out; `null` when nothing: only then they are offered it. */
export async function canHold(core: Core, view: IncidentView): Promise<HoldReach | null> {
  const { incident, person, decisions, steps } = view;
  if (incident.status === 'closed' || person.slack_user_id === null) return null;
  if (!mayTouch(core, person, []).ok) return null;
  if (planHold(plannedAccounts(core, view.accounts, []), core).length === 0) return null;
  if (decisions.some((one) => one.action === SELF_HOLD && isOn(steps, one))) return null;
  if (!(await checkCap(core, core.db, person.slack_user_id)).ok) return null;
  const plan = await holdPlan(core, core.db, incident.id, person);
  return plan.steps.length > 0 ? plan.reach : null;
}

/** Refuses when the person froze the own accounts as often as one may in a week, in whatever incident. */
export async function checkCap(core: Core, tx: Queryable, actor: string): Promise<Result<null, Problem>> {
  const since = new Date(core.runtime.now().getTime() - HOLDS_WITHIN_MS);
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from decisions
     where workspace_id = $1 and action = '${SELF_HOLD}' and decided_by = $2 and decided_at > $3`,
    [core.workspaceId, actor, since],
  );
  return (rows[0]?.count ?? 0) < MOST_HOLDS ? ok(null) : refuse('held_often', phrase('problem.hold.often'));
}

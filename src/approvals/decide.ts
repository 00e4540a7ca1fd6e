import { at, phrase, type PhraseValue, text, user } from '../../blocks/texts/phrase.js';
import { catalogue } from '../../jobs/containment/catalogue.js';
import { planSteps, type PlannedStep } from '../../jobs/containment/plan.js';
import { requestWork } from '../../jobs/outbox.js';
import type { Core } from '../core.js';
import { type ActionKind, isItemAction } from '../connectors/port.js';
import type { StoredItem } from '../incidents/evidence.js';
import { accountsOf, accountsOfIncident, type LinkedAccount } from '../incidents/accounts.js';
import { type Incident, incidentById, lockOpenIncident } from '../incidents/incident.js';
import { choiceKey, newestEvidenceOf, type NewestSnapshot } from '../incidents/later-look.js';
import { lookAfterLockdown } from '../incidents/look-again.js';
import { odditiesIn } from '../incidents/oddities.js';
import { type Person, personOfIncident } from '../incidents/people.js';
import { addPost } from '../incidents/posts.js';
import { recordDeed, slackPerson } from '../incidents/record.js';
import { openTasks } from '../incidents/tasks.js';
import { decisionsOf } from '../incidents/steps.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable, Transaction } from '../store/database.js';
import { checkCode } from './code.js';
import { insertSteps, withoutRunning } from './insert-steps.js';
import { mayDecide, mayTouch } from './policy.js';
import { choicesOf, plannedAccounts } from './planned-accounts.js';
import { needsCode } from './preview.js';
import { recentAddressOutside } from './recent-address.js';
import { checkReturn, letsIn, openBeforeReturn, tellEarlyReturn } from './recovery.js';
import { recordRefusal } from './refusals.js';
import { type DecisionRequest, isRepeated } from './request.js';

/**
 * How long the thread waits to tell a decision, ms: most steps have ended by then, and one redraw tells both. A step that
 * ends asks for it at once. Slack takes about one message a second in a channel.
 */
const GATHER_MS = 400;

export interface Decided {
  readonly decisionId: string;
  /** `true`: the same click came before; nothing was done again. */
  readonly repeated: boolean;
}

interface Context {
  readonly incident: Incident;
  readonly person: Person;
  readonly accounts: readonly LinkedAccount[];
  readonly steps: readonly PlannedStep[];
}

/**
 * Takes a decision: who may, about whom, with which code; then the decision, its steps and their work commit in one
 * transaction. The first decision wins. Refusals leave an entry in the record.
 */
export async function decide(core: Core, request: DecisionRequest): Promise<Result<Decided, Problem>> {
  const checked = await checkRequest(core, request);
  if (!checked.ok) {
    if (checked.error.phrase.key !== 'problem.unknown_incident') await recordRefusal(core, request, checked.error);
    return checked;
  }
  const decided = await core.db.transaction((tx) => commit(core, tx, request, checked.value));
  core.dispatch();
  if (decided.ok && !decided.value.repeated) core.runtime.observe('decision.committed', decided.value.decisionId);
  return decided;
}

async function loadContext(core: Core, request: DecisionRequest): Promise<Result<Context, Problem>> {
  const [incident, person, accounts] = await Promise.all([
    incidentById(core.db, core.workspaceId, request.incidentId),
    personOfIncident(core.db, core.workspaceId, request.incidentId),
    accountsOfIncident(core.db, core.workspaceId, request.incidentId),
  ]);
  if (!incident || !person) return refuse(phrase('problem.unknown_incident'));
  if (incident.status === 'closed') return refuse(phrase('problem.closed'));
  if (accounts.length === 0) return refuse(phrase('problem.no_accounts'));
  const steps = await plan(core, request, { incident, accounts });
  const aboutItems = request.action !== 'lockdown' && isItemAction(request.action);
  // Console steps are for all that is there: they are no answer to a list from which nothing was chosen.
  const unanswered = request.chosen.size > 0 && [...request.chosen.values()].every((keys) => keys.length === 0);
  if (aboutItems && (steps.length === 0 || unanswered)) return refuse(phrase('problem.items'), 'items');
  return steps.length === 0 ? refuse(phrase('problem.nothing_to_do')) : ok({ incident, person, accounts, steps });
}

async function plan(
  core: Core,
  request: DecisionRequest,
  { incident, accounts }: { incident: Incident; accounts: readonly LinkedAccount[] },
): Promise<readonly PlannedStep[]> {
  const { action } = request;
  const needsEvidence = action === 'lockdown' || isItemAction(action);
  const snapshots = needsEvidence ? await newestEvidenceOf(core, core.db, incident.id) : [];
  const chosen = new Map(
    [...request.chosen].map(([row, keys]) => {
      const snapshot = snapshots.find((one) => one.accountRow === row);
      const choices = action === 'lockdown' || !snapshot ? [] : everOffered(snapshot, action);
      return [row, keys.flatMap((key) => choices.find((choice) => choiceKey(choice) === key)?.id ?? [])] as const;
    }),
  );
  const odd = odditiesIn(snapshots, { opened: incident.opened_at, accounts });
  return planSteps(action, plannedAccounts(core, accounts, odd), {
    connectors: core.connectors,
    withRanges: request.ranges.length > 0,
    chosen,
  });
}

/** What the approver saw may be gone in a look since: it is decided all the same, and found to be gone. */
const everOffered = (snapshot: NewestSnapshot, action: ActionKind): readonly StoredItem[] => [
  ...choicesOf(snapshot, action),
  ...choicesOf({ ...snapshot, evidence: snapshot.first }, action),
];

async function checkRequest(core: Core, request: DecisionRequest): Promise<Result<Context, Problem>> {
  const [context, repeated] = await Promise.all([loadContext(core, request), isRepeated(core, request)]);
  if (!context.ok) return context;
  const { person, accounts, steps } = context.value;
  const allowed = await mayDecide(core, request.actor, person);
  if (!allowed.ok) return allowed;
  const touchable = mayTouch(core, person, accounts);
  if (!touchable.ok) return touchable;
  if (request.reason.trim().length < 3) return refuse(phrase('problem.reason'), 'reason');
  if (repeated) return context;
  const fitting = await checkRanges(core, request, person);
  if (!fitting.ok) return fitting;
  const returning = checkReturn(await leftOpen(core, core.db, request), request.override);
  if (!returning.ok) return returning;
  if (!needsCode(core, request.action)) return context;
  const plan = {
    incident: request.incidentId,
    action: request.action,
    ranges: [...request.ranges],
    steps: steps.map(({ accountRow, system, action, items }) => ({
      account: accountRow,
      system,
      action,
      items: items === null || items === 'all' ? items : [...items],
    })),
  };
  const coded = await checkCode(core, request, request.code, plan);
  return coded.ok ? context : coded;
}

/** What is open of the check-list, when the decision lets somebody in again. */
const leftOpen = async (core: Core, tx: Queryable, { action, incidentId }: DecisionRequest) =>
  letsIn(action, 'do') ? openBeforeReturn(core, tx, incidentId) : [];

/** A list that the person's own recent address does not fit locks out the person, not the attacker: said before. */
async function checkRanges(core: Core, request: DecisionRequest, person: Person): Promise<Result<null, Problem>> {
  if (request.action !== 'lockdown' && catalogue[request.action].needs === 'ranges' && request.ranges.length === 0)
    return refuse(phrase('problem.ranges.empty'), 'ranges');
  if (request.ranges.length === 0 || request.outsideAccepted) return ok(null);
  if (request.action === 'block_address') return ok(null);
  const accounts = await accountsOf(core.db, core.workspaceId, person.id);
  const logins = [person.email, ...accounts.flatMap((account) => account.login ?? [])];
  const outside = await recentAddressOutside(core, logins, request.ranges);
  if (!outside) return ok(null);
  return refuse(
    phrase('problem.ranges.outside', { name: person.name, ip: outside.ip, when: at(outside.at) }),
    'ranges',
  );
}

async function commit(
  core: Core,
  tx: Transaction,
  request: DecisionRequest,
  context: Context,
): Promise<Result<Decided, Problem>> {
  // Asked together: the others are read after the lock is had.
  const [locked, repeated, { count, newest }, steps] = await Promise.all([
    lockOpenIncident(core, tx, request.incidentId),
    tx.query<{ id: string }>('select id from decisions where workspace_id = $1 and request_key = $2', [
      core.workspaceId,
      request.requestKey,
    ]),
    decisionsOf(tx, core.workspaceId, request.incidentId, request.action),
    withoutRunning(core, tx, request.incidentId, context.steps),
  ]);
  if (!locked.ok) return locked;
  if (repeated.rows[0]) return ok({ decisionId: repeated.rows[0].id, repeated: true });
  if (newest && count > request.seen) {
    return refuse(phrase('problem.decided', { who: user(newest.decided_by), when: at(newest.decided_at) }));
  }
  if (steps.length === 0) return refuse(phrase('problem.running'));
  // Again, with the incident locked: a task may have been opened again since the modal was.
  const left = await leftOpen(core, tx, request);
  const returning = checkReturn(left, request.override);
  if (!returning.ok) return returning;
  const decisionId = core.runtime.newId('dec');
  await Promise.all([
    insertDecision(core, tx, request, decisionId),
    insertSteps(core, tx, { decisionId, request, steps }),
    request.action === 'lockdown' ? openTasks(core, tx, request.incidentId) : null,
    request.action === 'lockdown'
      ? lookAfterLockdown(core, tx, request.incidentId, request.origin.correlationId)
      : null,
    announce(core, tx, request, { decisionId, owner: locked.value.owner }),
  ]);
  await tellEarlyReturn(core, tx, { ...request, decisionId }, left);
  return ok({ decisionId, repeated: false });
}

async function insertDecision(core: Core, tx: Queryable, request: DecisionRequest, id: string): Promise<void> {
  await tx.query(
    `insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      core.workspaceId,
      id,
      request.incidentId,
      request.action,
      request.reason.trim(),
      JSON.stringify(request.ranges),
      request.actor,
      core.runtime.now(),
      request.requestKey,
      request.origin.correlationId,
    ],
  );
}

/** The record's entry and the thread's lines of a decision. Whoever decides first also takes the incident. */
async function announce(
  core: Core,
  tx: Transaction,
  request: DecisionRequest,
  { decisionId, owner }: { decisionId: string; owner: string | null },
): Promise<void> {
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
  await Promise.all([
    recordDeed(core, tx, request.incidentId, {
      actor: slackPerson(request.actor),
      action: 'decision.taken',
      why: request.reason.trim(),
      origin: request.origin,
      detail: {
        decision: decisionId,
        action: request.action,
        ranges: [...request.ranges],
        with_code: needsCode(core, request.action),
      },
    }),
    owner === null ? takeFor(core, tx, request) : null,
    addPost({ core, tx }, request.incidentId, `progress_${decisionId}`, body),
    requestWork(tx, {
      workspaceId: core.workspaceId,
      name: 'sync_incident',
      ref: request.incidentId,
      correlationId: request.origin.correlationId,
      now: core.runtime.now(),
      delayMs: GATHER_MS,
    }),
  ]);
}

async function takeFor(core: Core, tx: Queryable, { incidentId, actor }: DecisionRequest): Promise<void> {
  await tx.query('update incidents set owner = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    incidentId,
    actor,
  ]);
}

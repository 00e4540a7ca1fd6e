import type { TaskKey } from '../../blocks/tasks.js';
import { phrase, list, text, user } from '../../blocks/texts/phrase.js';
import { requestWork } from '../../jobs/outbox.js';
import type { Core, Origin } from '../core.js';
import { accountByRow } from '../incidents/accounts.js';
import { differences, openFacts, sayFact } from '../incidents/facts.js';
import { incidentById, lockOpenIncident } from '../incidents/incident.js';
import { type Person, personById } from '../incidents/people.js';
import { addPost, touchIncident } from '../incidents/posts.js';
import { recordDeed, slackPerson } from '../incidents/record.js';
import { type Step, stepById } from '../incidents/steps.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable, Transaction } from '../store/database.js';
import { checkCode } from './code.js';
import { mayDecide, mayTouch } from './policy.js';
import { checkReturn, letsIn, openBeforeReturn, tellEarlyReturn } from './recovery.js';
import { recordRefusal } from './refusals.js';
import { isRepeated } from './request.js';

/** What an undo would put back, for the modal. */
export interface UndoPreview {
  readonly step: Step;
  readonly person: Person;
  readonly systemTitle: string;
  readonly changes: readonly { readonly name: string; readonly now: string; readonly then: string }[];
  readonly needsCode: boolean;
  /** What should be ended before the person comes back; empty for an undo that lets nobody in. */
  readonly leftOpen: readonly TaskKey[];
}

export interface UndoRequest {
  readonly stepId: string;
  readonly actor: string;
  readonly reason: string;
  readonly code: string;
  /** Why somebody is let in again before the check-list is done. */
  readonly override: string;
  /** The same click delivered twice has the same key (the modal's id). */
  readonly requestKey: string;
  readonly origin: Origin;
}

/** An undo lets somebody in again, so it asks for a code whenever any decision does that locks somebody out. */
const undoNeedsCode = (core: Core, step: Step): boolean =>
  core.policy.stepUpFor.includes(step.action) || core.policy.stepUpFor.includes('enable_account');

/** Who may, and whether there is something to put back. */
export async function previewUndo(core: Core, stepId: string, actor: string): Promise<Result<UndoPreview, Problem>> {
  const step = await stepById(core.db, core.workspaceId, stepId);
  const incident = step && (await incidentById(core.db, core.workspaceId, step.incident_id));
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  if (!step || !incident || !person) return refuse(phrase('problem.old_card'));
  if (incident.status === 'closed') return refuse(phrase('problem.closed'));
  const allowed = await mayDecide(core, actor, person);
  if (!allowed.ok) return allowed;
  const account = await accountByRow(core.db, core.workspaceId, step.account_row);
  const touchable = mayTouch(core, person, account ? [account] : []);
  if (!touchable.ok) return touchable;
  const before = openFacts(core, step.id, 'before', step.before_facts);
  const left = openFacts(core, step.id, 'after', step.after_facts);
  if (!before || !left) return refuse(phrase('problem.undo.nothing'));
  const changes = differences(left, before).map(({ name, expected, found }) => ({
    name,
    now: sayFact(expected),
    then: sayFact(found),
  }));
  if (changes.length === 0) return refuse(phrase('problem.undo.nothing'));
  const systemTitle = core.connectors.get(step.system)?.title ?? step.system;
  const leftOpen = await leftOpenFor(core, core.db, step);
  return ok({ step, person, systemTitle, changes, needsCode: undoNeedsCode(core, step), leftOpen });
}

const leftOpenFor = async (core: Core, tx: Queryable, step: Step): Promise<readonly TaskKey[]> =>
  letsIn(step.action, 'undo') ? openBeforeReturn(core, tx, step.incident_id) : [];

/** Decides an undo: the decision, its step and its work commit in one transaction. Refusals leave an entry in the record. */
export async function decideUndo(core: Core, request: UndoRequest): Promise<Result<null, Problem>> {
  if (await isRepeated(core, request)) return ok(null);
  const checked = await check(core, request);
  const decided = checked.ok
    ? await core.db.transaction((tx) => commit(core, tx, request, checked.value.step))
    : checked;
  if (!decided.ok) {
    const step = await stepById(core.db, core.workspaceId, request.stepId);
    if (step)
      await recordRefusal(
        core,
        { incidentId: step.incident_id, action: 'undo', actor: request.actor, origin: request.origin },
        decided.error,
      );
  }
  core.dispatch();
  return decided;
}

async function check(core: Core, request: UndoRequest): Promise<Result<UndoPreview, Problem>> {
  const preview = await previewUndo(core, request.stepId, request.actor);
  if (!preview.ok) return preview;
  if (request.reason.trim().length < 3) return refuse(phrase('problem.reason'), 'reason');
  const returning = checkReturn(preview.value.leftOpen, request.override);
  if (!returning.ok) return returning;
  if (!preview.value.needsCode) return preview;
  const { step } = preview.value;
  const attempt = { incidentId: step.incident_id, action: 'undo', actor: request.actor, origin: request.origin };
  const coded = await checkCode(core, attempt, request.code, {
    incident: step.incident_id,
    action: 'undo',
    step: step.id,
  });
  return coded.ok ? preview : coded;
}

async function commit(core: Core, tx: Transaction, request: UndoRequest, step: Step): Promise<Result<null, Problem>> {
  const locked = await lockOpenIncident(core, tx, step.incident_id);
  if (!locked.ok) return locked;
  const known = await tx.query(
    `select 1 as known from steps where workspace_id = $1 and undo_of = $2 and status <> 'needs_human'`,
    [core.workspaceId, step.id],
  );
  if (known.rows.length > 0) return refuse(phrase('problem.running'));
  const left = await leftOpenFor(core, tx, step);
  const returning = checkReturn(left, request.override);
  if (!returning.ok) return returning;
  const now = core.runtime.now();
  const decision = core.runtime.newId('dec');
  const id = core.runtime.newId('stp');
  await tx.query(
    `insert into decisions (workspace_id, id, incident_id, action, reason, decided_by, decided_at, request_key, correlation_id)
     values ($1, $2, $3, 'undo', $4, $5, $6, $7, $8)`,
    [
      core.workspaceId,
      decision,
      step.incident_id,
      request.reason.trim(),
      request.actor,
      now,
      request.requestKey,
      request.origin.correlationId,
    ],
  );
  const { rowCount } = await tx.query(
    `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, ranges, items, position, status,
       created_at, undo_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 'queued', $10, $11)
     on conflict (workspace_id, incident_id, account_row, action) where status in ('waiting', 'queued', 'running', 'retrying') do nothing`,
    [
      core.workspaceId,
      id,
      decision,
      step.incident_id,
      step.account_row,
      step.system,
      step.action,
      JSON.stringify(step.ranges),
      step.items === null ? null : JSON.stringify(step.items),
      now,
      step.id,
    ],
  );
  if (rowCount === 0) {
    await tx.query('delete from decisions where workspace_id = $1 and id = $2', [core.workspaceId, decision]);
    return refuse(phrase('problem.running'));
  }
  await announce(core, tx, request, { step, decision, id });
  await tellEarlyReturn(core, tx, { ...request, incidentId: step.incident_id, decisionId: decision }, left);
  return ok(null);
}

async function announce(
  core: Core,
  tx: Transaction,
  request: UndoRequest,
  { step, decision, id }: { step: Step; decision: string; id: string },
): Promise<void> {
  await recordDeed(core, tx, step.incident_id, {
    actor: slackPerson(request.actor),
    action: 'undo.decided',
    why: request.reason.trim(),
    origin: request.origin,
    detail: { decision, step: id, undo_of: step.id, system: step.system, action: step.action },
  });
  const line = phrase('timeline.decided', {
    who: user(request.actor),
    action: list([phrase('action.undo_of', { action: text(`action.${step.action}`) })]),
    reason: request.reason.trim(),
  });
  await addPost({ core, tx }, step.incident_id, `progress_${decision}`, { kind: 'progress', decision, phrase: line });
  const { correlationId } = request.origin;
  const now = core.runtime.now();
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'run_step', ref: id, correlationId, now });
  await touchIncident(core, tx, step.incident_id, correlationId);
}

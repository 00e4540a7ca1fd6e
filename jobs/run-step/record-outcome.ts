import type { AccountState, Facts } from '../../src/ports/connector.js';
import { begun } from '../../src/approvals/authentication.js';
import type { Core } from '../../src/ports/core.js';
import { saveState } from '../../src/incidents/accounts.js';
import { sealFacts } from '../../src/incidents/facts.js';
import { addLine, addPost, touchIncident } from '../../src/incidents/posts.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import type { Step, StepResult, StepStatus } from '../../src/incidents/steps.js';
import type { Queryable, Transaction } from '../../src/ports/database.js';
import { finishWork, holdLease, LeaseLostError, requestWork } from '../../src/outbox/outbox.js';
import type { Outcome, Run } from '../worker.js';
import type { StepOutcome } from '../../src/containment/outcome.js';
import { lineOf, type ThreadLine } from '../../src/containment/result-lines.js';

interface Written {
  readonly status: StepStatus;
  readonly final: boolean;
  readonly result: StepResult;
}

function written(core: Core, step: Step, outcome: StepOutcome): Written {
  const now = core.runtime.now().toISOString();
  switch (outcome.kind) {
    case 'verified':
    case 'accepted': {
      const { observed, residual } = outcome.readBack;
      const effectiveBy =
        outcome.kind === 'accepted' && outcome.effectiveBy ? { effectiveBy: outcome.effectiveBy.toISOString() } : {};
      const result = {
        observed,
        survives: residual,
        requestId: outcome.requestId,
        acceptedAt: step.accepted_at?.toISOString() ?? now,
        ...effectiveBy,
      };
      return { status: outcome.kind, final: true, result };
    }
    case 'restored':
      return {
        status: 'verified',
        final: true,
        result: { requestId: outcome.requestId, acceptedAt: step.accepted_at?.toISOString() ?? now },
      };
    case 'console':
      return { status: 'console', final: true, result: {} };
    case 'needs_human':
      return { status: 'needs_human', final: true, result: { problem: outcome.why.kind } };
    case 'retry':
      return { status: 'retrying', final: false, result: outcome.failure ? { problem: outcome.failure.kind } : {} };
  }
}

/**
 * Stores how a run ended: the step, the account's state, the record's entry, the thread's line, and the steps that
 * waited for this one, in one transaction that is valid only while the claim is.
 */
export async function recordOutcome(core: Core, run: Run, step: Step, outcome: StepOutcome): Promise<Outcome> {
  const line = await lineOf(core, step, outcome);
  const end = written(core, step, outcome);
  const state = stateOf(outcome);
  const newlyAccepted = accepted(outcome) && step.accepted_at === null;
  // Sent together: the statements leave in this order, in one packet, and a lost claim rolls them all back.
  await core.db.transaction((tx) =>
    Promise.all([
      end.final ? endWork(core, tx, run) : holdLease(tx, run.lease),
      updateStep(core, tx, step, { ...end, outcome }),
      state ? saveState(core, tx, step.account_row, state) : null,
      appendStepEvent(core, tx, run, { step, outcome, end }),
      line ? addThreadLine(core, tx, step, line) : null,
      end.final || failed(outcome) || accepted(outcome) ? releaseNext(core, tx, step, run.work.correlation_id) : null,
      left(outcome) === null ? null : requestWatch(core, tx, step, run.work.correlation_id),
      end.final || line || newlyAccepted ? touchIncident(core, tx, step.incident_id, run.work.correlation_id) : null,
    ]),
  );
  if (end.final) {
    const seconds = (core.runtime.now().getTime() - run.startedAt.getTime()) / 1000;
    core.meter.stepEnded({ system: step.system, action: step.action, outcome: end.status, seconds });
  }
  core.dispatch();
  return outcome.kind === 'retry' ? { againInMs: outcome.inMs } : 'already_finished';
}

/** The run's end, in the transaction of its result. @throws LeaseLostError when another worker took over */
async function endWork(core: Core, tx: Queryable, { lease }: Run): Promise<void> {
  if ((await finishWork(tx, lease, core.runtime.now())) === 'lost') throw new LeaseLostError(lease.id);
}

function stateOf(outcome: StepOutcome): AccountState | null {
  if (outcome.kind === 'restored') return outcome.state;
  return 'readBack' in outcome ? outcome.readBack.state : null;
}

/** The state that a proven change left; what can be restored can also be undone elsewhere, so it is watched. */
const left = (outcome: StepOutcome): Facts | null => ('left' in outcome ? outcome.left : null);

async function requestWatch(core: Core, tx: Queryable, step: Step, correlationId: string): Promise<void> {
  const [first] = core.policy.watchMinutes;
  if (first === undefined) return;
  await requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'watch_step',
    ref: step.id,
    correlationId,
    now: core.runtime.now(),
    delayMs: first * 60_000,
  });
}

/** Whether the system failed this time; the step is retried. */
const failed = (outcome: StepOutcome): boolean => outcome.kind === 'retry' && outcome.failure !== null;

/** The system accepted it; that it is not visible yet blocks nobody. */
const accepted = (outcome: StepOutcome): boolean => outcome.kind === 'retry' && outcome.acceptedNow;

async function updateStep(
  core: Core,
  tx: Queryable,
  step: Step,
  end: Written & { outcome: StepOutcome },
): Promise<void> {
  const now = core.runtime.now();
  const retry = end.outcome.kind === 'retry' ? end.outcome : null;
  const facts = left(end.outcome);
  await tx.query(
    `update steps set status = $3, result = $4, finished_at = $5,
       accepted_at = case when $6 then coalesce(accepted_at, $8) else accepted_at end,
       first_sent_at = case when $7 then null else first_sent_at end, begun = case when $7 then null else coalesce($13, begun) end,
       reads = reads + $9, attempts = attempts + $10, after_facts = coalesce($11, after_facts),
       sealed_password = case when $12 then null else sealed_password end
     where workspace_id = $1 and id = $2`,
    [
      core.workspaceId,
      step.id,
      end.status,
      JSON.stringify(end.result),
      end.final ? now : null,
      retry?.acceptedNow ?? ['verified', 'accepted', 'restored'].includes(end.outcome.kind),
      retry?.neverArrived ?? false,
      now,
      retry && retry.failure === null ? 1 : 0,
      retry?.uncounted ? 1 : 0,
      facts === null ? null : sealFacts(core, step.id, 'after', facts),
      // Nobody needs it any more: a retry makes another one.
      end.final,
      // What a person does by hand is never sent, and has begun.
      end.outcome.kind === 'console' ? begun(core, step) : null,
    ],
  );
}

async function appendStepEvent(
  core: Core,
  tx: Transaction,
  run: Run,
  { step, outcome, end }: { step: Step; outcome: StepOutcome; end: Written },
): Promise<void> {
  // Another look at an accepted change is no transition.
  if (outcome.kind === 'retry' && outcome.failure === null && !outcome.acceptedNow) return;
  if (outcome.kind === 'retry' && outcome.failure === null && step.accepted_at !== null) return;
  await appendAuditEvent(core, tx, step.incident_id, {
    actor: notme('worker'),
    action: `step.${end.status}`,
    origin: { surface: 'job', correlationId: run.work.correlation_id },
    detail: {
      step: step.id,
      round: step.round,
      system: step.system,
      action: step.action,
      attempt: step.attempts,
      observed: end.result.observed ?? null,
      already_done: 'alreadyDone' in outcome && outcome.alreadyDone,
      problem: end.result.problem ?? null,
      effective_by: end.result.effectiveBy ?? null,
      request_id: end.result.requestId ?? null,
    },
  });
}

async function addThreadLine(core: Core, tx: Queryable, step: Step, line: ThreadLine): Promise<void> {
  const key = `${line.key}_${step.id}_${step.round}`;
  if (line.button === null) await addLine({ core, tx }, step.incident_id, key, line.phrase);
  else
    await addPost({ core, tx }, step.incident_id, key, {
      kind: 'step_line',
      phrase: line.phrase,
      step: step.id,
      button: line.button,
    });
}

/**
 * The steps that waited for this one may start when nothing else blocks them: the steps they must follow were accepted
 * by the system or have ended, however they ended, and the steps they only yield to were at least tried. The rows are
 * locked before the check, so that two steps that end at once see each other.
 */
async function releaseNext(core: Core, tx: Queryable, step: Step, correlationId: string): Promise<void> {
  const waiting = await tx.query(
    `select id from steps where workspace_id = $1 and incident_id = $2 and status = 'waiting'
       and (after_steps ? $3 or after_tries ? $3) order by id for update`,
    [core.workspaceId, step.incident_id, step.id],
  );
  if (waiting.rows.length === 0) return;
  const { rows } = await tx.query<{ id: string }>(
    `update steps set status = 'queued' where workspace_id = $1 and incident_id = $2 and status = 'waiting'
       and (after_steps ? $3 or after_tries ? $3)
       and not exists (select 1 from steps other where other.workspace_id = $1 and other.incident_id = $2
         and other.finished_at is null and other.accepted_at is null
         and (steps.after_steps ? other.id or (steps.after_tries ? other.id and other.attempts = 0)))
     returning id`,
    [core.workspaceId, step.incident_id, step.id],
  );
  for (const { id } of rows) {
    await requestWork(tx, {
      workspaceId: core.workspaceId,
      name: 'run_step',
      ref: id,
      correlationId,
      now: core.runtime.now(),
    });
  }
}

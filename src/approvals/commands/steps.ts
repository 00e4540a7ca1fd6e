import { phrase, text, user } from '../../texts/phrase.js';
import { sealedPasswordFor } from '../../containment/command.js';
import { requestWork } from '../../outbox/outbox.js';
import type { Core, Origin } from '../../ports/core.js';
import { accountByRow } from '../../incidents/accounts.js';
import type { Person } from '../../incidents/people.js';
import { lockStep, type Step, stepById } from '../../incidents/steps.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { ok, type Result } from '../../platform/result.js';
import type { Transaction } from '../../ports/database.js';
import { isStale, renewed } from '../authentication.js';
import { type Changed, inIncident } from '../in-incident.js';
import { letsIn } from '../recovery.js';
import type { Right } from '../rights.js';
import { mayDecideOn } from '../whose.js';

export interface StepClick {
  readonly stepId: string;
  readonly actor: string;
  readonly origin: Origin;
}

const namesOf = (core: Core, step: Step) => ({
  system: core.connectors.get(step.system)?.title ?? step.system,
  action: text(`action.${step.action}`),
});

interface StepChange {
  /** Checked before the incident is locked: it may take a while. */
  readonly check?: (step: Step, person: Person) => Promise<Result<null, Problem>>;
  readonly change: (tx: Transaction, step: Step) => Promise<Result<Changed<null>, Problem>>;
}

/** Checks the clicker, then changes the step in one transaction with its incident locked. */
async function changeStep(
  core: Core,
  right: Right,
  { stepId, actor, origin }: StepClick,
  { check = () => Promise.resolve(ok(null)), change }: StepChange,
): Promise<Result<null, Problem>> {
  const known = await stepById(core.db, core.workspaceId, stepId);
  if (!known) return refuse('outdated', phrase('problem.old_card'));
  const attempt = { incidentId: known.incident_id, action: known.action, actor, origin };
  return inIncident(core, right, attempt, {
    before: ({ person }) => check(known, person),
    change: async (tx) => {
      const step = await lockStep(tx, core.workspaceId, known.id);
      return step ? change(tx, step) : refuse('outdated', phrase('problem.old_card'));
    },
  });
}

/**
 * What Retry does not restart, because it needs no code: steps that let somebody in, decisions so old that nobody
 * remembers the reason, and steps that this approver could not decide. These need a new decision, with a reason, a code
 * and the checklist.
 */
async function checkRetry(core: Core, click: StepClick, step: Step, target: Person): Promise<Result<null, Problem>> {
  const anew = refuse('decide_anew', phrase('problem.retry.anew'));
  if (step.status !== 'needs_human') return ok(null);
  const undo = step.undo_of !== null;
  if (isStale(core, step) || letsIn(step.action, undo ? 'undo' : 'do')) return anew;
  const account = await accountByRow(core.db, core.workspaceId, step.account_row);
  const accounts = account && (undo || !account.retired) ? [account] : [];
  return (await mayDecideOn(core, { actor: click.actor, target, accounts, undo })).ok ? ok(null) : anew;
}

/**
 * Retry under "needs a human": the same command with the same values, starting again at the first try. The password was
 * erased when the step ended, so a new one is made: what an earlier try set is read back first, or replaced.
 */
export async function retryStep(core: Core, click: StepClick): Promise<Result<null, Problem>> {
  const check = (step: Step, person: Person) => checkRetry(core, click, step, person);
  const change = async (tx: Transaction, step: Step): Promise<Result<Changed<null>, Problem>> => {
    if (step.status !== 'needs_human') return refuse('wrong_state', phrase('problem.retry'));
    const account = await accountByRow(tx, core.workspaceId, step.account_row);
    if (account?.retired && step.undo_of === null) return refuse('wrong_state', phrase('problem.retry.unlinked'));
    const now = core.runtime.now();
    const next = { round: step.round + 1, authenticated_at: now };
    const authentication = await renewed(core, tx, step, next);
    if (authentication === null) return refuse('decide_anew', phrase('problem.retry.unproven'));
    await tx.query(
      `update steps set status = 'queued', attempts = 0, reads = 0, accepted_at = null, finished_at = null, round = $4,
         sealed_password = $3, authentication = $5, authenticated_at = $6 where workspace_id = $1 and id = $2`,
      [core.workspaceId, step.id, sealedPasswordFor(core, step.action, step.id), next.round, authentication, now],
    );
    const { correlationId } = click.origin;
    await requestWork(tx, { workspaceId: core.workspaceId, name: 'run_step', ref: step.id, correlationId, now });
    const line = phrase('timeline.retried', { who: user(click.actor), ...namesOf(core, step) });
    return ok({
      value: null,
      trace: {
        record: { action: 'step.retry_requested', detail: detailOf(step) },
        lines: [{ key: `retried_${step.id}_${step.round}`, phrase: line }],
      },
    });
  };
  return changeStep(core, 'retryStep', click, { check, change });
}

/** "Done, tick off" under a manual step: a person says that they did it by hand. */
export async function completeManualStep(core: Core, click: StepClick): Promise<Result<null, Problem>> {
  const change = async (tx: Transaction, step: Step): Promise<Result<Changed<null>, Problem>> => {
    if (step.status !== 'console') return refuse('wrong_state', phrase('problem.tick'));
    await tx.query(`update steps set status = 'console_done', finished_at = $3 where workspace_id = $1 and id = $2`, [
      core.workspaceId,
      step.id,
      core.runtime.now(),
    ]);
    const line = phrase('timeline.console_done', { who: user(click.actor), ...namesOf(core, step) });
    return ok({
      value: null,
      trace: {
        record: { action: 'step.console_done', detail: detailOf(step) },
        lines: [{ key: `ticked_${step.id}_${step.round}`, phrase: line }],
      },
    });
  };
  return changeStep(core, 'completeManualStep', click, { change });
}

const detailOf = ({ id, system, action }: Step) => ({ step: id, system, action });

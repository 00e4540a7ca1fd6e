import { phrase, text, user } from '../../blocks/texts/phrase.js';
import { requestWork } from '../../jobs/outbox.js';
import type { Core, Origin } from '../core.js';
import { accountByRow } from '../incidents/accounts.js';
import { incidentById, lockOpenIncident } from '../incidents/incident.js';
import { personById } from '../incidents/people.js';
import { addLine, touchIncident } from '../incidents/posts.js';
import { recordDeed, slackPerson } from '../incidents/record.js';
import { lockStep, type Step, stepById } from '../incidents/steps.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Transaction } from '../store/database.js';
import { mayDecide } from './policy.js';
import { recordRefusal } from './refusals.js';

export interface StepClick {
  readonly stepId: string;
  readonly actor: string;
  readonly origin: Origin;
}

const namesOf = (core: Core, step: Step) => ({
  system: core.connectors.get(step.system)?.title ?? step.system,
  action: text(`action.${step.action}`),
});

/** Checks the clicker, then changes the step in one transaction with its incident locked. */
async function changeStep(
  core: Core,
  click: StepClick,
  change: (tx: Transaction, step: Step) => Promise<Result<null, Problem>>,
): Promise<Result<null, Problem>> {
  const known = await stepById(core.db, core.workspaceId, click.stepId);
  const incident = known && (await incidentById(core.db, core.workspaceId, known.incident_id));
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  if (!known || !person) return refuse(phrase('problem.old_card'));
  const allowed = await mayDecide(core, click.actor, person);
  const changed = allowed.ok
    ? await core.db.transaction((tx) => changeLocked(core, tx, click, { known, change }))
    : allowed;
  if (!changed.ok) {
    await recordRefusal(
      core,
      { incidentId: known.incident_id, action: known.action, actor: click.actor, origin: click.origin },
      changed.error,
    );
  }
  core.dispatch();
  return changed;
}

async function changeLocked(
  core: Core,
  tx: Transaction,
  click: StepClick,
  { known, change }: { known: Step; change: (tx: Transaction, step: Step) => Promise<Result<null, Problem>> },
): Promise<Result<null, Problem>> {
  const incident = await lockOpenIncident(core, tx, known.incident_id);
  if (!incident.ok) return incident;
  const step = await lockStep(tx, core.workspaceId, known.id);
  if (!step) return refuse(phrase('problem.old_card'));
  const done = await change(tx, step);
  if (done.ok) await touchIncident(core, tx, step.incident_id, click.origin.correlationId);
  return done;
}

/** Retry under "needs a human": the same command with the same values, once more from the first try. */
export async function retryStep(core: Core, click: StepClick): Promise<Result<null, Problem>> {
  return changeStep(core, click, async (tx, step) => {
    if (step.status !== 'needs_human') return refuse(phrase('problem.retry'));
    const account = await accountByRow(tx, core.workspaceId, step.account_row);
    if (account?.retired && step.undo_of === null) return refuse(phrase('problem.retry.unlinked'));
    await tx.query(
      `update steps set status = 'queued', attempts = 0, reads = 0, accepted_at = null, finished_at = null, round = round + 1
       where workspace_id = $1 and id = $2`,
      [core.workspaceId, step.id],
    );
    await recordDeed(core, tx, step.incident_id, {
      actor: slackPerson(click.actor),
      action: 'step.retry_requested',
      origin: click.origin,
      detail: { step: step.id, system: step.system, action: step.action },
    });
    const line = phrase('timeline.retried', { who: user(click.actor), ...namesOf(core, step) });
    await addLine({ core, tx }, step.incident_id, `retried_${step.id}_${step.round}`, line);
    const now = core.runtime.now();
    const { correlationId } = click.origin;
    await requestWork(tx, { workspaceId: core.workspaceId, name: 'run_step', ref: step.id, correlationId, now });
    return ok(null);
  });
}

/** "Done, tick off" under a console step: a person says that it was done by hand. */
export async function tickStep(core: Core, click: StepClick): Promise<Result<null, Problem>> {
  return changeStep(core, click, async (tx, step) => {
    if (step.status !== 'console') return refuse(phrase('problem.tick'));
    await tx.query(
      `update steps set status = 'console_done', owner = $3, finished_at = $4 where workspace_id = $1 and id = $2`,
      [core.workspaceId, step.id, click.actor, core.runtime.now()],
    );
    await recordDeed(core, tx, step.incident_id, {
      actor: slackPerson(click.actor),
      action: 'step.console_done',
      origin: click.origin,
      detail: { step: step.id, system: step.system, action: step.action },
    });
    const line = phrase('timeline.console_done', { who: user(click.actor), ...namesOf(core, step) });
    await addLine({ core, tx }, step.incident_id, `ticked_${step.id}_${step.round}`, line);
    return ok(null);
  });
}

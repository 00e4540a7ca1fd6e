import { clockTime, phrase, type PhraseValue, text, user } from '../../src/texts/phrase.js';
import { afterFailure } from '../../src/ports/retry.js';
import type { ReadBack } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { accountByRow, saveState } from '../../src/incidents/accounts.js';
import { type Incident, incidentById } from '../../src/incidents/incident.js';
import { addLine, touchIncident } from '../../src/incidents/posts.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import { type Step, stepById } from '../../src/incidents/steps.js';
import type { Transaction } from '../../src/ports/database.js';
import { backoffMs } from '../backoff.js';
import { commandOf } from '../../src/containment/command.js';
import { callOf, type Outcome, type Run } from '../worker.js';

const MINUTE_MS = 60_000;
/** A system that does not answer is retried this often; then the look is skipped. */
const MOST_TRIES = 6;

/**
 * Reads a proven change again some time after it was made, and reports in the thread when it was undone elsewhere: by a
 * synchronisation, by somebody in a console, by the attacker.
 */
export async function watchStep(core: Core, run: Run): Promise<Outcome> {
  const step = await stepById(core.db, core.workspaceId, run.work.ref);
  const incident = step && (await incidentById(core.db, core.workspaceId, step.incident_id));
  if (!step || !incident || (await isSuperseded(core, step))) return 'completed';
  const account = await accountByRow(core.db, core.workspaceId, step.account_row);
  const connector = core.connectors.get(step.system);
  const command = commandOf(core, step);
  if (!connector || !command || !account || account.accountId === null || account.login === null) return 'completed';
  const ref = { system: step.system, accountId: account.accountId, login: account.login };
  const call = callOf(run);
  const read = await connector.readBack(command, ref, step.first_sent_at ?? core.runtime.now(), call);
  if (!read.ok) {
    if (afterFailure(read.error) === 'needs_human' || run.work.attempt - step.watched >= MOST_TRIES)
      return leaveOut(core, run, step);
    return { againInMs: backoffMs(run.work.attempt, core.runtime) };
  }
  await run.commit(async (tx) => {
    await tx.query('update steps set watched = watched + 1, watch_verdict = $3 where workspace_id = $1 and id = $2', [
      core.workspaceId,
      step.id,
      read.value.verdict,
    ]);
    await saveState(core, tx, step.account_row, read.value.state);
    if (read.value.verdict === 'does_not_hold')
      await tellUndone(core, tx, run, { step, incident, readBack: read.value });
  });
  core.dispatch();
  return read.value.verdict === 'does_not_hold' ? 'completed' : nextLook(core, { ...step, watched: step.watched + 1 });
}

/** A later decision on the same account now applies: an undo, another try, or the account let in again. */
async function isSuperseded(core: Core, step: Step): Promise<boolean> {
  const { rows } = await core.db.query(
    `select 1 as later from steps mine join steps later on later.workspace_id = mine.workspace_id
       and later.account_row = mine.account_row and later.created_at > mine.created_at
     where mine.workspace_id = $1 and mine.id = $2
       and (later.undo_of = mine.id or later.action = mine.action
         or (mine.action = 'disable_account' and later.action = 'enable_account')
         or (mine.action = 'enable_account' and later.action = 'disable_account')) limit 1`,
    [core.workspaceId, step.id],
  );
  return rows.length > 0;
}

/**
 * This look is impossible (a suspended mailbox is not shown, say): it counts as done, or it would be due again at once.
 */
async function leaveOut(core: Core, run: Run, step: Step): Promise<Outcome> {
  await run.commit(async (tx) => {
    await tx.query(
      `update steps set watched = watched + 1, watch_verdict = 'cannot_tell' where workspace_id = $1 and id = $2`,
      [core.workspaceId, step.id],
    );
  });
  return nextLook(core, { ...step, watched: step.watched + 1 });
}

function nextLook(core: Core, step: Step): Outcome {
  const next = core.policy.watchMinutes[step.watched];
  if (next === undefined || step.finished_at === null) return 'completed';
  const due = step.finished_at.getTime() + next * MINUTE_MS;
  return { againInMs: Math.max(1000, due - core.runtime.now().getTime()) };
}

async function tellUndone(
  core: Core,
  tx: Transaction,
  run: Run,
  { step, incident, readBack }: { step: Step; incident: Incident; readBack: ReadBack },
): Promise<void> {
  const now = core.runtime.now();
  await appendAuditEvent(core, tx, incident.id, {
    actor: notme('watch'),
    action: 'step.undone_elsewhere',
    origin: { surface: 'job', correlationId: run.work.correlation_id },
    detail: { step: step.id, system: step.system, action: step.action, observed: readBack.observed },
  });
  if (incident.status === 'closed') await reopen(core, tx, run, incident);
  const owner: PhraseValue = incident.owner === null ? text('owner.nobody') : user(incident.owner);
  const line = phrase('timeline.undone_elsewhere', {
    system: core.connectors.get(step.system)?.title ?? step.system,
    action: text(`action.${step.action}`),
    when: clockTime(now),
    observed: readBack.observed,
    owner,
  });
  await addLine({ core, tx }, incident.id, `undone_${step.id}_${step.watched}`, line);
  await touchIncident(core, tx, incident.id, run.work.correlation_id);
}

/** Reopens the incident, unless another one about the same person is already open. */
async function reopen(core: Core, tx: Transaction, run: Run, incident: Incident): Promise<void> {
  const { rowCount } = await tx.query(
    `update incidents set status = 'open', outcome = null, closed_at = null where workspace_id = $1 and id = $2
       and not exists (select 1 from incidents other where other.workspace_id = $1 and other.person_id = $3 and other.status = 'open')`,
    [core.workspaceId, incident.id, incident.person_id],
  );
  if (rowCount === 0) return;
  await appendAuditEvent(core, tx, incident.id, {
    actor: notme('watch'),
    action: 'incident.reopened',
    origin: { surface: 'job', correlationId: run.work.correlation_id },
    detail: { outcome_before: incident.outcome },
  });
  await addLine({ core, tx }, incident.id, `reopened_${run.work.id}_${run.work.wanted}`, phrase('timeline.reopened'));
}

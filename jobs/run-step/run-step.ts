import { begun, hasEnded, isAuthentic, isStale } from '../../src/approvals/authentication.js';
import { mayHold } from '../../src/approvals/hold.js';
import { SELF_HOLD } from '../../src/incidents/step-standing.js';
import { mayDecide, mayTouch } from '../../src/approvals/policy.js';
import type { Facts } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { accountByRow, type LinkedAccount } from '../../src/incidents/accounts.js';
import { openFacts, sealFacts } from '../../src/incidents/facts.js';
import { type Person, personOfIncident } from '../../src/incidents/people.js';
import { type Decision, decisionById, type Step, stepById } from '../../src/incidents/steps.js';
import { LeaseLostError } from '../../src/outbox/outbox.js';
import { callOf, type Outcome, type Run } from '../worker.js';
import { attemptStep, needsHuman, type Try } from './attempt.js';
import { commandOf } from '../../src/containment/command.js';
import type { HumanReason, StepOutcome } from '../../src/containment/outcome.js';
import { stoppedBy } from './stopped.js';
import { UNTOLD, unseconded } from './unseconded.js';
import { recordOutcome } from './record-outcome.js';
import { attemptUndo, type Saved } from './undo.js';

const SLACK_RETRY_MS = 5000;

/** Runs one step of an approved decision: checks once more, acts, reads back, stores what is true. */
export async function runStep(core: Core, run: Run): Promise<Outcome> {
  const step = await stepById(core.db, core.workspaceId, run.work.ref);
  if (!step || step.finished_at !== null || step.status === 'waiting') return 'completed';
  const [account, decision, person] = await Promise.all([
    accountByRow(core.db, core.workspaceId, step.account_row),
    decisionById(core.db, core.workspaceId, step.decision_id),
    personOfIncident(core.db, core.workspaceId, step.incident_id),
  ]);
  const refusal =
    unproven(core, { step, account, decision }) ??
    (await putBack(core, step)) ??
    (isStale(core, step) ? ({ kind: 'stale' } as const) : null) ??
    (await refusalOf(core, { account, decision, person })) ??
    (await unseconded(core, { step, decision, person }));
  if (refusal === 'ask_later') return { againInMs: SLACK_RETRY_MS };
  const outcome = refusal
    ? ({ kind: 'needs_human', why: refusal } as const)
    : await tryStep(core, run, step, { account, decision, person });
  const next = await recordOutcome(core, run, step, outcome);
  core.runtime.observe('connector.recorded', step.id);
  return next;
}

/** Others than Notme can write rows: only what was decided in Slack, under the key, reaches an identity system. */
function unproven(
  core: Core,
  { step, account, decision }: { step: Step; account: LinkedAccount | null; decision: Decision | null },
): HumanReason | null {
  if (decision && account && isAuthentic(core, step.authentication, { decision, step, account })) return null;
  core.log.error(
    { step: step.id, decision: step.decision_id, incident: step.incident_id, system: step.system, action: step.action },
    'a step does not carry the proof of a decision: nothing was sent. Find out who wrote it to the database',
  );
  return decision ? { kind: 'not_authentic', decidedBy: decision.decided_by } : { kind: 'approver' };
}

/** The row of an ended run is still authentic: only the record shows that it ended. */
async function putBack(core: Core, step: Step): Promise<HumanReason | null> {
  if (!(await hasEnded(core, core.db, step))) return null;
  core.log.error(
    { step: step.id, decision: step.decision_id, incident: step.incident_id, system: step.system, action: step.action },
    'a step that had ended was set to run again: nothing was sent. Find out who wrote it to the database',
  );
  return { kind: 'put_back' };
}

interface About {
  readonly account: LinkedAccount | null;
  readonly decision: Decision | null;
  readonly person: Person | null;
}

/** The approver is checked again when the step runs: rights may have been lost since the click. */
async function refusalOf(core: Core, { account, decision, person }: About): Promise<HumanReason | 'ask_later' | null> {
  if (!decision || !person) return { kind: 'approver' };
  const { decided_by: actor, decided_at: at } = decision;
  const allowed =
    decision.action === SELF_HOLD ? await mayHold(core, actor, person) : await mayDecide(core, actor, person, at);
  if (!allowed.ok) return UNTOLD.has(allowed.error.code) ? 'ask_later' : { kind: 'approver' };
  return mayTouch(core, person, account ? [account] : []).ok ? null : { kind: 'approver' };
}

async function tryStep(core: Core, run: Run, step: Step, about: About): Promise<StepOutcome> {
  const { account } = about;
  const connector = core.connectors.get(step.system);
  if (!connector || !account || account.accountId === null || account.login === null) {
    return needsHuman({ kind: 'not_found', message: 'the account is no longer linked' });
  }
  const command = commandOf(core, step);
  if (command === null)
    return needsHuman({
      kind: 'invalid_input',
      message: 'the sealed password does not open (was NOTME_SECRET_KEY changed?); Retry makes another one',
    });
  const attempt: Try = {
    core,
    step,
    account,
    ref: { system: step.system, accountId: account.accountId, login: account.login },
    connector,
    command,
    call: callOf(run),
    stopped: stoppedBy(core, step, { ...about, account }, run),
    markSent: (before) => markSent(core, run, step, before),
  };
  if (step.undo_of === null) return attemptStep(attempt);
  const saved = await savedOf(core, step.undo_of);
  return saved
    ? attemptUndo(attempt, saved)
    : needsHuman({ kind: 'unsupported', message: 'what was there before was not kept, so nothing can be put back.' });
}

/** What the undone step found and left. */
async function savedOf(core: Core, undone: string): Promise<Saved | null> {
  const step = await stepById(core.db, core.workspaceId, undone);
  const before = step && openFacts(core, step.id, 'before', step.before_facts);
  const left = step && openFacts(core, step.id, 'after', step.after_facts);
  return before && left ? { before, left } : null;
}

/** The claim, the values that an undo would restore (once) and the mark that the command is being sent, in one step. */
async function markSent(core: Core, run: Run, step: Step, before: Facts | null): Promise<void> {
  const { rowCount } = await core.db.query(
    `with held as (select 1 from work where workspace_id = $1 and id = $4 and lease_token = $5 for update)
     update steps set status = 'running', attempts = attempts + 1, first_sent_at = coalesce(first_sent_at, $3),
       before_facts = coalesce(before_facts, $6), begun = $7
     where workspace_id = $1 and id = $2 and exists (select 1 from held)`,
    [
      core.workspaceId,
      step.id,
      core.runtime.now(),
      run.lease.id,
      run.lease.token,
      before === null ? null : sealFacts(core, step.id, 'before', before),
      begun(core, step),
    ],
  );
  if (rowCount === 0) throw new LeaseLostError(run.lease.id);
}

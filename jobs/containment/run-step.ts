import { mayDecide, mayTouch } from '../../src/approvals/policy.js';
import type { Core } from '../../src/core.js';
import { accountByRow, type LinkedAccount } from '../../src/incidents/accounts.js';
import { hasEvidence } from '../../src/incidents/evidence.js';
import { openFacts, sealFacts } from '../../src/incidents/facts.js';
import { type Person, personOfIncident } from '../../src/incidents/people.js';
import { type Decision, decisionById, type Step, stepById } from '../../src/incidents/steps.js';
import { LeaseLostError } from '../outbox.js';
import type { Outcome, Run } from '../worker.js';
import { attemptStep, type Before, needsHuman, type Try } from './attempt.js';
import { commandOf } from './command.js';
import type { HumanReason, StepOutcome } from './outcome.js';
import { keepEvidence } from './keep-evidence.js';
import { settle } from './settle.js';
import { attemptUndo, type Saved } from './undo.js';

const SLACK_RETRY_MS = 5000;

/** Runs one step of an approved decision: checks once more, acts, reads back, writes down what is true. */
export async function runStep(core: Core, run: Run): Promise<Outcome> {
  const step = await stepById(core.db, core.workspaceId, run.work.ref);
  if (!step || step.finished_at !== null || step.status === 'waiting') return 'done';
  const [account, decision, person, kept] = await Promise.all([
    accountByRow(core.db, core.workspaceId, step.account_row),
    decisionById(core.db, core.workspaceId, step.decision_id),
    personOfIncident(core.db, core.workspaceId, step.incident_id),
    hasEvidence(core, step.incident_id, step.account_row),
  ]);
  const refusal = await refusalOf(core, { account, decision, person });
  if (refusal === 'ask_later') return { againInMs: SLACK_RETRY_MS };
  const outcome = refusal
    ? ({ kind: 'needs_human', why: refusal } as const)
    : await tryStep(core, run, step, { account, kept });
  const next = await settle(core, run, step, outcome);
  core.runtime.observe('connector.recorded', step.id);
  return next;
}

/** The approver is checked again when the step runs: rights may have gone since the click. */
async function refusalOf(
  core: Core,
  { account, decision, person }: { account: LinkedAccount | null; decision: Decision | null; person: Person | null },
): Promise<HumanReason | 'ask_later' | null> {
  if (!decision || !person) return { kind: 'approver' };
  const allowed = await mayDecide(core, decision.decided_by, person);
  if (!allowed.ok) return allowed.error.phrase.key === 'problem.approvers_unknown' ? 'ask_later' : { kind: 'approver' };
  return mayTouch(core, person, account ? [account] : []).ok ? null : { kind: 'approver' };
}

async function tryStep(
  core: Core,
  run: Run,
  step: Step,
  { account, kept }: { account: LinkedAccount | null; kept: boolean },
): Promise<StepOutcome> {
  const connector = core.connectors.get(step.system);
  if (!connector || !account || account.accountId === null || account.login === null) {
    return needsHuman({ kind: 'not_found', message: 'the account is no longer linked' });
  }
  // What was decided about the wrong account is not begun there any more; what was sent is read back, and an undo undoes it.
  if (account.retired && step.undo_of === null && step.first_sent_at === null)
    return needsHuman({
      kind: 'not_found',
      message: `${account.login} is no longer linked; decide it again for the account that is`,
    });
  const command = commandOf(core, step);
  if (command === null)
    return needsHuman({
      kind: 'invalid_input',
      message: 'the sealed password does not open; was NOTME_SECRET_KEY changed?',
    });
  const attempt: Try = {
    core,
    step,
    account,
    ref: { system: step.system, accountId: account.accountId, login: account.login },
    connector,
    command,
    call: { signal: run.signal, correlationId: run.work.correlation_id },
    markSent: (before) => markSent(core, run, step, before),
  };
  if (step.first_sent_at === null && !kept) await keepEvidence(core, step.incident_id, account, attempt.call);
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

/** The claim, the state before the change (once: it is the undo) and the mark that the command is being sent, at one stroke. */
async function markSent(core: Core, run: Run, step: Step, before: Before | null): Promise<void> {
  const { rowCount } = await core.db.query(
    `with held as (select 1 from work where workspace_id = $1 and id = $4 and lease_token = $5 for update)
     update steps set status = 'running', attempts = attempts + 1, first_sent_at = coalesce(first_sent_at, $3),
       prior_state = coalesce(prior_state, $6), before_facts = coalesce(before_facts, $7)
     where workspace_id = $1 and id = $2 and exists (select 1 from held)`,
    [
      core.workspaceId,
      step.id,
      core.runtime.now(),
      run.lease.id,
      run.lease.token,
      before === null ? null : JSON.stringify(before.state),
      before?.facts ? sealFacts(core, step.id, 'before', before.facts) : null,
    ],
  );
  if (rowCount === 0) throw new LeaseLostError(run.lease.id);
}

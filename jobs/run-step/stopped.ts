import { hasBegun } from '../../src/approvals/authentication.js';
import type { Core } from '../../src/ports/core.js';
import type { LinkedAccount } from '../../src/incidents/accounts.js';
import type { Person } from '../../src/incidents/people.js';
import type { Decision, Step } from '../../src/incidents/steps.js';
import { callOf, type Run } from '../worker.js';
import { needsHuman } from './attempt.js';
import { preserveEvidence } from '../../src/evidence/preserve-evidence.js';
import type { StepOutcome } from '../../src/containment/outcome.js';
import { barredAccount } from './whose-account.js';

interface About {
  readonly account: LinkedAccount;
  readonly decision: Decision | null;
  readonly person: Person | null;
}

/**
 * What forbids sending a step, checked once in a run and before its first call; when nothing does, the account's
 * evidence is stored. It is checked whether or not a row says that the step was sent before: anybody who can write rows
 * can say that.
 */
export function stoppedBy(core: Core, step: Step, about: About, run: Run): () => Promise<StepOutcome | null> {
  let asked: Promise<StepOutcome | null> | null = null;
  return () => (asked ??= ask(core, step, about, run));
}

async function ask(core: Core, step: Step, about: About, run: Run): Promise<StepOutcome | null> {
  const call = callOf(run);
  const stopped =
    (await closedMeanwhile(core, step)) ??
    unlinked(step, about.account) ??
    (await barredAccount(core, step, about, call));
  if (!stopped) await preserveEvidence(core, step.incident_id, about.account, { call, commit: run.commit });
  return stopped;
}

/**
 * A plan that has begun runs to its end: half of it would leave the account as nobody decided. A new one does not
 * begin.
 */
async function closedMeanwhile(core: Core, step: Step): Promise<StepOutcome | null> {
  const { rows } = await core.db.query(
    `select 1 as closed from incidents where workspace_id = $1 and id = $2 and status = 'closed'`,
    [core.workspaceId, step.incident_id],
  );
  if (rows.length === 0 || (await hasBegun(core, core.db, step.decision_id))) return null;
  return { kind: 'needs_human', why: { kind: 'closed' } };
}

/** Nothing more is sent for a decision about the wrong account; what was sent is read back, and an undo reverts it. */
function unlinked(step: Step, account: LinkedAccount): StepOutcome | null {
  if (!account.retired || step.undo_of !== null) return null;
  const message = `${account.login ?? ''} is no longer linked; decide it again for the account that is`;
  return needsHuman({ kind: 'not_found', message });
}

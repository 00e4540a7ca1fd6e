import { accountsOfIncident } from '../incidents/accounts.js';
import { switchedOff } from '../incidents/proven-state.js';
import { remainingIn } from '../incidents/remaining.js';
import type { Remaining } from '../incidents/step-standing.js';
import { allDecisionsOf, type Decision, stepsOf } from '../incidents/steps.js';
import { type WaitingDecision, waitingDecisionsOf } from '../incidents/waiting-decisions.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { reviewOf } from './reviews.js';

/** Everything that closing would leave behind. */
export interface StillOpen {
  readonly remaining: Remaining;
  /** The systems in which the person cannot sign in. */
  readonly off: readonly string[];
  /** Signed by one approver; it is not done. */
  readonly waiting: readonly WaitingDecision[];
  /** Run by break-glass, and reviewed by nobody. */
  readonly unreviewed: readonly Decision[];
}

export async function stillOpenIn(core: Core, tx: Queryable, incidentId: string): Promise<StillOpen> {
  const [remaining, steps, accounts, waiting, decisions] = await Promise.all([
    remainingIn(core, tx, incidentId),
    stepsOf(tx, core.workspaceId, incidentId),
    accountsOfIncident(tx, core.workspaceId, incidentId),
    waitingDecisionsOf(tx, core.workspaceId, incidentId),
    allDecisionsOf(tx, core.workspaceId, incidentId),
  ]);
  const now = core.runtime.now();
  return {
    remaining,
    off: switchedOff(accounts, steps).map(({ system }) => system),
    waiting: waiting.filter(({ status, expires_at: end }) => status === 'waiting' && end > now),
    unreviewed: decisions.filter((one) => one.break_glass !== null && reviewOf(core, one) === null),
  };
}

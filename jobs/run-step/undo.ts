import type { ConnectorFailure, Facts } from '../../src/ports/connector.js';
import { type Difference, differences, isBetween } from '../../src/incidents/facts.js';
import { backoffMs } from '../backoff.js';
import {
  afterReadFailure,
  afterSendFailure,
  beforeSending,
  captureFacts,
  needsHuman,
  retryIn,
  type Try,
} from './attempt.js';
import type { StepOutcome } from '../../src/containment/outcome.js';

/** What the undone step found and left. */
export interface Saved {
  readonly before: Facts;
  readonly left: Facts;
}

/** No values are equal to any others: they would count as put back. */
const NOTHING_KEPT: ConnectorFailure = {
  kind: 'unsupported',
  message: 'nothing was kept that could be put back: there was nothing, or it could not be read.',
};

/** What is not read is nobody's change: a system that is busy for a moment would make a culprit of everybody. */
const NOTHING_SHOWN: ConnectorFailure = {
  kind: 'transient',
  message: 'the system shows nothing now of what was kept: it cannot be read, or was removed; nothing is overwritten.',
};

/** A step that took everything leaves nothing: then that is what is there. */
const showsNothing = (now: Facts, { left }: Saved): boolean =>
  Object.keys(now).length === 0 && Object.keys(left).length > 0;

/** How often the restored values are read again before they are reported as not visible. */
const MAX_READS = 5;

/**
 * One try of an undo. The present is compared first: as the step left it, it is restored; as it was before the step,
 * nothing is left to do; anything else is somebody else's change and is shown instead of overwritten. The same
 * comparison answers after a lost reply.
 */
export async function attemptUndo(attempt: Try, saved: Saved): Promise<StepOutcome> {
  const never = attempt.step.first_sent_at === null;
  const stopped = never ? await attempt.stopped() : null;
  if (stopped) return stopped;
  if (Object.keys(saved.before).length === 0) return needsHuman(NOTHING_KEPT);
  const now = await captureFacts(attempt);
  if (!now.ok) {
    return never ? beforeSending(attempt, now.error) : afterReadFailure(attempt, now.error);
  }
  if (now.value === null) return needsHuman({ kind: 'unsupported', message: 'this step cannot be undone.' });
  if (showsNothing(now.value, saved))
    return never ? beforeSending(attempt, NOTHING_SHOWN) : afterReadFailure(attempt, NOTHING_SHOWN);
  if (differences(saved.before, now.value).length === 0) return restored(attempt, saved.before, null);
  const foreign = othersChange(saved, now.value, never);
  if (foreign !== null) return foreign;
  if (attempt.step.accepted_at !== null && attempt.step.reads < MAX_READS)
    return retryIn(1000 * 2 ** attempt.step.reads, null);
  return putBack(attempt, saved);
}

/** What is neither as the step left it nor, once the undo was sent, on its way back: that part is our own doing. */
function othersChange(saved: Saved, now: Facts, never: boolean): StepOutcome | null {
  const changed = differences(saved.left, now);
  if (changed.length === 0) return null;
  if (never) return changedBy(changed);
  return isBetween(saved.left, saved.before, now) ? null : notRestored(saved, now);
}

/** The system may protect an account that it did not when the step ran: that is left to a person, like a step. */
async function protectedMeanwhile(attempt: Try): Promise<StepOutcome | null> {
  const failed = attempt.step.first_sent_at === null ? beforeSending : afterReadFailure;
  const state = await attempt.connector.readState(attempt.ref, attempt.call);
  if (!state.ok) return failed(attempt, state.error);
  const { protectedBecause } = state.value;
  return protectedBecause === null ? null : needsHuman({ kind: 'protected_account', message: protectedBecause });
}

async function putBack(attempt: Try, saved: Saved): Promise<StepOutcome> {
  const { core, connector, command, ref, call, step } = attempt;
  const stopped = (await attempt.stopped()) ?? (await protectedMeanwhile(attempt));
  if (stopped) return stopped;
  await attempt.markSent(null);
  core.runtime.observe('connector.before_call', step.id);
  const answer = await connector.restore(command, ref, saved.before, call);
  core.runtime.observe('connector.after_call', step.id);
  if (!answer.ok) return afterSendFailure(attempt, answer.error);
  const now = await captureFacts(attempt);
  if (!now.ok) return retryIn(backoffMs(1, core.runtime), now.error, { acceptedNow: true });
  if (now.value !== null && differences(saved.before, now.value).length === 0)
    return restored(attempt, saved.before, answer.value.requestId);
  if (now.value !== null && showsNothing(now.value, saved))
    return retryIn(backoffMs(1, core.runtime), NOTHING_SHOWN, { acceptedNow: true });
  if (step.reads < MAX_READS) return retryIn(1000 * 2 ** step.reads, null, { acceptedNow: true });
  return notRestored(saved, now.value ?? {});
}

const changedBy = (found: readonly Difference[]): StepOutcome => ({
  kind: 'needs_human',
  why: { kind: 'changed', differences: found },
});

/** Also when the answer was lost: that nothing was overwritten can be said only of what was never sent. */
const notRestored = (saved: Saved, now: Facts): StepOutcome => ({
  kind: 'needs_human',
  why: { kind: 'not_restored', differences: differences(saved.before, now) },
});

async function restored(attempt: Try, facts: Facts, requestId: string | null): Promise<StepOutcome> {
  const state = await attempt.connector.readState(attempt.ref, attempt.call);
  return state.ok ? { kind: 'restored', facts, state: state.value, requestId } : afterReadFailure(attempt, state.error);
}

import { afterFailure } from '../../src/ports/retry.js';
import type {
  AccountRef,
  CallContext,
  Command,
  Connector,
  ConnectorFailure,
  Facts,
  ReadBack,
  Receipt,
} from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import type { LinkedAccount } from '../../src/incidents/accounts.js';
import type { Step } from '../../src/incidents/steps.js';
import { err, ok, type Result } from '../../src/platform/result.js';
import { backoffMs } from '../backoff.js';
import type { StepOutcome } from '../../src/containment/outcome.js';

/** After this many tries a human decides. */
const MAX_ATTEMPTS = 8;
/** A system that says when to come back is not broken: steps that share its capacity may have to wait often. */
const MAX_WAITS = 40;
/** How often an accepted change is read again before it is left unproven. */
const MAX_READS = 5;

const mostTries = ({ kind }: ConnectorFailure): number => (kind === 'throttled' ? MAX_WAITS : MAX_ATTEMPTS);

/** Everything that one try works with. */
export interface Try {
  readonly core: Core;
  readonly step: Step;
  readonly account: LinkedAccount;
  readonly ref: AccountRef;
  readonly connector: Connector;
  readonly command: Command;
  readonly call: CallContext;
  /** What forbids sending it; `null`: nothing. Checked before each call that changes something, also a repeated one. */
  stopped(): Promise<StepOutcome | null>;
  /** Stores, before the call, that the command is being sent; the earlier values are kept from the first time. */
  markSent(before: Facts | null): Promise<void>;
}

type Flags = Partial<Pick<Extract<StepOutcome, { kind: 'retry' }>, 'neverArrived' | 'acceptedNow' | 'uncounted'>>;

export const retryIn = (inMs: number, failure: ConnectorFailure | null, flags: Flags = {}): StepOutcome => ({
  kind: 'retry',
  failure,
  inMs,
  neverArrived: flags.neverArrived ?? false,
  acceptedNow: flags.acceptedNow ?? false,
  uncounted: flags.uncounted ?? false,
});

export const needsHuman = (failure: ConnectorFailure): StepOutcome => ({
  kind: 'needs_human',
  why: { kind: 'failure', failure },
});

/**
 * One try of a step. A call that was sent before and never answered is read back first; only what is proven not to have
 * happened is sent (again), always with the same values.
 */
export async function attemptStep(attempt: Try): Promise<StepOutcome> {
  const { connector, step, command, ref } = attempt;
  const { route } = connector.capabilities[step.action];
  if (route === 'console' || route === 'effect_of_reset') {
    return (await attempt.stopped()) ?? { kind: 'console', steps: connector.consoleSteps(command, ref) };
  }
  // The mark "sent" only causes a read-back first: anybody who can write rows can set it too.
  if (step.first_sent_at === null) return send(attempt);
  const read = await connector.readBack(command, ref, step.first_sent_at, attempt.call);
  if (!read.ok) return afterReadFailure(attempt, read.error);
  if (isThere(read.value)) return proven(attempt, read.value, { requestId: null, alreadyDone: false });
  return undecided(attempt, read.value);
}

/**
 * Reads what an undo would restore. A protected account is left to a person before anything is tried. `null` when it
 * cannot be undone, or may have been changed by an earlier try: those are not the earlier values.
 */
async function readPrior(attempt: Try): Promise<Result<Facts | null, StepOutcome>> {
  const first = attempt.step.first_sent_at === null;
  const failed = first ? beforeSending : afterReadFailure;
  const [state, facts] = await Promise.all([
    attempt.connector.readState(attempt.ref, attempt.call),
    first ? captureFacts(attempt) : ok(null),
  ]);
  if (!state.ok) return err(failed(attempt, state.error));
  const { protectedBecause } = state.value;
  if (protectedBecause !== null) return err(needsHuman({ kind: 'protected_account', message: protectedBecause }));
  return facts.ok ? facts : err(failed(attempt, facts.error));
}

/** The current values that the command changes; `null` when it cannot be undone. */
export async function captureFacts(attempt: Try): Promise<Result<Facts | null, ConnectorFailure>> {
  const { connector, command, ref, call } = attempt;
  return connector.capabilities[command.kind].undo === null ? ok(null) : connector.capture(command, ref, call);
}

/** Nothing was sent yet: it is retried, or left to a person. */
export function beforeSending(attempt: Pick<Try, 'core' | 'step'>, failure: ConnectorFailure): StepOutcome {
  if (afterFailure(failure) === 'needs_human' || attempt.step.attempts + 1 >= mostTries(failure))
    return needsHuman(failure);
  return retryIn(waitFor(attempt, failure), failure, { uncounted: true });
}

/** The read-back after an interruption does not show the change. */
function undecided(attempt: Try, read: ReadBack): Promise<StepOutcome> | StepOutcome {
  const { step } = attempt;
  if (step.accepted_at !== null) return unproven(attempt, read, null);
  if (read.verdict === 'does_not_hold') return send(attempt);
  return step.reads < MAX_READS - 2 ? retryIn(1000 * 2 ** step.reads, null) : send(attempt);
}

async function send(attempt: Try): Promise<StepOutcome> {
  const { core, step, connector, command, ref, call } = attempt;
  const stopped = await attempt.stopped();
  if (stopped) return stopped;
  const before = await readPrior(attempt);
  if (!before.ok) return before.error;
  await attempt.markSent(before.value);
  const since = step.first_sent_at ?? core.runtime.now();
  core.runtime.observe('connector.before_call', step.id);
  const answer = await connector.perform(command, ref, call);
  core.runtime.observe('connector.after_call', step.id);
  if (!answer.ok) return afterSendFailure(attempt, answer.error);
  const read = await connector.readBack(command, ref, since, call);
  if (!read.ok) return retryIn(backoffMs(1, core.runtime), read.error, { acceptedNow: true });
  // After an earlier try whose answer was lost, "already done" may be our own doing.
  const alreadyDone = answer.value.alreadyDone && step.first_sent_at === null;
  if (isThere(read.value)) return proven(attempt, read.value, { ...answer.value, alreadyDone });
  return unproven(attempt, read.value, answer.value.requestId);
}

/** What was sent was read: there is nothing to send or to read again. */
const isThere = ({ verdict, inPlace }: ReadBack): boolean => verdict === 'holds' || inPlace === true;

/**
 * Read back and true; a slow route is reported with the time by which it takes full effect. What is only in place, and
 * whose effect is not shown, is no more than accepted.
 */
async function proven(attempt: Try, readBack: ReadBack, receipt: Receipt): Promise<StepOutcome> {
  const captured = await captureFacts(attempt);
  if (!captured.ok)
    attempt.core.log.warn(
      { step: attempt.step.id, why: captured.error.message },
      'what the change left could not be read; its undo is not offered',
    );
  const left = captured.ok ? captured.value : null;
  if (readBack.verdict !== 'holds')
    return { kind: 'accepted', readBack, ...receipt, effectiveBy: null, proven: false, left };
  const seconds = attempt.connector.capabilities[attempt.step.action].effectiveWithinSeconds;
  if (seconds === 0) return { kind: 'verified', readBack, ...receipt, left };
  const effectiveBy = new Date(attempt.core.runtime.now().getTime() + seconds * 1000);
  return { kind: 'accepted', readBack, ...receipt, effectiveBy, proven: true, left };
}

/** Accepted, but the read-back does not show it (yet): read again a few times, then report exactly that. */
function unproven(attempt: Try, readBack: ReadBack, requestId: string | null): StepOutcome {
  if (attempt.step.reads < MAX_READS) return retryIn(1000 * 2 ** attempt.step.reads, null, { acceptedNow: true });
  if (readBack.verdict === 'cannot_tell')
    return { kind: 'accepted', readBack, requestId, alreadyDone: false, effectiveBy: null, proven: false, left: null };
  return { kind: 'needs_human', why: { kind: 'not_held', observed: readBack.observed } };
}

export function afterSendFailure(attempt: Try, failure: ConnectorFailure): StepOutcome {
  const { connector, command, ref, step } = attempt;
  const steps = failure.kind === 'unsupported' ? connector.consoleSteps(command, ref) : [];
  if (steps.length > 0) return { kind: 'console', steps };
  const next = afterFailure(failure);
  if (next === 'needs_human' || step.attempts + 1 >= mostTries(failure)) return needsHuman(failure);
  if (next === 'read_back') return retryIn(toldWait(failure) ?? 1000, failure);
  // Proven not executed. An earlier try whose answer was lost still has to be read back.
  return retryIn(waitFor(attempt, failure), failure, { neverArrived: step.first_sent_at === null });
}

/** Counted as a try although nothing was sent: a system that can never be read would be asked until the next day. */
const COUNTED: Flags = { uncounted: true };

export function afterReadFailure(attempt: Try, failure: ConnectorFailure): StepOutcome {
  if (afterFailure(failure) === 'needs_human' || attempt.step.attempts + attempt.step.reads >= mostTries(failure) * 2) {
    return needsHuman(failure);
  }
  return retryIn(waitFor(attempt, failure), failure, COUNTED);
}

/** The vendor's own time to come back, else exponential with jitter. */
function waitFor(attempt: Pick<Try, 'core' | 'step'>, failure: ConnectorFailure): number {
  return toldWait(failure) ?? backoffMs(attempt.step.attempts + 1, attempt.core.runtime);
}

const toldWait = (failure: ConnectorFailure): number | null =>
  'retryAfterMs' in failure ? (failure.retryAfterMs ?? null) : null;

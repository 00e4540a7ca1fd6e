import { attemptStep, type Try } from '../../jobs/run-step/attempt.js';
import { attemptUndo, type Saved } from '../../jobs/run-step/undo.js';
import type { StepOutcome } from '../../src/containment/outcome.js';
import type { Step } from '../../src/incidents/steps.js';
import type { Command, Facts } from '../../src/ports/connector.js';
import { coreOver, noDatabase } from '../core.js';
import { STEP } from '../run-step/tries.js';
import type { Played, RunningSystem } from './systems/system.js';

/** More runs than a step can have: tries, waits and reads together. */
const MOST_RUNS = 150;

export interface Done {
  readonly outcome: Exclude<StepOutcome, { kind: 'retry' }>;
  /** What was there before the command was first sent; `null`: nothing was sent, or it cannot be undone. */
  readonly before: Facts | null;
}

type Kept = { -readonly [K in keyof Step]: Step[K] };

/** What a run leaves in the step's row, as `recordOutcome` stores it. */
function keep(step: Kept, outcome: Extract<StepOutcome, { kind: 'retry' }>, now: Date): void {
  if (outcome.acceptedNow) step.accepted_at ??= now;
  if (outcome.neverArrived) step.first_sent_at = null;
  if (outcome.failure === null) step.reads += 1;
  if (outcome.uncounted) step.attempts += 1;
}

/**
 * A step from its first try to its end, by the code that decides it in production; the waits are played. `saved`: it is
 * an undo of what they name.
 */
export async function carryOut(
  { connector, account, name }: RunningSystem,
  played: Played,
  command: Command,
  saved: Saved | null = null,
): Promise<Done> {
  const { core } = coreOver(noDatabase, { connectors: [connector], runtime: played });
  const step: Kept = { ...STEP, system: name, action: command.kind };
  let before: Facts | null = null;
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const attempt: Try = {
      core,
      step: { ...step },
      account: { ...account, id: 'acc_1', state: null, problem: null, retired: false, readAt: played.now() },
      ref: account,
      connector,
      command,
      call: { signal: new AbortController().signal, correlationId: 'truth' },
      stopped: () => Promise.resolve(null),
      markSent(facts) {
        before ??= facts;
        step.attempts += 1;
        step.first_sent_at ??= played.now();
        return Promise.resolve();
      },
    };
    const outcome = await (saved === null ? attemptStep(attempt) : attemptUndo(attempt, saved));
    if (outcome.kind !== 'retry') return { outcome, before };
    keep(step, outcome, played.now());
    played.advance(Math.max(outcome.inMs, 1));
  }
  throw new Error(`${name}: ${command.kind} did not end after ${MOST_RUNS} runs`);
}

import type { Try } from '../../jobs/run-step/attempt.js';
import type { Step } from '../../src/incidents/steps.js';
import type { AccountRef, ActionKind, ConnectorFailure, Facts } from '../../src/ports/connector.js';
import { commandFor } from '../../src/ports/command.js';
import { Secret } from '../../src/platform/secret.js';
import type { StepOutcome } from '../../src/containment/outcome.js';
import { coreOver, noDatabase } from '../core.js';
import { MemoryConnector, type MemoryOptions } from '../memory-connector.js';
import { type PlayedRuntime, playedRuntime } from '../played-runtime.js';

export const SENT = new Date('2026-03-10T08:59:00.000Z');

/** Every way in which a system can fail, by its kind. */
export const FAILURES: Readonly<Record<ConnectorFailure['kind'], ConnectorFailure>> = {
  auth: { kind: 'auth', message: 'no' },
  permission: { kind: 'permission', message: 'no' },
  protected_account: { kind: 'protected_account', message: 'no' },
  not_found: { kind: 'not_found', message: 'no' },
  ambiguous: { kind: 'ambiguous', message: 'no', candidates: ['one', 'two'] },
  conflict: { kind: 'conflict', message: 'no' },
  invalid_input: { kind: 'invalid_input', message: 'no' },
  throttled: { kind: 'throttled', message: 'no', retryAfterMs: 7_000 },
  licence: { kind: 'licence', message: 'no' },
  unsupported: { kind: 'unsupported', message: 'no' },
  transient: { kind: 'transient', message: 'no' },
  unknown_outcome: { kind: 'unknown_outcome', message: 'no' },
};
export const FAILURE_KINDS = Object.values(FAILURES).map(({ kind }) => kind);

export interface Played {
  readonly system: MemoryConnector;
  readonly attempt: Try;
  readonly account: AccountRef;
  readonly runtime: PlayedRuntime;
  /** What was noted as there before, each time that something was about to be sent. */
  readonly marked: (Facts | null)[];
}

export interface PlayedStep extends Partial<Step> {
  readonly action?: ActionKind;
}

/** One try of a step on an account in memory; nothing is asked of a store. */
export function play(
  step: PlayedStep = {},
  { stopped = null, ...options }: MemoryOptions & { readonly stopped?: StepOutcome | null } = {},
): Played {
  const action = step.action ?? 'disable_account';
  const system = new MemoryConnector('okta', options);
  const account = system.add('ada@meadow.example');
  const runtime = playedRuntime();
  const { core } = coreOver(noDatabase, { connectors: [system], runtime });
  const marked: (Facts | null)[] = [];
  const attempt: Try = {
    core,
    step: { ...STEP, ...step, action },
    account: {
      id: 'acc_1',
      system: 'okta',
      accountId: account.accountId,
      login: account.login,
      state: null,
      problem: null,
      retired: false,
      readAt: SENT,
    },
    ref: account,
    connector: system,
    command: commandFor(action, { ranges: [], items: 'all', password: new Secret('not used') }),
    call: { signal: new AbortController().signal, correlationId: 'cor_1' },
    stopped: () => Promise.resolve(stopped),
    markSent: (before) => {
      marked.push(before);
      return Promise.resolve();
    },
  };
  return { system, attempt, account, marked, runtime };
}

export const STEP: Step = {
  id: 'stp_1',
  decision_id: 'dec_1',
  incident_id: 'inc_1',
  account_row: 'acc_1',
  system: 'okta',
  action: 'disable_account',
  ranges: [],
  items: null,
  sealed_password: null,
  position: 0,
  status: 'queued',
  attempts: 0,
  reads: 0,
  round: 0,
  first_sent_at: null,
  accepted_at: null,
  result: null,
  finished_at: null,
  before_facts: null,
  after_facts: null,
  undo_of: null,
  watched: 0,
  watch_verdict: null,
  authentication: null,
  authenticated_at: null,
};

/** An outcome in a few words: what comes next, and for a further try what is kept in mind about this one. */
export function inShort(outcome: StepOutcome): string {
  if (outcome.kind === 'needs_human')
    return `human: ${outcome.why.kind === 'failure' ? outcome.why.failure.kind : outcome.why.kind}`;
  if (outcome.kind !== 'retry') return outcome.kind;
  const flags = (['neverArrived', 'acceptedNow', 'uncounted'] as const).filter((flag) => outcome[flag]);
  return [`again in ${outcome.inMs} ms`, ...flags].join(', ');
}

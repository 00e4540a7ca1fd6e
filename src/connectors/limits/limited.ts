import { err, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import {
  type CallContext,
  type Connector,
  type ConnectorFailure,
  type Evidence,
  EVIDENCE_SECTIONS,
  type Finding,
} from '../port.js';
import { type Allowance, Gate } from './gate.js';
import { Pause } from './pause.js';

export interface LimitedParts {
  readonly runtime: Runtime;
  /** This process's share of what all processes may take of a system together. */
  share(limits: Connector['limits']): Allowance;
  /** Told when a system is paused, and when it is called again. */
  onPause(system: string, pausedForMs: number | null): void;
}

const GIVEN_UP: ConnectorFailure = {
  kind: 'transient',
  message: 'The call was given up before it was its turn; nothing was sent.',
};

/**
 * A connector whose calls wait for their turn, and that is left alone for a while when its system keeps failing. What it
 * answers is the same; a refusal says that nothing was sent.
 */
export function limited(connector: Connector, parts: LimitedParts): Connector {
  const gate = new Gate(parts.runtime, () => parts.share(connector.limits));
  const pause = new Pause(parts.runtime, connector.title);

  async function run<T>(
    call: CallContext,
    work: () => Promise<Result<T, ConnectorFailure>>,
  ): Promise<Result<T, ConnectorFailure>> {
    const refusal = pause.refusal();
    if (refusal) return err(refusal);
    const answer = await gate.pass(call.signal, work);
    if (answer === null) return err(GIVEN_UP);
    const wasPaused = pause.isPaused();
    const begins = pause.note(answer.ok ? null : answer.error);
    if (begins !== null) parts.onPause(connector.system, begins);
    else if (answer.ok && !wasPaused) parts.onPause(connector.system, null);
    return answer;
  }

  return {
    ...connector,
    find: (person, call) => run(call, () => connector.find(person, call)),
    readState: (account, call) => run(call, () => connector.readState(account, call)),
    perform: (command, account, call) => run(call, () => connector.perform(command, account, call)),
    readBack: (command, account, since, call) => run(call, () => connector.readBack(command, account, since, call)),
    capture: (command, account, call) => run(call, () => connector.capture(command, account, call)),
    restore: (command, account, before, call) => run(call, () => connector.restore(command, account, before, call)),
    evidence: async (account, call) => {
      const refusal = pause.refusal();
      if (refusal) return withoutEvidence(refusal);
      return (await gate.pass(call.signal, () => connector.evidence(account, call))) ?? withoutEvidence(GIVEN_UP);
    },
    examine: async (account, call) =>
      (await gate.pass(call.signal, () => connector.examine(account, call))) ?? [unreachable(GIVEN_UP)],
  };
}

const withoutEvidence = (failure: ConnectorFailure): Evidence => {
  const unavailable = { unavailable: failure };
  const sections = EVIDENCE_SECTIONS.map((section) => [section, unavailable] as const);
  return Object.fromEntries(sections) as Evidence;
};

const unreachable = ({ message }: ConnectorFailure): Finding => ({
  subject: 'reach',
  verdict: 'unreachable',
  detail: message,
  fix: 'Try again in a minute.',
});

import { err, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import {
  type CallContext,
  type Connector,
  type ConnectorFailure,
  type Evidence,
  EVIDENCE_SECTIONS,
  type Finding,
} from '../../ports/connector.js';
import { type Allowance, RateLimiter } from './rate-limiter.js';
import { CircuitBreaker } from './circuit-breaker.js';

export interface LimitedParts {
  readonly runtime: Runtime;
  /** This process's share of what all processes together may use of a system. */
  share(limits: Connector['limits']): Allowance;
  /** Called when the circuit opens (no calls to the system), and when calls go through again. */
  onBreak(system: string, openForMs: number | null): void;
}

const GIVEN_UP: ConnectorFailure = {
  kind: 'transient',
  message: 'The call was given up before it was its turn; nothing was sent.',
};

/**
 * A connector whose calls wait for their turn, and pause for a while when its system keeps failing. Its answers are the
 * same; a refusal says that nothing was sent.
 */
export function limited(connector: Connector, parts: LimitedParts): Connector {
  const limiter = new RateLimiter(parts.runtime, () => parts.share(connector.limits));
  const breaker = new CircuitBreaker(parts.runtime, connector.title);

  async function run<T>(
    call: CallContext,
    work: () => Promise<Result<T, ConnectorFailure>>,
  ): Promise<Result<T, ConnectorFailure>> {
    const refusal = breaker.refusal();
    if (refusal) return err(refusal);
    const answer = await limiter.pass(call.signal, work, call.progress);
    if (answer === null) return err(GIVEN_UP);
    const wasOpen = breaker.isOpen();
    const begins = breaker.note(answer.ok ? null : answer.error);
    if (begins !== null) parts.onBreak(connector.system, begins);
    else if (answer.ok && !wasOpen) parts.onBreak(connector.system, null);
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
      const refusal = breaker.refusal();
      if (refusal) return withoutEvidence(refusal);
      return (
        (await limiter.pass(call.signal, () => connector.evidence(account, call), call.progress)) ??
        withoutEvidence(GIVEN_UP)
      );
    },
    examine: async (account, call) =>
      (await limiter.pass(call.signal, () => connector.examine(account, call), call.progress)) ?? [
        unreachable(GIVEN_UP),
      ],
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

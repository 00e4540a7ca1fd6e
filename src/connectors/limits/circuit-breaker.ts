import type { Runtime } from '../../platform/runtime.js';
import type { ConnectorFailure } from '../../ports/connector.js';

/** After this many failures in a row, the system is not called for a while. */
const FAILURES = 5;
const FIRST_MS = 15_000;
const LONGEST_MS = 5 * 60_000;

/**
 * Pauses calls to a system that keeps failing: more calls do not help it, and waiting callers get an answer at once.
 * After the pause one call tries; if it fails too, the next pause is longer.
 */
export class CircuitBreaker {
  readonly #runtime: Runtime;
  readonly #title: string;
  #failures = 0;
  #breaks = 0;
  #until = 0;

  constructor(runtime: Runtime, title: string) {
    this.#runtime = runtime;
    this.#title = title;
  }

  /** The failure to answer with instead of calling; `null` when the system may be called. */
  refusal(): Extract<ConnectorFailure, { kind: 'transient' }> | null {
    const left = this.#until - this.#runtime.now().getTime();
    if (left <= 0) return null;
    const seconds = Math.ceil(left / 1000);
    return {
      kind: 'transient',
      message: `${this.#title} failed ${FAILURES} times in a row and is left alone for another ${seconds} seconds; nothing was sent.`,
      retryAfterMs: left,
    };
  }

  isOpen(): boolean {
    return this.#until > this.#runtime.now().getTime();
  }

  /** Notes how a call ended. @returns the length of the pause that begins now, ms; `null` when none does */
  note(failure: ConnectorFailure | null): number | null {
    if (failure?.kind !== 'transient' && failure?.kind !== 'unknown_outcome') {
      this.#failures = 0;
      this.#breaks = 0;
      return null;
    }
    this.#failures += 1;
    if (this.#failures < FAILURES || this.isOpen()) return null;
    const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#breaks);
    this.#breaks += 1;
    this.#until = this.#runtime.now().getTime() + ms;
    return ms;
  }
}

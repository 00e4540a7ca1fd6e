import type { Runtime } from '../../runtime.js';

const MINUTE_MS = 60_000;

/** How much of a system this process may take: its share of what all processes may take together. */
export interface Allowance {
  readonly concurrency: number;
  readonly perMinute: number | null;
}

interface Waiting {
  readonly enter: () => void;
  readonly signal: AbortSignal;
}

/** Lets so many calls through at once and in a minute; the others wait in their order. */
export class Gate {
  readonly #runtime: Runtime;
  readonly #allowance: () => Allowance;
  #running = 0;
  /** When the calls of the last minute began, ms; oldest first. */
  #begun: number[] = [];
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(runtime: Runtime, allowance: () => Allowance) {
    this.#runtime = runtime;
    this.#allowance = allowance;
  }

  /** Runs the call when it is its turn; `null` when the caller gave up before that. */
  async pass<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T | null> {
    if (!(await this.#turn(signal))) return null;
    try {
      return await call();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #turn(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.#waiting.length === 0 && this.#free()) {
      this.#enter();
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        signal,
        enter: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(true);
        },
      };
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        resolve(false);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#lookAgain();
    });
  }

  #free(): boolean {
    const { concurrency, perMinute } = this.#allowance();
    if (this.#running >= concurrency) return false;
    if (perMinute === null) return true;
    const edge = this.#runtime.now().getTime() - MINUTE_MS;
    this.#begun = this.#begun.filter((at) => at > edge);
    return this.#begun.length < perMinute;
  }

  #enter(): void {
    this.#running += 1;
    if (this.#allowance().perMinute !== null) this.#begun.push(this.#runtime.now().getTime());
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#free()) {
      this.#enter();
      this.#waiting.shift()?.enter();
    }
    this.#lookAgain();
  }

  /** A place may come free by time alone: the minute passes, or the share grows. */
  #lookAgain(): void {
    if (this.#timer !== null || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#next();
    }, 250).unref();
  }
}

import type { Runtime } from '../../platform/runtime.js';

const MINUTE_MS = 60_000;

/** How much of a system this process may use: its share of what all processes together may use. */
export interface Allowance {
  readonly concurrency: number;
  readonly perMinute: number | null;
}

interface Waiting {
  readonly enter: () => void;
  readonly waits: () => void;
  readonly signal: AbortSignal;
}

/** Limits how many calls run at once and start per minute; the others wait in order. */
export class RateLimiter {
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

  /**
   * Runs the call when it is its turn; `null` when the caller gave up before that. Reports now and then that it still
   * waits.
   */
  async pass<T>(
    signal: AbortSignal,
    call: () => Promise<T>,
    progress: () => void = () => undefined,
  ): Promise<T | null> {
    if (!(await this.#turn(signal, progress))) return null;
    progress();
    try {
      return await call();
    } finally {
      progress();
      this.#running -= 1;
      this.#next();
    }
  }

  #turn(signal: AbortSignal, waits: () => void): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.#waiting.length === 0 && this.#free()) {
      this.#enter();
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        signal,
        waits,
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
      this.#retryLater();
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
    this.#retryLater();
  }

  /** Time alone may free a place: the minute passes, or the share grows. */
  #retryLater(): void {
    if (this.#timer !== null || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      for (const { waits } of this.#waiting) waits();
      this.#next();
    }, 250).unref();
  }
}

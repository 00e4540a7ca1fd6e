import type { StoreLog } from '../../src/store/connection.js';

const LOST =
  /ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|connection|Connection|Stream isn't writeable|Failed to refresh slots|All sentinels are unreachable|shut ?down|starting up|does not answer/;
/** SQLSTATE classes 08 (connection) and 57P (server shut down or starting). */
const LOST_SQLSTATE = /^(08|57P)/;

/**
 * A queue has several connections that come back one by one, each within its own pause (at most 2 s): the queue is back
 * when none of them has failed for longer than that.
 */
const STEADY_MS = 3_000;

/** Reports a lost connection once, and its return once, instead of every attempt of every connection. */
export class ConnectionWatch {
  readonly #log: StoreLog;
  readonly #target: string;
  #lost = false;
  #back: NodeJS.Timeout | null = null;
  #lastMessage = '';
  #silent = false;

  constructor(log: StoreLog, target: string) {
    this.#log = log;
    this.#target = target;
  }

  works(): void {
    this.#lastMessage = '';
    if (!this.#lost || this.#silent || this.#back !== null) return;
    this.#back = setTimeout(() => {
      this.#back = null;
      this.#lost = false;
      this.#log.info({ target: this.#target }, 'the queue is connected again');
    }, STEADY_MS).unref();
  }

  failed(error: unknown): void {
    if (this.#silent) return;
    const reason = reasonOf(error);
    if (isLost(error, reason)) {
      this.#notYetBack();
      if (this.#lost) return;
      this.#lost = true;
      this.#log.warn({ target: this.#target, reason }, 'the queue lost its connection; it goes on trying by itself');
    } else if (reason !== this.#lastMessage) {
      this.#lastMessage = reason;
      this.#log.error({ target: this.#target, reason }, 'the queue reports an error');
    }
  }

  /** Closing cuts connections on purpose. */
  hush(): void {
    this.#silent = true;
    this.#notYetBack();
  }

  #notYetBack(): void {
    if (this.#back !== null) clearTimeout(this.#back);
    this.#back = null;
  }
}

/** The message; Node leaves it empty when several addresses were tried. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message || error.name : String(error);
}

function isLost(error: unknown, reason: string): boolean {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return LOST.test(reason) || LOST.test(code) || LOST_SQLSTATE.test(code);
}

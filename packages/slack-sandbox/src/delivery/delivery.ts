import { setMaxListeners } from 'node:events';
import { setImmediate as afterThis, setTimeout as wait } from 'node:timers/promises';
import type { Faults } from '../faults.js';
import type { Journal } from '../journal.js';
import { refused } from './outcome.js';
import type { Attempt, Outcome } from './outcome.js';
import type { Sent } from './payload.js';
import { signedPost } from './signed-post.js';
import type { SocketMode } from './socket.js';

export interface DeliveryOptions {
  readonly signingSecret: string;
  /** How long the app has to ack. Slack: 3000. */
  readonly ackTimeoutMs: number;
  /** When an unacked event is sent again. Slack: at once, after a minute, after five. */
  readonly retryDelaysMs: readonly number[];
  readonly nowSeconds: () => number;
}

/** What is delivered, under which name the journal shows it, and who caused it. */
export interface Parcel {
  readonly name: string;
  readonly user?: string | undefined;
  readonly payload: Sent;
  readonly acceptsResponse?: boolean;
}

const RETRIES = 3;

/** Brings payloads to the app: over a socket when one is connected, else by a signed POST. */
export class Delivery {
  requestUrl: string | undefined;
  readonly #closing = new AbortController();

  constructor(
    private readonly socket: SocketMode,
    private readonly faults: Faults,
    private readonly journal: Journal,
    private readonly options: DeliveryOptions,
  ) {
    setMaxListeners(0, this.#closing.signal); // as many as events wait to be sent again
  }

  /** An event: sent again up to three times until it is acked. Returns at once. */
  event(parcel: Parcel): void {
    void this.#eventually(parcel);
  }

  /** A command or interaction: sent once; the caller tells the person when no ack came. */
  async interaction(type: 'slash_commands' | 'interactive', parcel: Parcel): Promise<Outcome> {
    await afterThis();
    return this.#attempt(type, parcel, 0, '');
  }

  async #eventually(parcel: Parcel): Promise<void> {
    await afterThis();
    let reason = '';
    for (let retry = 0; retry <= RETRIES; retry += 1) {
      if (retry > 0 && !(await this.#pause(this.options.retryDelaysMs[retry - 1] ?? 0))) return;
      const outcome = await this.#attempt('events_api', parcel, retry, reason);
      if (outcome.acked || outcome.noRetry) return;
      reason = outcome.reason;
    }
  }

  /** False when the simulator closes meanwhile. */
  async #pause(ms: number): Promise<boolean> {
    if (this.#closing.signal.aborted) return false;
    try {
      await wait(ms, undefined, { signal: this.#closing.signal, ref: false });
      return true;
    } catch {
      return false; // the only rejection is the abort
    }
  }

  async #attempt(type: Attempt['type'], parcel: Parcel, retry: number, retryReason: string): Promise<Outcome> {
    const { name, user, acceptsResponse = false } = parcel;
    const payload = parcel.payload.body;
    const fault = this.faults.take('delivery', name);
    if (fault) this.journal.add({ kind: 'fault', name, user, status: fault.type, detail: fault });
    if (fault?.type === 'latency' && !(await this.#pause(fault.ms ?? 0))) return refused('not_connected', 'closing');
    const { ackTimeoutMs } = this.options;
    this.journal.add({ kind: retry > 0 ? 'retry' : 'delivery', name, user, status: type, detail: { retry, payload } });
    const attempt: Attempt = { type, payload, acceptsResponse, retry, retryReason, ackTimeoutMs };
    let outcome = await this.#send(attempt);
    if (outcome.acked && fault?.type === 'drop_ack') outcome = await this.#lost(ackTimeoutMs);
    this.journal.add({
      kind: 'ack',
      name,
      user,
      status: outcome.acked ? 'acked' : outcome.reason,
      detail: outcome.acked ? outcome.body : outcome.detail,
    });
    return outcome;
  }

  /** An ack that got lost on the way looks like a time-out. */
  async #lost(ms: number): Promise<Outcome> {
    await this.#pause(ms);
    return refused('timeout', 'the ack was dropped by an injected fault');
  }

  #send(attempt: Attempt): Promise<Outcome> {
    if (this.socket.connections > 0) return this.socket.send(attempt);
    if (this.requestUrl === undefined) {
      return Promise.resolve(refused('not_connected', 'the app has no open socket and no request URL'));
    }
    const { signingSecret, nowSeconds } = this.options;
    return signedPost({ url: this.requestUrl, signingSecret, nowSeconds: nowSeconds() }, attempt);
  }

  close(): void {
    this.#closing.abort();
  }
}

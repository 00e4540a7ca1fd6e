import { setMaxListeners } from 'node:events';
import { Agent, type Dispatcher, request } from 'undici';

/** Keeps connections open between calls; idle ones do not keep the process alive. */
const connections = new Agent();

export interface Outbound {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

export interface Inbound {
  readonly status: number;
  readonly headers: Headers;
  /** Must be read to its end or dumped, or the connection is not reused. */
  readonly body: Dispatcher.ResponseData['body'];
}

function headersOf(raw: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers;
}

/**
 * One HTTP request; redirects are not followed. `fetch` would do the same at about four times the processor time, which
 * is what a decision mostly spent (docs/bench.md).
 * @throws the network's error, with its code
 */
export async function sendRequest(url: string, { method, headers, body, signal }: Outbound): Promise<Inbound> {
  const answer = await request(url, { dispatcher: connections, method, headers, body, signal });
  return { status: answer.statusCode, headers: headersOf(answer.headers), body: answer.body };
}

export interface Deadline {
  /** Aborts at the deadline, or with the caller's own signal. */
  readonly signal: AbortSignal;
  readonly isOver: () => boolean;
  /** To be called when the work is done, so that the deadline's timer holds nothing up. */
  readonly clear: () => void;
}

export function startDeadline(ms: number, caller?: AbortSignal): Deadline {
  const controller = new AbortController();
  const state = { over: false };
  const timer = setTimeout(() => {
    state.over = true;
    controller.abort();
  }, ms);
  const givenUp = (): void => controller.abort();
  if (caller?.aborted === true) controller.abort();
  if (caller !== undefined) {
    // One job makes many requests at once, and each listens for the job's end.
    setMaxListeners(0, caller);
    caller.addEventListener('abort', givenUp, { once: true });
  }
  return {
    signal: controller.signal,
    isOver: () => state.over,
    clear: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', givenUp);
    },
  };
}

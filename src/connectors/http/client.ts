import { err, ok, type Result } from '../../platform/result.js';
import {
  type Deadline,
  type Inbound,
  type Outbound,
  sendRequest,
  startDeadline,
} from '../../platform/outgoing-http.js';
import type { Runtime } from '../../platform/runtime.js';
import type { CallContext, ConnectorFailure } from '../../ports/connector.js';
import { baseUrlProblem } from './base-url.js';
import { LARGEST_BODY, LARGEST_WHOLE, readJson, tooLarge } from './body.js';
import { lost, networkFailure } from './network-failure.js';
import { quote, secretValues } from './quote.js';
import { fromRetryAfter } from './retry-after.js';
import { type Ahead, createVendorClock, dateOf } from './vendor-clock.js';

/** What is reported about every finished request; never a body, a token or a query value. */
export interface HttpLogEntry {
  readonly system: string;
  readonly method: string;
  readonly path: string;
  /** HTTP status, `null` when no answer came. */
  readonly status: number | null;
  readonly milliseconds: number;
  readonly correlationId: string;
  readonly requestId: string | null;
}

export interface HttpClientOptions {
  /** The system's name as people know it; begins the sentences of failures. */
  readonly system: string;
  /** HTTPS, or HTTP on a loopback host. */
  readonly baseUrl: string;
  readonly deadlineMs: number;
  readonly runtime: Runtime;
  readonly log?: ((entry: HttpLogEntry) => void) | undefined;
  /** Names of body fields whose values must never be quoted, wherever a vendor's text echoes them. */
  readonly redactKeys: readonly string[];
  /**
   * The vendor's way to say how long to wait after a 429, in milliseconds; `null` when it does not say. `now` is the
   * vendor's time, where the answer gives it. Default: `Retry-After`.
   */
  readonly retryAfter?: (headers: Headers, now: Date) => number | null;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly json: unknown } | { readonly form: Readonly<Record<string, string>> };
  /** Whether the request changes something: then a lost answer is an unknown outcome. */
  readonly write: boolean;
  /** It asks for a list that comes whole: the answer may be larger, because no smaller page can be asked for. */
  readonly whole?: boolean | undefined;
  readonly call: CallContext;
}

export interface HttpAnswer {
  /** 200..299 or 400..499 without 429; all else is a failure. */
  readonly status: number;
  readonly headers: Headers;
  /** The decoded JSON; `undefined` when the answer had no body, or (400..499 only, but 404) one that is not JSON. */
  readonly body: unknown;
  readonly requestId: string | null;
  /** How long a refusal asks to wait (`Retry-After`); `null` when it does not. */
  readonly retryAfterMs: number | null;
  /** Makes a text of this answer safe to show: short, one line, without the request's secrets. */
  readonly quote: (text: string) => string;
}

/** A failure that says whether a smaller page would have been read. */
export type HttpFailure = ConnectorFailure & { readonly tooLarge?: true };

export interface HttpClient {
  request(request: HttpRequest): Promise<Result<HttpAnswer, HttpFailure>>;
  /** How far our clock is ahead of the vendor's; `null` when its answers do not show it. */
  ahead(): Ahead | null;
  /** An instant of our clock on the vendor's clock, as far as its answers show it: for comparing with its times. */
  vendorTime(own: Date): Date;
  /** An instant of the vendor's clock on ours: for comparing with the times that we stored. */
  ownTime(vendor: Date): Date;
}

/** Read anew each time: a signal changes while a request is under way. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

interface Encoded {
  readonly text: string;
  readonly type: string;
  readonly fields: unknown;
}

const HEADER_UNSAFE = /[^\x21-\x7e]/g;

function encode(body: HttpRequest['body']): Encoded | null {
  if (body === undefined) return null;
  if ('json' in body) return { text: JSON.stringify(body.json), type: 'application/json', fields: body.json };
  return {
    text: new URLSearchParams(body.form).toString(),
    type: 'application/x-www-form-urlencoded',
    fields: body.form,
  };
}

/** Repeated when the vendor says (RFC 9110, `Retry-After` of a 503); a write is read back first. */
function unavailable(what: string, { write }: HttpRequest, retryAfterMs: number | null): ConnectorFailure {
  const failure = lost(what, write);
  const repeats = failure.kind === 'transient' || failure.kind === 'unknown_outcome';
  return repeats && retryAfterMs !== null ? { ...failure, retryAfterMs } : failure;
}

const standardRetryAfter = (headers: Headers, now: Date): number | null =>
  fromRetryAfter(headers.get('retry-after'), now);

/** Statuses whose page in HTML was written by something in between: no vendor's API refuses so. */
const REFUSED_ON_THE_WAY = new Set([403, 407, 511]);

/** A proxy, a firewall or a sign-in page stands in between: no right that is granted helps. Nothing was executed. */
function refusedOnTheWay({ status, headers }: Inbound, system: string): ConnectorFailure | null {
  const html = /^text\/html\b|^application\/xhtml/i.test(headers.get('content-type') ?? '');
  if (!REFUSED_ON_THE_WAY.has(status) || (status === 403 && !html)) return null;
  return {
    kind: 'unsupported',
    message: `Something other than ${system} refused the request${html ? ' with a page in HTML' : ''} (HTTP ${status}); check the base URL, the proxy or firewall in between, and whether ${system} lets the address of this machine in.`,
  };
}

/** Nothing that it was asked for is missing there: it was never asked. */
const notFoundOnTheWay = (system: string): ConnectorFailure => ({
  kind: 'unsupported',
  message: `Something other than ${system} answered that there is nothing (HTTP 404, and not in JSON); check the base URL, and the proxy or firewall in between.`,
});

/** 408 is the server giving up, or something in between: nothing was judged (RFC 9110, 15.5.9). */
const isJudged = (status: number): boolean => status >= 400 && status < 500 && status !== 429 && status !== 408;

/** What a system that took the request says. */
async function answered(
  { body: stream }: Inbound,
  { whole, write }: HttpRequest,
  system: string,
): Promise<Result<unknown, HttpFailure>> {
  const most = whole === true ? LARGEST_WHOLE : LARGEST_BODY;
  const body = await readJson(stream, most);
  if (body.ok) return body;
  const failure = lost(`${system} answered ${body.error}`, write);
  return err(body.error === tooLarge(most) ? { ...failure, tooLarge: true } : failure);
}

async function settle(
  response: Inbound,
  request: HttpRequest,
  options: HttpClientOptions,
): Promise<Result<unknown, HttpFailure>> {
  const { system } = options;
  const { status } = response;
  if (status >= 200 && status < 300) return answered(response, request, system);
  const onTheWay = refusedOnTheWay(response, system);
  if (onTheWay !== null) {
    await response.body.dump();
    return err(onTheWay);
  }
  if (isJudged(status)) {
    const body = await readJson(response.body);
    return status === 404 && !body.ok ? err(notFoundOnTheWay(system)) : ok(body.ok ? body.value : undefined);
  }
  await response.body.dump();
  const now = dateOf(response.headers) ?? options.runtime.now();
  if (status === 429) {
    const retryAfterMs = (options.retryAfter ?? standardRetryAfter)(response.headers, now);
    return err({
      kind: 'throttled',
      message: `${system} takes no more calls for now (HTTP 429); wait before trying again.`,
      retryAfterMs,
    });
  }
  if (status >= 500 || status === 408)
    return err(unavailable(`${system} failed with HTTP ${status}`, request, standardRetryAfter(response.headers, now)));
  const message = `${system} answered with HTTP ${status}, which is not followed; check the base URL, a proxy may stand in between.`;
  return err({ kind: 'unsupported', message });
}

function entryOf(
  options: HttpClientOptions,
  request: HttpRequest,
  response: Inbound | null,
  startedAt: Date,
): HttpLogEntry {
  return {
    system: options.system,
    method: request.method,
    path: request.path.split('?')[0] ?? request.path,
    status: response?.status ?? null,
    milliseconds: options.runtime.now().getTime() - startedAt.getTime(),
    correlationId: request.call.correlationId,
    requestId: response?.headers.get('x-request-id') ?? null,
  };
}

function outboundOf(request: HttpRequest, encoded: Encoded | null, signal: AbortSignal): Outbound {
  return {
    method: request.method,
    signal,
    headers: {
      accept: 'application/json',
      'user-agent': 'notme',
      'x-correlation-id': request.call.correlationId.replace(HEADER_UNSAFE, '_').slice(0, 128),
      ...(encoded === null ? {} : { 'content-type': encoded.type }),
      ...request.headers,
    },
    body: encoded?.text ?? null,
  };
}

function answerOf(
  request: HttpRequest,
  encoded: Encoded | null,
  response: Inbound,
  { redactKeys, runtime }: HttpClientOptions,
): Omit<HttpAnswer, 'body'> {
  const token = new Headers(request.headers).get('authorization')?.split(' ').at(-1) ?? '';
  const secrets = secretValues({ body: encoded?.fields, token }, new Set([...redactKeys, 'token']));
  const { status, headers } = response;
  return {
    status,
    headers,
    requestId: headers.get('x-request-id'),
    retryAfterMs: status < 400 ? null : standardRetryAfter(headers, dateOf(headers) ?? runtime.now()),
    quote: (text) => quote(text, secrets),
  };
}

/**
 * One small client for every HTTP connector: deadline, size limit, and failures classified by whether the request can
 * have been executed. Follows no redirect and repeats nothing by itself. Throws when the base URL cannot be used: that
 * is a mistake in the configuration.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { system, deadlineMs, runtime } = options;
  const problem = baseUrlProblem(options.baseUrl);
  if (problem !== null) throw new Error(`The base URL of ${system} cannot be used. ${problem}`);
  const base = options.baseUrl.replace(/\/+$/, '');

  const clock = createVendorClock();

  const broken = (error: unknown, request: HttpRequest, deadline: Deadline): ConnectorFailure => {
    if (deadline.isOver()) return lost(`${system} gave no answer within ${deadlineMs} ms`, request.write);
    if (isAborted(request.call.signal)) return lost(`The call to ${system} was given up`, request.write);
    return networkFailure(system, error, request.write);
  };

  return {
    ahead: () => clock.ahead(),
    vendorTime: (own) => clock.timeOf(own),
    ownTime: (vendor) => clock.ownOf(vendor),
    async request(request) {
      if (isAborted(request.call.signal)) {
        return err({ kind: 'transient', message: `The call to ${system} was given up before anything was sent.` });
      }
      const startedAt = runtime.now();
      const encoded = encode(request.body);
      const deadline = startDeadline(deadlineMs, request.call.signal);
      let response: Inbound | null = null;
      try {
        response = await sendRequest(`${base}${request.path}`, outboundOf(request, encoded, deadline.signal));
        request.call.progress?.();
        clock.learn(response.headers, { sentAt: startedAt, answeredAt: runtime.now() });
        const settled = await settle(response, request, options);
        return settled.ok ? ok({ ...answerOf(request, encoded, response, options), body: settled.value }) : settled;
      } catch (error) {
        return err(broken(error, request, deadline));
      } finally {
        deadline.clear();
        options.log?.(entryOf(options, request, response, startedAt));
      }
    },
  };
}

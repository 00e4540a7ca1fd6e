import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createFaults, type Fault, type FaultQueue, type Faults } from './faults.js';
import { readRequest, type DirectoryRequest, type Reply } from './message.js';
import { createPauses } from './pauses.js';

const LONGEST_JOURNAL = 10_000;
export const PROXY_PAGE = '<html><body>Please sign in to the proxy</body></html>';

/**
 * What a vendor's routing made of a request. `refused`: the vendor's own error, nothing is carried out. Else `commit`
 * carries it out and answers; `write` says whether it changes something, `email` whom it is about (for the journal).
 */
export type Routed =
  { readonly refused: Reply } | { readonly write: boolean; readonly email?: string; commit(): Reply };

/** How a vendor says what may happen to any call. */
export interface VendorErrors {
  /** Too many calls: in the vendor's status, header and unit. */
  throttled(waitMs: number): Reply;
  internal(): Reply;
  unauthorized(): Reply;
}

export interface HttpDirectoryOptions {
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  readonly errors: VendorErrors;
  /** Headers that every answer carries, e.g. a request id or the rate left. */
  headers?(request: DirectoryRequest): Readonly<Record<string, string>>;
  /** Whether this is the application signing in: faults without a path leave it alone, and the journal keeps no body of it. */
  isSignIn(request: DirectoryRequest): boolean;
  route(request: DirectoryRequest): Routed;
}

/** One call in the journal; bodies are not kept, they may hold passwords. */
export interface DirectoryCall {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly write: boolean;
  /** `null`: no answer was given. */
  readonly status: number | null;
  readonly email: string | null;
  readonly correlationId: string | null;
}

/** Called around each change, where a test may stop its own process, and with each answer. */
export interface EffectHooks {
  /** What an answer says in place of this body: other names, a key less. */
  rewrite?: ((body: unknown) => unknown) | undefined;
  beforeEffect?: ((effect: { path: string; email: string }) => Promise<void>) | undefined;
  afterEffect?: ((effect: { path: string; email: string }) => Promise<void>) | undefined;
}

export interface HttpDirectory {
  readonly url: string;
  readonly faults: Faults;
  readonly hooks: EffectHooks;
  calls(): readonly DirectoryCall[];
  close(): Promise<void>;
}

export const WALL_PAGE = '<html><body>Request blocked. Contact your network administrator.</body></html>';

const later = (status: number, { ms = 1000 }: Fault): Reply => ({
  status,
  headers: { 'Retry-After': String(Math.ceil(ms / 1000)) },
  body: {},
});

type Outcome = { readonly reply: Reply } | 'drop' | 'silence';

interface Server {
  readonly options: HttpDirectoryOptions;
  readonly faults: FaultQueue;
  readonly hooks: EffectHooks;
  readonly calls: DirectoryCall[];
  pause(ms: number): Promise<void>;
}

/** The faults that stand in the place of the call: nothing is carried out. */
function insteadOf(fault: Fault | null, errors: VendorErrors): Outcome | null {
  switch (fault?.type) {
    case 'throttle':
      return { reply: errors.throttled(fault.ms ?? 1000) };
    case 'http_500':
      return { reply: errors.internal() };
    case 'unauthorized':
      return { reply: errors.unauthorized() };
    case 'nonsense':
      return { reply: { status: 200, headers: { 'Content-Type': 'text/html' }, body: PROXY_PAGE } };
    case 'walled':
      return { reply: { status: 403, headers: { 'Content-Type': 'text/html' }, body: WALL_PAGE } };
    case 'misled':
      return { reply: { status: 404, headers: { 'Content-Type': 'text/html' }, body: PROXY_PAGE } };
    case 'unrouted':
      return { reply: { status: 404, headers: { 'Content-Type': 'text/plain' }, body: '404 page not found' } };
    case 'locked':
      return { reply: later(423, fault) };
    case 'unavailable':
      return { reply: later(503, fault) };
    case 'timeout_before_effect':
      return 'silence';
    case 'drop_before_effect':
      return 'drop';
    default:
      return null;
  }
}

/** The faults that come after it: the change holds, the answer does not arrive. */
function afterwards(fault: Fault | null, reply: Reply): Outcome {
  if (fault?.type === 'timeout_after_effect') return 'silence';
  return fault?.type === 'drop_after_effect' ? 'drop' : { reply };
}

async function carryOut(server: Server, request: DirectoryRequest, routed: Routed): Promise<Outcome> {
  const { hooks, options } = server;
  const write = 'write' in routed && routed.write;
  const fault = server.faults.take({ path: request.path, write, signIn: options.isSignIn(request) });
  if (fault?.type === 'slow') await server.pause(fault.ms ?? 1000);
  const instead = insteadOf(fault, options.errors);
  if (instead !== null) return instead;
  if ('refused' in routed) return { reply: routed.refused };
  const effect = { path: request.path, email: routed.email ?? '' };
  if (write) await hooks.beforeEffect?.(effect);
  const reply = routed.commit();
  if (write) await hooks.afterEffect?.(effect);
  return afterwards(fault, hooks.rewrite ? { ...reply, body: hooks.rewrite(reply.body) } : reply);
}

function note(server: Server, request: DirectoryRequest, routed: Routed, outcome: Outcome): void {
  server.calls.push({
    at: server.options.clock().toISOString(),
    method: request.method,
    path: request.path,
    write: 'write' in routed && routed.write,
    status: typeof outcome === 'string' ? null : outcome.reply.status,
    email: 'write' in routed ? (routed.email ?? null) : null,
    correlationId: request.header('x-correlation-id') || null,
  });
  if (server.calls.length > LONGEST_JOURNAL) server.calls.shift();
}

function answer(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): void {
  const json = typeof reply.body === 'object' && reply.body !== null;
  response.writeHead(reply.status, {
    ...(json ? { 'Content-Type': 'application/json; charset=utf-8' } : {}),
    'x-request-id': randomUUID(),
    ...headers,
    ...reply.headers,
  });
  response.end(json ? JSON.stringify(reply.body) : typeof reply.body === 'string' ? reply.body : undefined);
}

async function serve(server: Server, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  if (request === null) {
    answer(response, { status: 413, body: 'The body is too large' }, {});
    return;
  }
  const routed = server.options.route(request);
  const outcome = await carryOut(server, request, routed);
  note(server, request, routed, outcome);
  if (outcome === 'silence') return;
  if (outcome === 'drop') {
    incoming.socket.destroy();
    return;
  }
  const headers = server.options.headers?.(request);
  answer(response, outcome.reply, { Date: server.options.clock().toUTCString(), ...headers });
}

/** A vendor's HTTP API on loopback, with faults, hooks and a journal. What the vendor says is `options.route`. */
export async function startHttpDirectory(options: HttpDirectoryOptions): Promise<HttpDirectory> {
  const { pause, end } = createPauses();
  const server: Server = { options, faults: createFaults(options.clock), hooks: {}, calls: [], pause };
  const http = createServer((request, response) => {
    serve(server, request, response).catch((error: unknown) => {
      process.emitWarning(`A directory of the sandbox broke: ${String(error)}`);
      request.socket.destroy();
    });
  });
  http.listen(options.port ?? 0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string')
    throw new Error('The directory has no port; give it a free one.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    faults: server.faults,
    hooks: server.hooks,
    calls: () => [...server.calls],
    async close() {
      end();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Runtime } from '../platform/runtime.js';
import type { Secret } from '../platform/secret.js';
import { createFormNonces } from './form-nonce.js';
import { listen, shut } from './lifecycle.js';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';
import type { PasskeyPage, PasskeyPageOptions } from './passkey-page.js';
import { createReportPage } from './report-page.js';
import type { ReportPagePort } from './report-port.js';
import { sayPage } from './report-views.js';
import { createRoutes, type Answer, type Route } from './routes.js';
import { isUnexplained, pathOf } from './request.js';
import { pageTexts, type PageTexts } from '../texts/page.js';

export interface WebServerOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  readonly runtime: Runtime;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** `null`: no mail is configured, so there is no report page. */
  readonly report: ReportPagePort | null;
  /** `null`: there is no passkey page. */
  readonly passkeys?:
    ((parts: Pick<PasskeyPageOptions, 'nonces' | 'trustedProxies' | 'onRejected'>) => PasskeyPage) | null;
  /** The public address, when a proxy is in front: its origin is what forms come from. */
  readonly publicUrl?: string | undefined;
  /** How many proxies of ours append to X-Forwarded-For; with 0 the header is ignored. */
  readonly trustedProxies?: number;
  /** When set, `/metrics` and `/readyz` require it as a Bearer token. */
  readonly metricsToken?: Secret | undefined;
  /**
   * 32 bytes; share it among processes behind one address so that each accepts the others' forms. Random by default.
   */
  readonly formKey?: Secret | undefined;
  readonly texts?: PageTexts;
  /**
   * Takes a request over (Slack's HTTP mode) and returns whether it did. The x-correlation-id header is set already.
   */
  readonly extraHandler?:
    ((request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) | undefined;
  /** Called once, at the first forwarded header that `trustedProxies` does not account for. */
  readonly onUnexplainedProxy?: () => void;
  /** Called with unexpected errors; the caller gets a 500 or a page that says so. */
  readonly onError?: (error: unknown, correlationId: string) => void;
}

export interface WebServer {
  /** `http://host:port`, without a trailing slash. */
  readonly url: string;
  /** Accepts no more requests, lets running ones finish for a second, then cuts them. */
  close(): Promise<void>;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  // The rest of an unread body is not waited for.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(answer.status, { 'cache-control': 'no-store', ...answer.headers, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function plain(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: `${sentence}\n`, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } };
}

async function answerOf(route: Route, request: IncomingMessage, correlationId: string): Promise<Answer> {
  const method = request.method ?? '';
  if (!route.methods.includes(method)) {
    return plain(405, `This address takes only ${route.methods.join(', ')}.`, { allow: route.methods.join(', ') });
  }
  return route.answer(request, correlationId);
}

/** Far more than Slack, a proxy and people use, far fewer than the files that a process may open. */
const MOST_CONNECTIONS = 500;
/** How often Node checks for requests that take too long. */
const LOOK_MS = 5_000;
/** Nothing was read or written for this long: the other side does not accept its answer. */
const SILENCE_MS = 30_000;
/** How long sending an answer may take before its connection is cut. */
const FLUSH_MS = 1_000;
/** How long a request may still run when the process stops. */
const CLOSING_MS = 1_000;

function configure(server: Server): void {
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = SILENCE_MS;
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.keepAliveTimeout = 5_000;
  server.maxRequestsPerSocket = 1_000;
}

/** Closing only our side would keep the socket for as long as the client keeps its own. */
function sayBadRequest(socket: Duplex, correlationId: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const cut = setTimeout(() => socket.destroy(), FLUSH_MS);
  socket.once('close', () => clearTimeout(cut));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nx-correlation-id: ${correlationId}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}

/** Starts the HTTP edge: health, readiness, metrics and the report page. Rejects when the port is taken. */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { runtime, metrics } = options;
  const onError = options.onError ?? (() => undefined);
  const key = options.formKey === undefined ? runtime.randomBytes(32) : Buffer.from(options.formKey.reveal());
  const page =
    options.report &&
    createReportPage({
      port: options.report,
      nonces: createFormNonces(key, runtime),
      say: sayPage(options.texts ?? pageTexts),
      runtime,
      publicOrigin: options.publicUrl === undefined ? null : new URL(options.publicUrl).origin,
      trustedProxies: options.trustedProxies ?? 0,
      onRejected: (reason) => metrics.rejectedInputs.inc({ edge: 'web', reason }),
      onError,
    });
  let proxySeen = false;
  function noticeProxy(request: IncomingMessage): void {
    if (proxySeen || !isUnexplained(request, options.trustedProxies ?? 0)) return;
    proxySeen = true;
    options.onUnexplainedProxy?.();
  }
  const passkeys =
    options.passkeys?.({
      nonces: createFormNonces(key, runtime),
      trustedProxies: options.trustedProxies ?? 0,
      onRejected: (reason) => metrics.rejectedInputs.inc({ edge: 'passkey', reason }),
    }) ?? null;
  const { readiness, metricsToken } = options;
  const findRoute = createRoutes({ readiness, metrics, metricsToken, page, passkeys });

  async function handle(request: IncomingMessage, response: ServerResponse, correlationId: string): Promise<void> {
    const startedAt = runtime.now().getTime();
    const path = pathOf(request.url);
    const route = path === null ? null : findRoute(path);
    const known = route?.name ?? 'other';
    response.once('finish', () => {
      const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other';
      metrics.httpRequests.inc({ route: known, method, status: String(response.statusCode) });
      metrics.httpDuration.observe({ route: known }, Math.max(0, runtime.now().getTime() - startedAt) / 1000);
    });
    if (path === null) send(request, response, plain(400, 'The address of this request cannot be read.'));
    else if (route === null) send(request, response, plain(404, 'There is nothing at this address.'));
    else send(request, response, await answerOf(route, request, correlationId));
  }

  const server = createServer({ maxHeaderSize: 16_384, connectionsCheckingInterval: LOOK_MS }, (request, response) => {
    const correlationId = runtime.newId('req');
    noticeProxy(request);
    response.setHeader('x-correlation-id', correlationId);
    response.setHeader('x-content-type-options', 'nosniff');
    response.on('error', (error) => onError(error, correlationId));
    const answered = async (): Promise<void> => {
      if ((await options.extraHandler?.(request, response)) !== true) await handle(request, response, correlationId);
    };
    answered().catch((error: unknown) => {
      onError(error, correlationId);
      if (response.headersSent) response.destroy();
      else
        send(
          request,
          response,
          plain(500, `Something went wrong on our side; give this number to an administrator: ${correlationId}.`),
        );
    });
  });
  configure(server);
  server.on('clientError', (_error, socket) => {
    metrics.rejectedInputs.inc({ edge: 'web', reason: 'not_http' });
    sayBadRequest(socket, runtime.newId('req'));
  });
  const url = await listen(server, options.port, options.host);
  return { url, close: () => shut(server, CLOSING_MS) };
}

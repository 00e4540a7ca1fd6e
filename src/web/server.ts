import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Runtime } from '../runtime.js';
import type { Secret } from '../secret.js';
import { createFormNonces } from './form-nonce.js';
import { listen, shut } from './lifecycle.js';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';
import { createReportPage } from './report-page.js';
import type { ReportPagePort } from './report-port.js';
import { sayPage } from './report-views.js';
import { createRoutes, type Answer, type Route } from './routes.js';
import { pathOf } from './request.js';
import { pageTexts, type PageTexts } from '../../blocks/texts/page.js';

export interface WebServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  readonly runtime: Runtime;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** `null`: no mail is configured, so there is no report page. */
  readonly report: ReportPagePort | null;
  /** The address that people use, when a proxy stands in front: its origin is what forms come from. */
  readonly publicUrl?: string | undefined;
  /** How many proxies of ours append to X-Forwarded-For; 0 believes nothing of it. */
  readonly trustedProxies?: number;
  /** When given, `/metrics` asks for it as a Bearer token. */
  readonly metricsToken?: Secret | undefined;
  /** 32 bytes; share it among processes behind one address so that each knows the others' forms. Random when not given. */
  readonly formKey?: Secret | undefined;
  readonly texts?: PageTexts;
  /** Takes a request over (Slack's HTTP mode) and says whether it did. The x-correlation-id header is set already. */
  readonly extraHandler?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Told of what was not expected; the caller gets a 500 or a page that says so. */
  readonly onError?: (error: unknown, correlationId: string) => void;
}

export interface WebServer {
  /** `http://host:port`, without a slash at its end. */
  readonly url: string;
  /** Takes no more requests, lets running ones finish for five seconds, then cuts them. */
  close(): Promise<void>;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  // What is left of an unread body is not waited for.
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

function configure(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.keepAliveTimeout = 5_000;
  server.maxRequestsPerSocket = 1_000;
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
  const findRoute = createRoutes({ readiness: options.readiness, metrics, metricsToken: options.metricsToken, page });

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

  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    const correlationId = runtime.newId('req');
    response.setHeader('x-correlation-id', correlationId);
    response.setHeader('x-content-type-options', 'nosniff');
    response.on('error', (error) => onError(error, correlationId));
    const answered = async (): Promise<void> => {
      if (options.extraHandler?.(request, response) !== true) await handle(request, response, correlationId);
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
    if (socket.writable)
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nx-correlation-id: ${runtime.newId('req')}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      );
  });
  const url = await listen(server, options.port, options.host);
  return { url, close: () => shut(server, 5_000) };
}

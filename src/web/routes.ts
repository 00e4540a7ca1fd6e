import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../platform/secret.js';
import { PAGE_HEADERS, SCRIPTED_PAGE_HEADERS } from './layout.js';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';
import type { ReportRequest } from './report-page.js';
import { passkeyScripts } from './passkey-script.js';
import type { Page } from './report-views.js';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Route {
  /** For the metrics: one word, never the path itself. */
  readonly name: string;
  readonly methods: readonly string[];
  answer(request: IncomingMessage, correlationId: string): Promise<Answer>;
}

const READ = ['GET', 'HEAD'];

const json = (status: number, body: unknown): Answer => ({
  status,
  body: `${JSON.stringify(body)}\n`,
  headers: { 'content-type': 'application/json; charset=utf-8' },
});

/** Compares digests, so that the time taken reveals neither content nor length. */
function bearerHolds(request: IncomingMessage, token: Secret): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token.reveal()}`));
}

/** The addresses of the HTTP edge: returns the route of a path, `null` when there is none. */
export function createRoutes(parts: {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly metricsToken: Secret | undefined;
  readonly page: ((asked: ReportRequest) => Promise<Page>) | null;
  readonly passkeys: ((asked: ReportRequest) => Promise<Page>) | null;
}): (path: string) => Route | null {
  const { readiness, metrics, metricsToken, page, passkeys } = parts;

  const health: Route = { name: 'healthz', methods: READ, answer: () => Promise.resolve(json(200, { status: 'ok' })) };
  /** What tells an onlooker that something is wrong, or that containment has begun. */
  const refused = (request: IncomingMessage): Answer | null => {
    if (metricsToken === undefined || bearerHolds(request, metricsToken)) return null;
    const refusal = json(401, { error: 'Send METRICS_TOKEN as "Authorization: Bearer …". /healthz needs none.' });
    return { ...refusal, headers: { ...refusal.headers, 'www-authenticate': 'Bearer' } };
  };
  const ready: Route = {
    name: 'readyz',
    methods: READ,
    async answer(request) {
      const refusal = refused(request);
      if (refusal) return refusal;
      const report = await readiness.read();
      return json(report.status === 'down' ? 503 : 200, report);
    },
  };
  const figures: Route = {
    name: 'metrics',
    methods: READ,
    async answer(request) {
      const refusal = refused(request);
      if (refusal) return refusal;
      return {
        status: 200,
        body: await metrics.registry.metrics(),
        headers: { 'content-type': metrics.registry.contentType },
      };
    },
  };

  function paged(
    name: string,
    show: ((asked: ReportRequest) => Promise<Page>) | null,
    { path, headers }: { readonly path: string; readonly headers: Readonly<Record<string, string>> },
  ): Route | null {
    if (show === null) return null;
    return {
      name,
      methods: [...READ, 'POST'],
      async answer(request, correlationId) {
        const { status, body, retryAfterSeconds: wait } = await show({ request, path, correlationId });
        return {
          status,
          body,
          headers: wait === undefined ? headers : { ...headers, 'retry-after': String(wait) },
        };
      },
    };
  }

  const fixed = new Map([
    ['/healthz', health],
    ['/readyz', ready],
    ['/metrics', figures],
  ]);
  const scripts = passkeys === null ? new Map<string, string>() : passkeyScripts();
  const script = (body: string): Route => ({
    name: 'script',
    methods: READ,
    answer: () => Promise.resolve({ status: 200, body, headers: { 'content-type': 'text/javascript; charset=utf-8' } }),
  });
  return (path) => {
    const known = fixed.get(path);
    if (known) return known;
    const running = scripts.get(path);
    if (running !== undefined) return script(running);
    if (path.startsWith('/report/')) return paged('report', page, { path, headers: PAGE_HEADERS });
    return /^\/(?:confirm|enrol)\//.test(path)
      ? paged('passkey', passkeys, { path, headers: SCRIPTED_PAGE_HEADERS })
      : null;
  };
}

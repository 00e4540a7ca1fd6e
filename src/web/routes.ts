import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../secret.js';
import { PAGE_HEADERS } from './layout.js';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';
import type { ReportRequest } from './report-page.js';
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

/** Compares digests, so that neither content nor length shows in the time that it takes. */
function bearerHolds(request: IncomingMessage, token: Secret): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token.reveal()}`));
}

/** The addresses of the HTTP edge: gives the route of a path, `null` when there is none. */
export function createRoutes(parts: {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly metricsToken: Secret | undefined;
  readonly page: ((asked: ReportRequest) => Promise<Page>) | null;
}): (path: string) => Route | null {
  const { readiness, metrics, metricsToken, page } = parts;

  const health: Route = { name: 'healthz', methods: READ, answer: () => Promise.resolve(json(200, { status: 'ok' })) };
  const ready: Route = {
    name: 'readyz',
    methods: READ,
    async answer() {
      const report = await readiness.read();
      return json(report.status === 'down' ? 503 : 200, report);
    },
  };
  const figures: Route = {
    name: 'metrics',
    methods: READ,
    async answer(request) {
      if (metricsToken !== undefined && !bearerHolds(request, metricsToken)) {
        const refusal = json(401, { error: 'Send the metrics token as "Authorization: Bearer …".' });
        return { ...refusal, headers: { ...refusal.headers, 'www-authenticate': 'Bearer' } };
      }
      return {
        status: 200,
        body: await metrics.registry.metrics(),
        headers: { 'content-type': metrics.registry.contentType },
      };
    },
  };

  function report(path: string): Route | null {
    if (page === null) return null;
    return {
      name: 'report',
      methods: [...READ, 'POST'],
      async answer(request, correlationId) {
        const { status, body, retryAfterSeconds: wait } = await page({ request, path, correlationId });
        return {
          status,
          body,
          headers: wait === undefined ? PAGE_HEADERS : { ...PAGE_HEADERS, 'retry-after': String(wait) },
        };
      },
    };
  }

  const fixed = new Map([
    ['/healthz', health],
    ['/readyz', ready],
    ['/metrics', figures],
  ]);
  return (path) => fixed.get(path) ?? (path.startsWith('/report/') ? report(path) : null);
}

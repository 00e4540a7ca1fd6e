import { request as send, type IncomingHttpHeaders } from 'node:http';
import { createMetrics } from '../../src/web/metrics.js';
import { createReadiness, type Check } from '../../src/web/readiness.js';
import type { OpenNotice, PageAnswer, ReportPagePort } from '../../src/web/report-port.js';
import { createWebServer, type WebServerOptions } from '../../src/web/server.js';
import { NOON, playedRuntime } from '../mail/example.js';

export const TOKEN = 'tokentokentokentokentokentokentokentoken123';

export const notice: OpenNotice = {
  kind: 'password_reset',
  systemTitle: 'Mimecast',
  login: 'ada@example.com',
  actor: '<script>alert(1)</script>',
  ip: '203.0.113.7',
  occurredAt: NOON,
  expiresAt: new Date(NOON.getTime() + 7 * 86_400_000),
  timeZone: 'Europe/Berlin',
  saidMe: false,
};

/** A port that keeps one token in memory, by the same rules as the store. */
export function portOf() {
  const answers: (PageAnswer & { token: string })[] = [];
  const said = (answer: PageAnswer['answer']) => answers.filter((one) => one.answer === answer);
  let looks = 0;
  const isOpen = (token: string): boolean => token === TOKEN && said('not_me').length === 0;
  const gone = (token: string) => (token === TOKEN ? 'used' : token.startsWith('expired') ? 'expired' : 'unknown');
  const port: ReportPagePort = {
    look: (token) => {
      looks += 1;
      return Promise.resolve(
        isOpen(token) ? { state: 'open', ...notice, saidMe: said('me').length > 0 } : { state: gone(token) },
      );
    },
    answer: (token, given) => {
      if (!isOpen(token))
        return Promise.resolve({
          state: token === TOKEN && given.answer === 'me' ? 'already_reported' : gone(token),
        });
      answers.push({ token, ...given });
      return Promise.resolve(given.answer === 'me' ? { state: 'claimed' } : { state: 'reported', reference: 'INC-7' });
    },
  };
  return { port, answers, looks: () => looks };
}

export const passing = (name: string): Check => ({ name, run: () => Promise.resolve({ ok: true, detail: '' }) });

export async function start(over: Partial<WebServerOptions> & { essential?: Check[]; connectors?: Check[] } = {}) {
  const runtime = playedRuntime();
  const metrics = createMetrics();
  const { essential = [passing('database')], connectors = [], ...rest } = over;
  const errors: unknown[] = [];
  const server = await createWebServer({
    port: 0,
    host: '127.0.0.1',
    runtime,
    metrics,
    readiness: createReadiness({ essential, connectors }, runtime),
    report: null,
    onError: (error) => errors.push(error),
    ...rest,
  });
  return { ...server, runtime, metrics, errors };
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request exactly as it is written here: fetch would set or forbid some of these headers. */
export function ask(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = send({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export const nonceIn = (page: string): string => /name="nonce" value="([^"]+)"/.exec(page)?.[1] ?? '';

export function press(
  url: string,
  nonce: string,
  over: { answer?: string; token?: string; headers?: Record<string, string> } = {},
) {
  return ask(url, `/report/${over.token ?? TOKEN}`, {
    method: 'POST',
    headers: { ...FORM, ...over.headers },
    body: new URLSearchParams({ answer: over.answer ?? 'not_me', nonce }).toString(),
  });
}

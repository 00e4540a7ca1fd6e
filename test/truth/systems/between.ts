import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type EffectHooks, type Fault, type Faults } from 'identity-sandbox/http';

/** Something that stands before Slack's simulator and has the faults and hooks that the directories have themselves. */
export interface Between {
  /** In the place of the simulator's own origin. */
  readonly url: string;
  readonly faults: Faults;
  readonly hooks: EffectHooks;
  readonly calls: readonly { readonly write: boolean }[];
  close(): Promise<void>;
}

const READS = /\.(test|info|list|lookupByEmail|accessLogs|integrationLogs)$/;
const isWrite = (method: string, path: string): boolean =>
  method !== 'GET' && !(path.startsWith('/api/') && READS.test(path));

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const stream: AsyncIterable<Uint8Array> = request;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Whether the fault stands in the place of the call. */
function insteadOf({ type, ms = 1000 }: Fault, path: string, response: ServerResponse): boolean {
  const isWeb = path.startsWith('/api/');
  switch (type) {
    case 'http_500':
      json(response, 500, {});
      return true;
    case 'throttle':
      json(response, 429, { ok: false, error: 'ratelimited' }, { 'Retry-After': String(Math.ceil(ms / 1000)) });
      return true;
    case 'unauthorized':
      json(response, isWeb ? 200 : 401, isWeb ? { ok: false, error: 'invalid_auth' } : {});
      return true;
    case 'nonsense':
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Please sign in to the proxy</html>');
      return true;
    case 'drop_before_effect':
      response.destroy();
      return true;
    default:
      return false;
  }
}

interface Given {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** Asks the simulator itself. */
async function ask(origin: string, request: IncomingMessage, body: Buffer): Promise<Given> {
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'accept']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const answer = await fetch(`${origin}${request.url ?? '/'}`, {
    method: request.method ?? 'GET',
    headers,
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

function rewritten({ type, text }: Given, { rewrite }: EffectHooks): string {
  if (rewrite === undefined || text === '' || type?.includes('json') !== true) return text;
  const said: unknown = JSON.parse(text);
  return JSON.stringify(rewrite(said));
}

function give(response: ServerResponse, given: Given, hooks: EffectHooks, date: string): void {
  const { status, type, text } = given;
  response.writeHead(status, { ...(text === '' || type === null ? {} : { 'Content-Type': type }), Date: date });
  response.end(rewritten(given, hooks));
}

export async function startBetween(origin: string, clock: () => Date): Promise<Between> {
  const faults = createFaults(clock);
  const hooks: EffectHooks = {};
  const calls: { write: boolean }[] = [];
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const write = isWrite(request.method ?? 'GET', path.split('?')[0] ?? path);
    calls.push({ write });
    const body = await bodyOf(request);
    const fault = faults.take({ path, write, signIn: false });
    if (fault !== null && insteadOf(fault, path, response)) return;
    const given = await ask(origin, request, body);
    if (write && given.status < 300) await hooks.afterEffect?.({ path, email: '' });
    if (fault?.type === 'drop_after_effect') response.destroy();
    else give(response, given, hooks, clock().toUTCString());
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    hooks,
    calls,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

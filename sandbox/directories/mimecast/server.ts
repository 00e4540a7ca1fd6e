import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterwards, insteadOf, type Outcome } from './fault-reply.js';
import type { FaultQueue, MimecastFault } from './faults.js';
import { admit, type Admitted, type Gateway } from './gateway.js';
import type { MimecastCall } from './model.js';
import { header, readBody } from './request.js';
import { gatewayFailure, redact } from './wire.js';

const LONGEST_JOURNAL = 10_000;
const TOKEN_PATH = '/oauth/token';

export interface EffectInfo {
  readonly path: string;
  readonly email: string;
}

/** Called around each change; a test may stop its own process here. */
export interface EffectHooks {
  beforeEffect?: ((effect: EffectInfo) => Promise<void>) | undefined;
  afterEffect?: ((effect: EffectInfo) => Promise<void>) | undefined;
}

export interface Server {
  readonly gateway: Gateway;
  readonly faults: FaultQueue;
  readonly hooks: EffectHooks;
  readonly calls: MimecastCall[];
  readonly pause: (ms: number) => Promise<void>;
}

interface Handled {
  readonly outcome: Outcome;
  /** The request's JSON, for the journal. */
  readonly json: unknown;
}

async function wait({ pause }: Server, fault: MimecastFault | null): Promise<void> {
  if (fault?.type === 'slow') await pause(fault.ms ?? 1000);
}

async function grantToken(server: Server, contentType: string, body: string): Promise<Handled> {
  const fault = server.faults.take(TOKEN_PATH, false);
  await wait(server, fault);
  return {
    outcome: insteadOf(fault, null) ?? { reply: server.gateway.tokens.grant(contentType, body) },
    json: '[form]',
  };
}

async function carryOut(server: Server, path: string, admitted: Admitted): Promise<Handled> {
  const { hooks } = server;
  const { write, email, json, headers, prepared } = admitted;
  const fault = server.faults.take(path, write);
  await wait(server, fault);
  const instead = insteadOf(fault, json);
  if (instead !== null) return { outcome: instead, json };
  if ('refused' in prepared) return { outcome: { reply: { ...prepared.refused, headers } }, json };
  if (write) await hooks.beforeEffect?.({ path, email });
  const reply = prepared.commit();
  if (write) await hooks.afterEffect?.({ path, email });
  return { outcome: afterwards(fault, { ...reply, headers }), json };
}

async function handle(server: Server, request: IncomingMessage, path: string): Promise<Handled> {
  const body = await readBody(request);
  if (body === null)
    return { outcome: { reply: gatewayFailure(413, 'too_large', 'The body is too large') }, json: null };
  const contentType = header(request, 'content-type');
  const method = request.method ?? '';
  if (path === TOKEN_PATH && method === 'POST') return grantToken(server, contentType, body);
  const { authorization } = request.headers;
  const admitted = admit(server.gateway, { method, path, authorization, contentType, body });
  return 'reply' in admitted
    ? { outcome: { reply: admitted.reply }, json: admitted.json }
    : carryOut(server, path, admitted);
}

/** Takes one request, answers it, and notes it in the journal. */
export async function serve(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const requestId = randomUUID();
  const { outcome, json } = await handle(server, request, path);
  server.calls.push({
    at: server.gateway.clock().toISOString(),
    method: request.method ?? '',
    path,
    status: typeof outcome === 'string' ? null : outcome.reply.status,
    body: redact(json),
    correlationId: header(request, 'x-correlation-id') || null,
    requestId,
  });
  if (server.calls.length > LONGEST_JOURNAL) server.calls.shift();
  if (outcome === 'silence') return;
  if (outcome === 'drop') {
    request.socket.destroy();
    return;
  }
  const { status, headers } = outcome.reply;
  const plain = typeof outcome.reply.body === 'string';
  response.writeHead(status, {
    'Content-Type': plain ? 'text/html' : 'application/json',
    'x-request-id': requestId,
    ...headers,
  });
  response.end(plain ? outcome.reply.body : JSON.stringify(outcome.reply.body));
}

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { refusalFor } from './control/guard.js';
import { HttpProblem, readBody, sendJson } from './control/http.js';
import { servePage } from './control/page.js';
import type { ControlHost } from './control/routes.js';
import { control } from './control/routes.js';
import { Refusal } from './people/refusal.js';
import { callArguments } from './webapi/arguments.js';
import type { AuditLogs } from './audit/logs.js';
import type { Scim } from './scim/router.js';
import type { Answered } from './webapi/faulty.js';
import { ApiError } from './webapi/errors.js';
import { multipart } from './webapi/form.js';
import { respond } from './webapi/respond.js';
import type { WebApi } from './webapi/router.js';

export interface ServerParts {
  readonly host: ControlHost;
  readonly api: WebApi;
  readonly scim: Scim;
  readonly audit: AuditLogs;
  readonly page: boolean;
}

async function apiCall({ api }: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const { token, args } = await callArguments(request, url, await readBody(request));
  send(response, await api.call({ method: url.pathname.slice('/api/'.length), token, args }));
}

/** `lost` breaks the connection; a text goes out as a page. */
function send(response: ServerResponse, given: Answered): void {
  if (given === 'lost') {
    response.destroy();
  } else if (typeof given.body === 'object' && given.body !== null) {
    sendJson(response, given.status, given.body, { 'x-slack-req-id': randomUUID(), ...given.headers });
  } else {
    response.writeHead(given.status, { 'Content-Type': 'text/html; charset=utf-8', ...given.headers });
    response.end(given.body ?? undefined);
  }
}

const bearer = (request: IncomingMessage): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

async function scimCall({ scim }: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const text = (await readBody(request)).toString();
  send(
    response,
    await scim.call({
      method: request.method ?? 'GET',
      path: decodeURIComponent(url.pathname.slice('/scim/v2'.length)),
      query: url.searchParams,
      token: bearer(request),
      body: parsed(text),
    }),
  );
}

function parsed(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return undefined; // what is no JSON is refused like any other body that does not fit
  }
}

async function auditCall({ audit }: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const path = url.pathname.slice('/audit/v1'.length);
  const call = { method: request.method ?? 'GET', path, query: url.searchParams, token: bearer(request) };
  send(response, await audit.call(call));
}

async function useResponseUrl({ host }: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const { responses, journal } = host.core;
  const text = (await readBody(request)).toString();
  const use = responses.use(url.pathname.slice('/respond/'.length));
  const note = (status: string) => journal.add({ kind: 'respond', name: 'response_url', status, detail: text });
  try {
    if (!use.ok) throw new ApiError(use.error);
    const body: unknown = JSON.parse(text);
    respond(host.core, use.target, body);
    note('ok');
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.end('ok');
  } catch (error) {
    const code = error instanceof ApiError ? error.code : error instanceof SyntaxError ? 'invalid_payload' : null;
    if (code === null) throw error;
    note(code);
    sendJson(response, use.ok ? 400 : 404, { ok: false, error: code });
  }
}

async function files({ host, api }: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const [, , place, id] = url.pathname.split('/');
  const { data } = host.core.workspace;
  if (place === 'upload' && request.method === 'POST') {
    const file = data.files.find((one) => one.id === id && !one.complete);
    if (!file) throw new HttpProblem(404, 'file_not_found', 'This upload URL is not open any more: ask for a new one.');
    file.content_base64 = (await uploadedBytes(request)).toString('base64');
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.end(`OK - ${file.size}`);
    return;
  }
  const file = data.files.find((one) => one.id === place && one.complete);
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  const ownPage = request.headers['sec-fetch-site'] === 'same-origin' && refusalFor(request) === null;
  if (!file || !(ownPage || api.knows(token)))
    throw new HttpProblem(404, 'file_not_found', 'No such file, or no token that may read it.');
  response.writeHead(200, {
    'Content-Type': file.mimetype,
    'Content-Disposition': 'attachment',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(Buffer.from(file.content_base64, 'base64'));
}

/** The bytes of an upload: the raw body, or the first file of a form. */
async function uploadedBytes(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(request);
  const contentType = request.headers['content-type'] ?? '';
  if (!contentType.includes('multipart/form-data')) return body;
  const form = await multipart(body, contentType);
  for (const value of form.values()) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  throw new HttpProblem(400, 'no_file', 'The form holds no file.');
}

/** A permalink opened in a browser leads to the place on the page. */
function permalink(response: ServerResponse, url: URL): void {
  const [, channel = '', ts = ''] = /^\/archives\/(\w+)\/p(\d+)$/.exec(url.pathname) ?? [];
  const stamp = `${ts.slice(0, -6)}.${ts.slice(-6)}`;
  const thread = url.searchParams.get('thread_ts') ?? stamp;
  response.writeHead(302, { Location: `/#c=${channel}&t=${thread}` });
  response.end();
}

async function route(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname.startsWith('/api/')) return apiCall(parts, request, response, url);
  if (url.pathname.startsWith('/scim/v2/')) return scimCall(parts, request, response, url);
  if (url.pathname.startsWith('/audit/v1/')) return auditCall(parts, request, response, url);
  if (url.pathname.startsWith('/respond/')) return useResponseUrl(parts, request, response, url);
  if (url.pathname.startsWith('/files/')) return files(parts, request, response, url);
  const refusal = refusalFor(request);
  if (refusal !== null) throw new HttpProblem(403, 'forbidden', refusal);
  if (url.pathname.startsWith('/control/')) return control(parts.host, request, response, url);
  if (url.pathname.startsWith('/archives/')) {
    permalink(response, url);
    return;
  }
  if (parts.page && (request.method === 'GET' || request.method === 'HEAD')) return servePage(response, url.pathname);
  throw new HttpProblem(404, 'not_found', 'Nothing is here: the control API starts at /control/state.');
}

function answerProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
  } else if (error instanceof HttpProblem || error instanceof Refusal) {
    sendJson(response, error.status, { ok: false, error: error.code, message: error.message });
  } else {
    const message = error instanceof Error ? error.message : String(error);
    sendJson(response, 500, { ok: false, error: 'internal_error', message: `The simulator failed: ${message}` });
  }
}

export const createHttpServer = (parts: ServerParts): Server =>
  createServer((request, response) => {
    response.setHeader('Date', parts.host.core.workspace.now().toUTCString());
    route(parts, request, response).catch((error: unknown) => answerProblem(response, error));
  }).on('upgrade', (request, stream, head) => {
    if ((request.url ?? '').startsWith('/socket')) parts.host.core.socket.accept(request, stream, head);
    else stream.destroy();
  });

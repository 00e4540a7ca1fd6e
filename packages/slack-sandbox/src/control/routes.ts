import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Core } from '../core.js';
import { FaultInput } from '../faults.js';
import type { Desk } from '../office/desk.js';
import { perform } from '../people/act.js';
import type { PanelHost } from './panels.js';
import { NO_PANELS, PanelAct, PanelsDocument } from './panels.js';
import { HttpProblem, readJson, sendJson } from './http.js';
import { readState } from './state.js';
import { streamChanges } from './stream.js';
import { waitFor } from './wait.js';

/** What only the simulator as a whole can do. */
export interface ControlHost {
  readonly core: Core;
  readonly desk: Desk;
  readonly panels: PanelHost | undefined;
  addFault(fault: z.output<typeof FaultInput>): void;
  snapshot(): unknown;
  /** @throws Error when the snapshot has another shape */
  restore(snapshot: unknown): void;
  reset(): void;
}

type Handler = (host: ControlHost, request: IncomingMessage, url: URL) => Promise<unknown>;

const Faults = z.union([z.strictObject({ clear: z.literal(true) }), z.strictObject({ add: FaultInput })]);

async function changeFaults(host: ControlHost, request: IncomingMessage): Promise<unknown> {
  const read = Faults.safeParse(await readJson(request));
  if (!read.success)
    throw new HttpProblem(400, 'invalid_arguments', `The fault cannot be read: ${z.prettifyError(read.error)}`);
  if ('clear' in read.data) host.core.faults.clear();
  else host.addFault(read.data.add);
  return { ok: true, faults: host.core.faults.list() };
}

const whole = (url: URL, key: string, otherwise: number): number => {
  const value = Number(url.searchParams.get(key) ?? otherwise);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new HttpProblem(400, 'invalid_arguments', `"${key}" must be a whole number from 0 up.`);
};

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /control/state': (host) => Promise.resolve(readState(host.core)),
  'POST /control/act': async (host, request) => perform(host.core, await readJson(request)),
  'POST /control/office': async (host, request) => {
    host.desk.do(await readJson(request));
    return { ok: true };
  },
  'POST /control/wait': async (host, request) => ({
    ok: true,
    match: await waitFor(host.core, await readJson(request)),
  }),
  'GET /control/journal': (host, _request, url) =>
    Promise.resolve({ entries: host.core.journal.read(whole(url, 'after', 0), whole(url, 'limit', 500)) }),
  'POST /control/faults': changeFaults,
  'GET /control/faults': (host) => Promise.resolve({ faults: host.core.faults.list() }),
  'GET /control/snapshot': (host) => Promise.resolve(host.snapshot()),
  'POST /control/restore': async (host, request) => {
    host.restore(await readJson(request));
    return { ok: true };
  },
  'POST /control/reset': (host) => {
    host.reset();
    return Promise.resolve({ ok: true });
  },
  'GET /control/panels': async (host) => (host.panels ? PanelsDocument.parse(await host.panels.read()) : NO_PANELS),
};

async function panelAction(host: ControlHost, request: IncomingMessage, path: string): Promise<unknown> {
  const [, panelId, actionId] = /^\/control\/panels\/([^/]+)\/actions\/([^/]+)$/.exec(path) ?? [];
  if (panelId === undefined || actionId === undefined || request.method !== 'POST' || !host.panels)
    throw new HttpProblem(
      404,
      'not_found',
      `There is no ${request.method ?? ''} ${path}: see the control API's documentation.`,
    );
  const read = PanelAct.safeParse(await readJson(request));
  if (!read.success) throw new HttpProblem(400, 'invalid_arguments', 'Send {"fields": {name: text}}.');
  return host.panels.act(decodeURIComponent(panelId), decodeURIComponent(actionId), read.data.fields);
}

/** Answers one request of the control API. Problems are thrown and become `{ok: false, error, message}`. */
export async function control(
  host: ControlHost,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  if (request.method === 'GET' && url.pathname === '/control/events') {
    streamChanges(host.core.workspace, request, response);
    return;
  }
  const handler = ROUTES[`${request.method ?? ''} ${url.pathname}`];
  sendJson(response, 200, handler ? await handler(host, request, url) : await panelAction(host, request, url.pathname));
}

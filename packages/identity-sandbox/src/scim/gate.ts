import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Fault, FaultQueue } from '../http/faults.js';
import { PROXY_PAGE, WALL_PAGE, type DirectoryCall, type EffectHooks } from '../http/server.js';

const LONGEST_JOURNAL = 10_000;
const MEDIA_TYPE = 'application/scim+json';

export interface Gate {
  readonly clock: () => Date;
  readonly faults: FaultQueue;
  readonly hooks: EffectHooks;
  readonly calls: DirectoryCall[];
  pause(ms: number): Promise<void>;
  /** The address of the user whose id stands in the path. */
  readonly emailOf: (path: string) => string | null;
  /** Whether the token may do that. */
  may(write: boolean): boolean;
  admits(authorization: string | undefined): boolean;
}

export const scimError = (response: Response, status: number, detail: string): void => {
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail };
  response.status(status).type(MEDIA_TYPE).send(JSON.stringify(body));
};

/** The faults that stand in the place of the call: nothing is carried out. */
function insteadOf(fault: Fault, response: Response): boolean {
  switch (fault.type) {
    case 'throttle':
      response.set('Retry-After', String(Math.ceil((fault.ms ?? 1000) / 1000)));
      scimError(response, 429, 'Too many requests');
      return true;
    case 'http_500':
      scimError(response, 500, 'Internal error');
      return true;
    case 'unauthorized':
      scimError(response, 401, 'The token is not valid');
      return true;
    case 'nonsense':
      response.status(200).type('text/html').send(PROXY_PAGE);
      return true;
    case 'walled':
      response.status(403).type('text/html').send(WALL_PAGE);
      return true;
    case 'misled':
      response.status(404).type('text/html').send(PROXY_PAGE);
      return true;
    case 'unrouted':
      response.status(404).type('text/plain').send('404 page not found');
      return true;
    case 'locked':
    case 'unavailable':
      response.set('Retry-After', String(Math.ceil((fault.ms ?? 1000) / 1000)));
      scimError(response, fault.type === 'locked' ? 423 : 503, 'Come again');
      return true;
    case 'timeout_before_effect':
      return true;
    case 'drop_before_effect':
      response.destroy();
      return true;
    default:
      return false;
  }
}

/** The faults that come after it: the change holds, the answer does not arrive. */
function swallowAnswer(fault: Fault | null, response: Response): void {
  if (fault?.type !== 'timeout_after_effect' && fault?.type !== 'drop_after_effect') return;
  response.send = (): Response => {
    if (fault.type === 'drop_after_effect') response.destroy();
    return response;
  };
}

function journal({ clock, calls, emailOf }: Gate, request: Request, response: Response, write: boolean): void {
  response.once('close', () => {
    calls.push({
      at: clock().toISOString(),
      method: request.method,
      path: request.path,
      write,
      status: response.writableFinished ? response.statusCode : null,
      email: emailOf(request.path),
      correlationId: request.get('x-correlation-id') ?? null,
    });
    if (calls.length > LONGEST_JOURNAL) calls.shift();
  });
}

async function pass(gate: Gate, request: Request, response: Response, next: NextFunction): Promise<void> {
  const write = request.method !== 'GET' && request.method !== 'HEAD';
  journal(gate, request, response, write);
  const fault = gate.faults.take({ path: request.path, write, signIn: false });
  if (fault?.type === 'slow') await gate.pause(fault.ms ?? 1000);
  if (fault !== null && insteadOf(fault, response)) return;
  if (gate.admits(request.get('authorization')) && !gate.may(write)) {
    scimError(response, 403, 'The token may not do this');
    return;
  }
  swallowAnswer(fault, response);
  const { rewrite } = gate.hooks;
  if (rewrite) {
    const json = response.json.bind(response);
    response.json = (body): Response => json(rewrite(body));
  }
  if (write) {
    const effect = { path: request.path, email: gate.emailOf(request.path) ?? '' };
    await gate.hooks.beforeEffect?.(effect);
    const send = response.send.bind(response);
    response.send = (body): Response => {
      response.send = send;
      void (gate.hooks.afterEffect?.(effect) ?? Promise.resolve()).then(() => response.send(body));
      return response;
    };
  }
  next();
}

/** What stands in front of the package: faults, hooks, the journal, and what the token may do. */
export const createGate =
  (gate: Gate): RequestHandler =>
  (request, response, next) => {
    // Express 5 parses the query anew at each look, and the package writes numbers into it: it needs one that stays.
    Object.defineProperty(request, 'query', { value: { ...request.query }, writable: true });
    response.set('Date', gate.clock().toUTCString());
    pass(gate, request, response, next).catch(next);
  };

import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPModuleFunctions, type HTTPReceiver } from '@slack/bolt';
import type { Runtime } from '../platform/runtime.js';
import { readBody } from './request.js';

const PATH = '/slack/events';
/** Slack's own limit for a signature's age; Bolt refuses older ones. */
const KEEP_MS = 5 * 60 * 1000;
const KEEP_AT_MOST = 50_000;
/** The larger of Slack's payloads (a modal with its state) stay far below this. */
const BODY_LIMIT = 1024 * 1024;
/** Any other header content is refused by Bolt, and not worth remembering. */
const SIGNATURE = /^v0=[0-9a-f]{64}$/;

interface Refusal {
  readonly status: number;
  readonly sentence: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const WRONG_METHOD: Refusal = {
  status: 405,
  sentence: 'This address takes only POST.',
  headers: { allow: 'POST' },
};
const USED: Refusal = { status: 401, sentence: 'This signature was used before.' };
const FUTURE: Refusal = {
  status: 401,
  sentence: 'This request is stamped in the future: set the clock of this machine, or of the sender.',
};
const TOO_LARGE: Refusal = { status: 413, sentence: `A body may hold at most ${BODY_LIMIT} bytes.` };
const BROKEN: Refusal = { status: 400, sentence: 'The body did not arrive whole; send it again.' };
const NO_OBJECT: Refusal = { status: 400, sentence: 'The body, or its payload, must be an object.' };

/**
 * Mounts Bolt's HTTP receiver, which checks the signature and its age, and refuses a signature that was seen before:
 * Slack signs each delivery, and each retry, anew. A stamp in the future is refused like one in the past, by the
 * absolute difference (https://docs.slack.dev/authentication/verifying-requests-from-slack): seen signatures are
 * remembered as long as their stamp is accepted, and no longer.
 */
export function createReplayGuard(receiver: HTTPReceiver, runtime: Runtime, rejected: (reason: string) => void) {
  const seen = new Map<string, number>();

  function isReplay(signature: string): boolean {
    const now = runtime.now().getTime();
    for (const [known, at] of seen) {
      // A stamp that lies ahead is accepted for longer than a present one.
      if (now - at < 2 * KEEP_MS && seen.size < KEEP_AT_MOST) break;
      seen.delete(known);
    }
    if (seen.has(signature)) return true;
    seen.set(signature, now);
    return false;
  }

  /** Reads what Bolt would read, and passes it to Bolt when Bolt can handle it. */
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<Refusal | null> {
    const body = await readBody(request, BODY_LIMIT);
    if (!body.ok) return body.error === 'too_large' ? TOO_LARGE : BROKEN;
    const buffered = Object.assign(request, { rawBody: Buffer.from(body.value) });
    if (isNoObject(buffered)) return NO_OBJECT;
    receiver.requestListener(buffered, response);
    return null;
  }

  /** Returns whether the request was for Slack's address, and so is answered. */
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.url?.split('?')[0] !== PATH) return false;
    if (request.method !== 'POST') {
      refuse(request, response, WRONG_METHOD);
      rejected('http_405');
      return true;
    }
    if (Number(request.headers['x-slack-request-timestamp']) * 1000 - runtime.now().getTime() > KEEP_MS) {
      refuse(request, response, FUTURE);
      rejected('future_stamp');
      return true;
    }
    const signature = request.headers['x-slack-signature'];
    const remembered = typeof signature === 'string' && SIGNATURE.test(signature);
    if (remembered && isReplay(signature)) {
      rejected('replayed_signature');
      refuse(request, response, USED);
      return true;
    }
    response.on('finish', () => {
      // Only what Slack signed is remembered: forged ones would push the real ones out, which could then be replayed.
      if (remembered && NEVER_TAKEN.has(response.statusCode)) seen.delete(signature);
      if (response.statusCode >= 400)
        rejected(response.statusCode === 401 ? 'bad_signature' : `http_${response.statusCode}`);
    });
    const refusal = await pass(request, response);
    if (refusal) refuse(request, response, refusal);
    return true;
  };
}

/** Nothing was done for these, so nothing can be done twice. */
const NEVER_TAKEN = new Set([400, 401, 413]);

/** Bolt 5.1 reads a property of the parsed body and ends the process with a TypeError when that is `null`. */
function isNoObject(request: Parameters<typeof HTTPModuleFunctions.parseHTTPRequestBody>[0]): boolean {
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(request);
    return typeof body !== 'object' || body === null || Array.isArray(body);
  } catch {
    // Not JSON at all: Bolt says so itself, after it has checked the signature.
    return false;
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, sentence, headers }: Refusal): void {
  // The rest of an unread body is not waited for.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(request.method === 'HEAD' ? undefined : `${sentence}\n`);
}

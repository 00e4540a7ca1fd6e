import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HTTPReceiver } from '@slack/bolt';
import type { Runtime } from '../runtime.js';

const PATH = '/slack/events';
/** Slack's own limit for a signature's age; Bolt refuses older ones. */
const KEEP_MS = 5 * 60 * 1000;
const KEEP_AT_MOST = 50_000;
/** What else stands in the header is refused by Bolt, and is not worth remembering. */
const SIGNATURE = /^v0=[0-9a-f]{64}$/;

/**
 * Mounts Bolt's HTTP receiver, which checks the signature and its age, and refuses a signature that was seen before:
 * Slack signs each delivery, and each retry, anew.
 */
export function createReplayGuard(receiver: HTTPReceiver, runtime: Runtime, rejected: (reason: string) => void) {
  const seen = new Map<string, number>();

  function isReplay(signature: string): boolean {
    const now = runtime.now().getTime();
    for (const [known, at] of seen) {
      if (now - at < KEEP_MS && seen.size < KEEP_AT_MOST) break;
      seen.delete(known);
    }
    if (seen.has(signature)) return true;
    seen.set(signature, now);
    return false;
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url?.split('?')[0] !== PATH) return false;
    const signature = request.headers['x-slack-signature'];
    const remembered = typeof signature === 'string' && SIGNATURE.test(signature);
    if (remembered && isReplay(signature)) {
      rejected('replayed_signature');
      response.writeHead(401, { 'content-type': 'text/plain; charset=utf-8' }).end('This signature was used before.\n');
      return true;
    }
    response.on('finish', () => {
      // Only what Slack signed is kept: forged ones would push the real ones out, which could then be replayed.
      if (remembered && response.statusCode === 401) seen.delete(signature);
      if (response.statusCode >= 400)
        rejected(response.statusCode === 401 ? 'bad_signature' : `http_${response.statusCode}`);
    });
    receiver.requestListener(request, response);
    return true;
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Workspace } from '../workspace/workspace.js';

const PING_MS = 15_000;

/** Server-Sent Events: one `data: {"seq","kind"}` for each change that a person could see. */
export function streamChanges(workspace: Workspace, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'keep-alive',
  });
  response.write(': connected\n\n');
  const stop = workspace.onChange((change) => {
    if (change.kind !== 'journal') response.write(`data: ${JSON.stringify(change)}\n\n`);
  });
  const ping = setInterval(() => response.write(': ping\n\n'), PING_MS);
  ping.unref();
  request.on('close', () => {
    clearInterval(ping);
    stop();
  });
}

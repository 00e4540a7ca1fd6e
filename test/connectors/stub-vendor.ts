import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface StubVendor {
  readonly url: string;
  /** `METHOD /path?query` of every call, in order. */
  readonly calls: readonly string[];
  close(): void;
}

/** A vendor on loopback that answers what a test says, and `[]` or `{}` to all else. */
export async function startStub(
  answer: (call: string, body: string) => StubAnswer | undefined,
  otherwise: unknown = [],
): Promise<StubVendor> {
  const calls: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = `${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`;
      calls.push(call);
      const { status = 200, headers = {}, body = otherwise } = answer(call, Buffer.concat(chunks).toString()) ?? {};
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';

interface Exchange {
  readonly method: string;
  readonly path: string;
}
export interface Between {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands between a connector and a local directory: something happens there before a call, or an answer is another. */
export async function standBetween(
  target: string,
  {
    before,
    change,
  }: {
    readonly before?: (call: Exchange) => void | Promise<void>;
    readonly change?: (call: Exchange, body: string) => string;
  },
): Promise<Between> {
  const own = (): string => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const call = { method: request.method ?? 'GET', path: request.url ?? '/' };
      await before?.(call);
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name)),
      );
      // A scope or a next link that names the one address means the other.
      const body = Buffer.concat(chunks).toString().replaceAll(encodeURIComponent(own()), encodeURIComponent(target));
      const answer = await fetch(`${target}${call.path}`, {
        method: call.method,
        headers: headers as Record<string, string>,
        ...(body.length === 0 ? {} : { body }),
      });
      const text = await answer.text();
      const passed = [...answer.headers].filter(
        ([name]) => !/^(content-length|transfer-encoding|connection)$/i.test(name),
      );
      response.writeHead(answer.status, Object.fromEntries(passed));
      response.end((change?.(call, text) ?? text).replaceAll(target, own()));
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: own(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

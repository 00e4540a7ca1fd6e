import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'undici';
import type { Answer } from './mutations.js';

/** One question with its answer, as it was given once. */
export interface Heard {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly answer: Answer;
}

export interface Tape {
  readonly url: string;
  /** What was asked and answered meanwhile. */
  record<T>(upstream: string, work: () => Promise<T>): Promise<{ readonly value: T; readonly heard: readonly Heard[] }>;
  /** The same answers again, one of them bent; what was never asked before is answered with HTTP 503. */
  play<T>(
    heard: readonly Heard[],
    bent: { readonly at: Heard; readonly answer: Answer } | null,
    work: () => Promise<T>,
  ): Promise<{ readonly value: T; readonly heard: readonly Heard[] }>;
  close(): void;
}

const KEPT = /^(content-type|date|link|x-okta-request-id|retry-after|etag)$/;

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = incoming;
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text === '' ? undefined : text;
  }
}

type Asked = Pick<Heard, 'key' | 'method' | 'path'> & { readonly body: string; readonly incoming: IncomingMessage };

/** A vendor on loopback that passes on and remembers, or answers from memory. */
export async function startTape(): Promise<Tape> {
  let respond: (asked: Asked) => Promise<Answer> = () => Promise.reject(new Error('nothing is played'));
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(incoming);
    const [method = '', path = ''] = [incoming.method, incoming.url];
    // Assertions and signatures differ each time; a token is asked for in one way only.
    const key = /token$/.test(path) ? `${method} ${path}` : `${method} ${path} ${body}`;
    const { status, headers, body: said } = await respond({ key, method, path, body, incoming });
    response.writeHead(status, headers);
    response.end(said === undefined ? undefined : typeof said === 'string' ? said : JSON.stringify(said));
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;

  return {
    url,
    async record(upstream, work) {
      const heard: Heard[] = [];
      // A scope, an audience or a reference names the vendor by the address that the connector knows.
      const toUpstream = (text: string): string =>
        text.replaceAll(url, upstream).replaceAll(encodeURIComponent(url), encodeURIComponent(upstream));
      respond = async ({ key, method, path, body, incoming }) => {
        const own = ['host', 'connection', 'content-length'];
        const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !own.includes(name)));
        const given = await request(`${upstream}${path}`, {
          method: method as 'GET',
          headers,
          body: body === '' ? null : toUpstream(body),
        });
        const text = (await given.body.text()).replaceAll(upstream, url);
        const kept = Object.entries(given.headers).flatMap(([name, value]) =>
          KEPT.test(name) && value !== undefined ? [[name, String(value).replaceAll(upstream, url)] as const] : [],
        );
        const answer = { status: given.statusCode, headers: Object.fromEntries(kept), body: jsonOf(text) };
        heard.push({ key, method, path, answer });
        return answer;
      };
      return { value: await work(), heard };
    },
    async play(heard, bent, work) {
      const asked: Heard[] = [];
      const left = new Map<string, Heard[]>();
      for (const one of heard) left.set(one.key, [...(left.get(one.key) ?? []), one]);
      respond = ({ key, method, path }) => {
        const queue = left.get(key);
        const next = queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0];
        const answer: Answer =
          next === undefined
            ? { status: 503, headers: {}, body: undefined }
            : next === bent?.at
              ? bent.answer
              : next.answer;
        asked.push({ key, method, path, answer });
        return Promise.resolve(answer);
      };
      return { value: await work(), heard: asked };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

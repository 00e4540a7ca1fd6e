import type { IncomingMessage } from 'node:http';

const LARGEST_BODY = 256 * 1024;

/** One request as a directory sees it. */
export interface DirectoryRequest {
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** A header's value, `''` when it is not there. */
  header(name: string): string;
  readonly body: string;
}

/** An answer: objects go out as JSON, text as it is, `null` as an empty body. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The request with its body, `null` when that is too large. */
export async function readRequest(request: IncomingMessage): Promise<DirectoryRequest | null> {
  const stream: AsyncIterable<Uint8Array> = request;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  return {
    method: request.method ?? '',
    path,
    query: new URLSearchParams(query),
    header(name) {
      const value = request.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : (value ?? '');
    },
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** The JSON of a body; `undefined` when it is none. */
export function jsonOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

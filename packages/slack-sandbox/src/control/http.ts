import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** A request that cannot be answered, with its HTTP status. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The whole body. @throws HttpProblem 413 above 16 MB */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<unknown> = request;
  for await (const bytes of stream) {
    if (!Buffer.isBuffer(bytes)) throw new HttpProblem(400, 'bad_body', 'The body could not be read: send bytes.');
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new HttpProblem(413, 'too_large', 'The body is larger than 16 MB: send less.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** A JSON body; `{}` when empty. @throws HttpProblem 400 when it is not JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = (await readBody(request)).toString();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(
      400,
      'invalid_json',
      'The body is not JSON: send an object with Content-Type application/json.',
    );
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(text);
}

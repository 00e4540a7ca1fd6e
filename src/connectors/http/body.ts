import type { Readable } from 'node:stream';
import { err, ok, type Result } from '../../platform/result.js';

const LARGEST_BODY = 1024 * 1024;
export const TOO_LARGE = 'with more than 1 MiB';

async function readBounded(body: Readable): Promise<string | null> {
  const stream: AsyncIterable<Uint8Array> = body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The JSON of an answer, `undefined` when it is empty; the error says what came instead and ends a sentence. */
export async function readJson(body: Readable): Promise<Result<unknown, string>> {
  const text = await readBounded(body);
  if (text === null) return err(TOO_LARGE);
  if (text.trim() === '') return ok(undefined);
  try {
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch (error) {
    if (error instanceof SyntaxError) return err('something that is not JSON');
    throw error;
  }
}

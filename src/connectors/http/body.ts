import type { Readable } from 'node:stream';
import { err, ok, type Result } from '../../platform/result.js';

const MIB = 1024 * 1024;
/** Where nothing else is said. */
export const LARGEST_BODY = MIB;
/** Of a list that a vendor gives whole, in no pages that could be made smaller. */
export const LARGEST_WHOLE = 16 * MIB;
export const tooLarge = (most: number): string => `with more than ${most / MIB} MiB`;

async function readBounded(body: Readable, most: number): Promise<string | null> {
  const stream: AsyncIterable<Uint8Array> = body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The JSON of an answer, `undefined` when it is empty; the error says what came instead and ends a sentence. */
export async function readJson(body: Readable, most = LARGEST_BODY): Promise<Result<unknown, string>> {
  const text = await readBounded(body, most);
  if (text === null) return err(tooLarge(most));
  if (text.trim() === '') return ok(undefined);
  try {
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch (error) {
    if (error instanceof SyntaxError) return err('something that is not JSON');
    throw error;
  }
}

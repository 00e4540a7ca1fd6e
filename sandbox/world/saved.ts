import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { types } from 'node:util';
import * as z from 'zod';

const savedWorld = z.object({
  version: z.literal(1),
  slack: z.unknown(),
  mimecast: z.unknown(),
  mail: z.unknown(),
  /** The other identity systems, by id. */
  systems: z.record(z.string(), z.unknown()).default({}),
  tokens: z.object({ bot: z.string(), app: z.string(), signing: z.string() }),
  /** The approvers' authenticator apps: the sandbox plays their phones. */
  phones: z.record(z.string(), z.string()),
});
export type SavedWorld = z.output<typeof savedWorld>;

const fileIn = (dataDir: string): string => join(dataDir, 'sandbox', 'world.json');

/** What the last run of the sandbox left; `null` at the first start. @throws a sentence when the file cannot be used */
export function loadWorld(dataDir: string): SavedWorld | null {
  let text: string;
  try {
    text = readFileSync(fileIn(dataDir), 'utf8');
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return savedWorld.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : 'unreadable';
    throw new Error(
      `${fileIn(dataDir)} is not from this version of the sandbox (${why}). Start over with: npm start -- --fresh`,
      { cause: error },
    );
  }
}

/** Writes the whole file or nothing. */
export function saveWorld(dataDir: string, world: SavedWorld): void {
  const file = fileIn(dataDir);
  mkdirSync(join(dataDir, 'sandbox'), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify(world), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import type { Runtime } from '../platform/runtime.js';
import type { StoreDatabase, StoreLog } from './connection.js';
import { openPgliteFolder, openPgliteMemory } from './pglite.js';
import { hasTables, openPostgres } from './postgres.js';

export interface OpenDatabaseOptions {
  /** `postgres://…`, or `null` for the embedded PGlite. */
  readonly databaseUrl: string | null;
  /**
   * The folder in which PGlite keeps its files (`<dataDir>/db`) and which it locks; `null` keeps everything in memory.
   */
  readonly dataDir: string | null;
  readonly runtime: Runtime;
  readonly log?: StoreLog;
}

const silent = pino({ enabled: false });

/**
 * Opens the store: Postgres when there is a URL, else PGlite. Rejects with a sentence that says what is wrong and how
 * to fix it: server unreachable, folder held by another process.
 */
export function openDatabase({ databaseUrl, dataDir, runtime, log }: OpenDatabaseOptions): Promise<StoreDatabase> {
  if (databaseUrl !== null) return openPostgres(databaseUrl, log ?? silent);
  return dataDir === null ? openPgliteMemory() : openPgliteFolder(dataDir, runtime, log ?? silent);
}

/** Whether a store already exists, without creating one. @throws a sentence when the server cannot be reached */
export function holdsStore({
  databaseUrl,
  dataDir,
}: {
  databaseUrl: string | null;
  dataDir: string;
}): Promise<boolean> {
  if (databaseUrl !== null) return hasTables(databaseUrl);
  return Promise.resolve(existsSync(join(dataDir, 'db', 'PG_VERSION')));
}

import pino from 'pino';
import type { Runtime } from '../runtime.js';
import type { StoreDatabase, StoreLog } from './link.js';
import { openPgliteFolder, openPgliteMemory } from './pglite.js';
import { openPostgres } from './postgres.js';

export interface OpenDatabaseOptions {
  /** `postgres://…`, or `null` for the embedded PGlite. */
  readonly databaseUrl: string | null;
  /** The folder that PGlite keeps its files in (`<dataDir>/db`) and locks; `null` keeps everything in memory. */
  readonly dataDir: string | null;
  readonly runtime: Runtime;
  readonly log?: StoreLog;
}

/**
 * Opens the store: Postgres when there is a URL, else PGlite. Rejects with a sentence that says what is wrong and how to
 * mend it: server unreachable, folder held by another process.
 */
export function openDatabase({ databaseUrl, dataDir, runtime, log }: OpenDatabaseOptions): Promise<StoreDatabase> {
  if (databaseUrl !== null) return openPostgres(databaseUrl, log ?? pino({ enabled: false }));
  return dataDir === null ? openPgliteMemory() : openPgliteFolder(dataDir, runtime);
}

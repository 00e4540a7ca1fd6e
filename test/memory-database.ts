import { systemRuntime } from '../src/platform/runtime.js';
import { migrate } from '../src/store/migrate.js';
import { migrations } from '../src/store/migrations/index.js';
import { openDatabase } from '../src/store/open.js';
import type { Database } from '../src/ports/database.js';

/** A real database in memory with the whole schema. */
export async function openMemoryDatabase(): Promise<Database> {
  const database = await openDatabase({ databaseUrl: null, dataDir: null, runtime: systemRuntime() });
  await migrate(database, migrations);
  return database;
}

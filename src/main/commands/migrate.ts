import { createLog } from '../../platform/log.js';
import { systemRuntime } from '../../platform/runtime.js';
import { migrate } from '../../store/migrate.js';
import { migrations } from '../../store/migrations/index.js';
import { openDatabase } from '../../store/open.js';
import { configOrThrow } from './open.js';
import { print } from './print.js';

/** `notme migrate`: for deployments that change the schema in a separate step. `notme start` does the same. */
export async function migrateCommand(): Promise<void> {
  const config = configOrThrow();
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY, beside: true });
  const database = await openDatabase({
    databaseUrl: config.databaseUrl?.reveal() ?? null,
    dataDir: config.dataDir,
    runtime: systemRuntime(),
    log,
  });
  try {
    const applied = await migrate(database, migrations);
    print([
      applied.length === 0 ? 'Nothing to do: the database is of this version.' : `Applied: ${applied.join(', ')}.`,
    ]);
  } finally {
    await database.close();
  }
}

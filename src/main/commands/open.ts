import { type Config, describeProblems, loadConfig } from '../config.js';
import { createLog } from '../../platform/log.js';
import { systemRuntime } from '../../platform/runtime.js';
import type { StoreDatabase } from '../../store/connection.js';
import { migrate } from '../../store/migrate.js';
import { migrations } from '../../store/migrations/index.js';
import { openDatabase } from '../../store/open.js';

type Overrides = NonNullable<Parameters<typeof loadConfig>[0]>['argv'];

/** The configuration. @throws all its problems as one text */
export function configOrThrow(argv: Overrides = {}): Config {
  const config = loadConfig({ argv });
  if (!config.ok) throw new Error(describeProblems(config.error));
  return config.value;
}

/** Opens the store for one command, migrated to this version, and closes it afterwards. */
export async function withDatabase<T>(config: Config, work: (database: StoreDatabase) => Promise<T>): Promise<T> {
  const runtime = systemRuntime();
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY, beside: true });
  const database = await openDatabase({
    databaseUrl: config.databaseUrl?.reveal() ?? null,
    dataDir: config.dataDir,
    runtime,
    log,
  });
  try {
    await migrate(database, migrations);
    return await work(database);
  } finally {
    await database.close();
  }
}

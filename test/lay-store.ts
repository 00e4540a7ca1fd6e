import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemRuntime } from '../src/platform/runtime.js';
import { migrate } from '../src/store/migrate.js';
import { migrations } from '../src/store/migrations/index.js';
import { openDatabase } from '../src/store/open.js';

/** What a new store consists of: the release of the embedded Postgres and each migration. */
function fingerprint(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const hash = createHash('sha256').update(readFileSync(join(dirname(entry), '..', 'package.json')));
  for (const { id, sql } of migrations) hash.update(`${String(id)}\0${sql}\0`);
  return hash.digest('hex').slice(0, 16);
}

async function make(at: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'notme-new-store-'));
  const db = await openDatabase({ databaseUrl: null, dataDir: folder, runtime: systemRuntime() });
  await migrate(db, migrations);
  await db.close();
  mkdirSync(dirname(at), { recursive: true, mode: 0o700 });
  try {
    renameSync(join(folder, 'db'), at);
  } catch (error) {
    // Another worker was quicker with the same.
    if (!existsSync(at)) throw error;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Lays a new store with the whole schema into the folder: initialising one takes seconds, a copy a fraction of one. */
export async function layStore(dataDir: string): Promise<void> {
  const user = String(process.getuid?.() ?? 'user');
  const laid = join(tmpdir(), `notme-test-stores-${user}`, fingerprint());
  if (!existsSync(laid)) await make(laid);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  cpSync(laid, join(dataDir, 'db'), { recursive: true });
}

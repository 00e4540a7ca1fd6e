import { createHash } from 'node:crypto';
import type { Database, Queryable, Row } from '../ports/database.js';

/** One numbered step of the schema; `sql` may contain several statements and never changes once released. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
}

/** Where applied migrations are listed: the one table that no migration creates. */
export const MIGRATIONS_TABLE = `create table if not exists migrations (
  id integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`;

/**
 * Brings the schema up to the last of `migrations` (ids 1, 2, 3 … without gaps), each in a transaction of its own,
 * under an advisory lock, so that two processes may start at once. Returns the ids that this call applied. Rejects with
 * a sentence when the database is newer than the code or an applied migration was changed afterwards.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<number[]> {
  assertNumbered(migrations);
  await locked(database, (tx) => tx.query(MIGRATIONS_TABLE));
  const done: number[] = [];
  for (const migration of migrations) {
    const applied = await locked(database, (tx) => applyOnce(tx, migration, migrations));
    if (applied) done.push(migration.id);
  }
  // Even when there is nothing to apply: a database from a newer release must not be used.
  if (migrations.length === 0) await locked(database, (tx) => assertKnown(tx, migrations));
  return done;
}

function locked<T>(database: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  // Rewriting a large table, and waiting for another process to do it, take longer than an ordinary statement may.
  return database.transaction(
    async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      await tx.query("select pg_advisory_xact_lock(hashtext('notme migrations'))");
      return work(tx);
    },
    { unlimited: true },
  );
}

async function applyOnce(tx: Queryable, migration: Migration, known: readonly Migration[]): Promise<boolean> {
  const applied = await assertKnown(tx, known);
  if (applied.has(migration.id)) return false;
  try {
    await tx.query(migration.sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Migration ${title(migration)} failed: ${reason}. Nothing of it was kept; mend the cause and start again.`,
      {
        cause: error,
      },
    );
  }
  await tx.query('insert into migrations (id, name, checksum) values ($1, $2, $3)', [
    migration.id,
    migration.name,
    checksum(migration),
  ]);
  return true;
}

/** The ids that the database has; throws when one of them is unknown here, or differs from ours. */
async function assertKnown(tx: Queryable, known: readonly Migration[]): Promise<ReadonlySet<number>> {
  const { rows } = await tx.query<Row<'migrations', 'id' | 'name' | 'checksum'>>(
    'select id, name, checksum from migrations order by id',
  );
  for (const row of rows) {
    const migration = known.find(({ id }) => id === row.id);
    if (migration === undefined) {
      throw new Error(
        `The database is newer than this program: it has migration ${String(row.id)} (${row.name}), the program knows ${String(known.length)}. ` +
          'Start the newer release, or restore the backup made before the upgrade.',
      );
    }
    if (checksum(migration) !== row.checksum) {
      throw new Error(
        `Migration ${title(migration)} is not the one that this database was built with. ` +
          'Released migrations are never edited: put its text back and add a new migration instead.',
      );
    }
  }
  return new Set(rows.map((row) => row.id));
}

function assertNumbered(migrations: readonly Migration[]): void {
  const wrong = migrations.find((migration, index) => migration.id !== index + 1);
  if (wrong !== undefined) {
    throw new Error(`Migration ${title(wrong)} is out of order: number migrations 1, 2, 3 … without gaps.`);
  }
}

const checksum = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex');
const title = ({ id, name }: Migration): string => `${String(id)} (${name})`;

import { afterAll } from '@jest/globals';
import type { Database } from '../src/ports/database.js';
import { openMemoryDatabase } from './memory-database.js';

let opened: Promise<Database> | null = null;

/** An empty store with the whole schema. A test file opens one and empties it again for each test: that takes milliseconds. */
export async function freshDatabase(): Promise<Database> {
  opened ??= openMemoryDatabase();
  const db = await opened;
  const { rows } = await db.query<{ names: string }>(
    `select string_agg(format('%I', tablename), ', ') as names from pg_tables
     where schemaname = current_schema() and tablename <> 'migrations'`,
  );
  await db.transaction(async (tx) => {
    // The record refuses to be emptied, by triggers.
    await tx.query(`set local session_replication_role = 'replica'`);
    await tx.query(`truncate ${rows[0]?.names ?? ''}`);
  });
  return db;
}

afterAll(async () => {
  await (await opened)?.close();
});

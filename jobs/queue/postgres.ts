import { createPostgresBackend, isPgPool, Queue, runMigrations, Worker, type PgPool } from 'bullmq';
import type { StoreDatabase } from '../../src/store/connection.js';
import { PglitePool } from './pglite-pool.js';
import { consumerOptions, PRODUCER_DEFAULTS, type Transport } from './transport.js';

/** BullMQ's own name for its schema: it always expects a supplied pool to use it. */
const SCHEMA = 'bullmq';
/** One connection per worker listens, the others are for statements. */
const POOL_SIZE = 8;

/** BullMQ on the store's database, in a schema of its own, which is created or migrated here. */
export async function postgresTransport(database: StoreDatabase): Promise<Transport> {
  const pool = openPool(database);
  try {
    await migrateQueue(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    kind: database.kind,
    target: database.kind === 'postgres' ? 'Postgres' : 'the embedded database',
    fix: database.kind === 'postgres' ? 'Start it, or correct DATABASE_URL' : 'Stop notme and start it again',
    deadlineMs: database.kind === 'postgres' ? 5_000 : 15_000,
    producer: (name) =>
      new Queue(name, { connection: pool, defaultJobOptions: PRODUCER_DEFAULTS }, createPostgresBackend),
    consumer: (name, process, options) =>
      new Worker(name, process, { connection: pool, ...consumerOptions(options) }, createPostgresBackend),
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}

function openPool({ link }: StoreDatabase): PgPool {
  if (link.kind === 'pglite') return new PglitePool(link, SCHEMA);
  const pool: unknown = link.newPool(SCHEMA, POOL_SIZE);
  // `pg`'s declared event types and BullMQ's do not match; BullMQ's own guard checks that the pool is what it needs.
  if (!isPgPool(pool)) throw new Error('The installed pg gives no pool that BullMQ can use. Run npm ci.');
  return pool;
}

async function migrateQueue(pool: PgPool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

import type { StoreDatabase, StoreLog } from '../../src/store/connection.js';
import { BullQueue } from './bull-queue.js';
import { ConnectionWatch } from './connection-watch.js';
import type { JobQueue } from '../../src/ports/queue.js';
import { postgresTransport } from './postgres.js';
import { parseRedisUrl } from './redis-url.js';
import { redisTransport } from './redis.js';
import type { Transport } from './transport.js';

/** So that a job is free again within the 15 s that a claim in the store lasts. */
const LOCK_MS = 10_000;

export interface OpenQueueOptions {
  /** See `redis-url.ts` for the forms; `null` keeps the queue in the store's database. */
  readonly redisUrl: string | null;
  readonly database: StoreDatabase;
  readonly log: StoreLog;
  /** Queues with different names do not see each other's jobs. */
  readonly name?: string;
  /**
   * How long a job stays with a worker that died, ms (default 10 s): another worker has it after at most one and a half
   * times that. Short times are for tests that kill workers.
   */
  readonly lockMs?: number;
}

/** Connects the queue; rejects with a sentence when the server does not answer or the URL is not understood. */
export async function openQueue({
  redisUrl,
  database,
  log,
  name = 'notme',
  lockMs = LOCK_MS,
}: OpenQueueOptions): Promise<JobQueue> {
  const { transport, watch } = await connect(redisUrl, database, log);
  const queue = new BullQueue({ name, transport, watch, log, lockMs });
  try {
    await queue.ready();
  } catch (error) {
    await queue.close(0);
    throw error;
  }
  return queue;
}

async function connect(
  redisUrl: string | null,
  database: StoreDatabase,
  log: StoreLog,
): Promise<{ transport: Transport; watch: ConnectionWatch }> {
  if (redisUrl === null) {
    const transport = await postgresTransport(database);
    return { transport, watch: new ConnectionWatch(log, transport.target) };
  }
  const target = parseRedisUrl(redisUrl);
  if (!target.ok) throw new Error(target.error);
  const watch = new ConnectionWatch(log, `Redis at ${target.value.label}`);
  return { transport: redisTransport(target.value, watch), watch };
}

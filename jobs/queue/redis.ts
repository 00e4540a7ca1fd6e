import { Queue, Worker } from 'bullmq';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisTarget } from './redis-url.js';
import { consumerOptions, PRODUCER_DEFAULTS, type Transport } from './transport.js';
import type { ConnectionWatch } from './connection-watch.js';

const CONNECT_TIMEOUT_MS = 5_000;
const LONGEST_PAUSE_MS = 2_000;
/** Events are only for observers; the store has the history. */
const EVENTS_KEPT = 100;

const PROBE_MS = 60_000;

/** The hash tag puts all keys of the queue into one slot of a Cluster. */
const PREFIX = '{notme}';

/** Explicitly, whatever Node's variables say. */
const VERIFIED = { rejectUnauthorized: true };

type Client = Redis | Cluster;

/** BullMQ on one Redis, on the master that Sentinels name, or on a Cluster. */
export function redisTransport(target: RedisTarget, watch: ConnectionWatch): Transport {
  const producing = connect(target, false);
  const opened: Client[] = [producing];
  const listen = (client: Client): Client => {
    client.on('error', (error: unknown) => watch.failed(error));
    client.on('ready', () => watch.works());
    return client;
  };
  listen(producing);
  return {
    kind: target.kind,
    target: `Redis at ${target.label}`,
    fix: 'Start it, or correct REDIS_URL',
    deadlineMs: 2_000,
    producer: (name) =>
      new Queue(name, {
        connection: producing,
        prefix: PREFIX,
        defaultJobOptions: PRODUCER_DEFAULTS,
        streams: { events: { maxLen: EVENTS_KEPT } },
      }),
    consumer: (name, process, options) => {
      const consuming = listen(connect(target, true));
      opened.push(consuming);
      return new Worker(name, process, { connection: consuming, prefix: PREFIX, ...consumerOptions(options) });
    },
    // A server that is full, or has lost its replicas, answers PING but takes no job.
    ping: async () => {
      await producing.set(`${PREFIX}:probe`, '', 'PX', PROBE_MS);
    },
    close: () => {
      for (const client of opened) client.disconnect();
      return Promise.resolve();
    },
  };
}

function connect(target: RedisTarget, forWorker: boolean): Client {
  const options: RedisOptions = {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.tls ? { tls: VERIFIED } : {}),
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectionName: 'notme',
    // A worker waits for its server forever; a producer fails at once when it is down, and the outbox tries again.
    maxRetriesPerRequest: forWorker ? null : 1,
    enableOfflineQueue: forWorker,
    retryStrategy: pauseBefore,
    // After a failover the old master refuses writes: reconnect and repeat.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  };
  if (target.kind === 'redis-cluster') return connectCluster(target, options, forWorker);
  if (target.kind === 'redis-sentinel') {
    return new Redis({
      ...options,
      db: target.db,
      sentinels: [...target.nodes],
      name: target.master,
      ...(target.sentinelPassword === undefined ? {} : { sentinelPassword: target.sentinelPassword }),
      // By itself ioredis would ask the Sentinels, with their password, in the clear.
      ...(target.tls ? { enableTLSForSentinelMode: true, sentinelTLS: VERIFIED } : {}),
      sentinelRetryStrategy: pauseBefore,
    });
  }
  const [{ host, port }] = target.nodes;
  return new Redis({ ...options, host, port, db: target.db });
}

function connectCluster(target: RedisTarget, redisOptions: RedisOptions, forWorker: boolean): Cluster {
  return new Cluster([...target.nodes], {
    redisOptions,
    enableOfflineQueue: forWorker,
    clusterRetryStrategy: pauseBefore,
    // Certificates name hosts, and managed Clusters announce hosts: do not resolve them to addresses.
    ...(target.tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
  });
}

const pauseBefore = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS);

import type { Backend } from '../backends.js';
import { startPostgres, startRedis, startRedisCluster, startRedisSentinel, type TestServer } from './servers.js';

export const POSTGRES: Backend = {
  name: 'Postgres',
  start: async () => {
    const server = await startPostgres();
    return { databaseUrl: server.url, redisUrl: null, stop: server.stop };
  },
};

export const REDIS = onRedis('Redis', startRedis);
export const REDIS_SENTINEL = onRedis('Redis Sentinel', startRedisSentinel);
export const REDIS_CLUSTER = onRedis('Redis Cluster', startRedisCluster);

function onRedis(name: string, start: () => Promise<TestServer>): Backend {
  return {
    name,
    start: async () => {
      const server = await start();
      return { databaseUrl: null, redisUrl: server.url, stop: server.stop };
    },
  };
}

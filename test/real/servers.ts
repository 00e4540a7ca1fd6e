import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.js';

/** A server that a test started on the loopback address; `stop()` ends it and removes its files. */
export interface TestServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export interface RestartableServer extends TestServer {
  /** Ends the process at once, keeping its port and files for `start()`. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

const run = promisify(execFile);
const READY_STEP_MS = 25;
const READY_STEPS = 800;

const POSTGRES_BIN = '/usr/lib/postgresql/15/bin';

/** A throw-away Postgres cluster. Postgres refuses to run as root, so that root starts it as the user `postgres`. */
export async function startPostgres(): Promise<RestartableServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'notme-postgres-'));
  const owner = process.getuid?.() === 0 ? { uid: await idOf('-u'), gid: await idOf('-g') } : null;
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  const user = owner ?? {};
  const data = path.join(folder, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'];
  await run(path.join(POSTGRES_BIN, 'initdb'), init, { ...user, cwd: '/' });
  const port = await freePort();
  const settings = {
    port,
    fsync: 'off',
    unix_socket_directories: '',
    listen_addresses: '127.0.0.1',
    max_connections: 200,
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${String(value)}`]);
  const server = restartable(
    () => spawn(path.join(POSTGRES_BIN, 'postgres'), ['-D', data, ...flags], { ...user, stdio: 'ignore', cwd: '/' }),
    async () => {
      await run(path.join(POSTGRES_BIN, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]);
    },
  );
  await server.start();
  return {
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    kill: server.kill,
    start: server.start,
    stop: async () => {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function idOf(flag: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [flag, 'postgres']);
  return Number(stdout);
}

/** One Redis that keeps nothing on disk unless `appendOnly`. */
export async function startRedis(options: { appendOnly?: boolean } = {}): Promise<RestartableServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'notme-redis-'));
  const port = await freePort();
  const server = await redisProcess(folder, port, ['--appendonly', options.appendOnly === true ? 'yes' : 'no']);
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    kill: server.kill,
    start: server.start,
    stop: async () => {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface SentinelServers extends TestServer {
  /** Ends the master, so that the Sentinels make the replica the new one. */
  readonly killMaster: () => Promise<void>;
}

/** A master, a replica and three Sentinels that watch them. */
export async function startRedisSentinel(): Promise<SentinelServers> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'notme-sentinel-'));
  const [masterPort, replicaPort] = [await freePort(), await freePort()];
  const master = await redisProcess(folder, masterPort, []);
  const replica = await redisProcess(folder, replicaPort, ['--replicaof', '127.0.0.1', String(masterPort)]);
  const sentinels: { port: number; kill: () => Promise<void> }[] = [];
  for (let index = 0; index < 3; index += 1) {
    const port = await freePort();
    const config = path.join(folder, `sentinel-${String(index)}.conf`);
    await writeFile(
      config,
      [
        `port ${String(port)}`,
        'bind 127.0.0.1',
        `dir ${folder}`,
        `sentinel monitor notme 127.0.0.1 ${String(masterPort)} 2`,
        'sentinel down-after-milliseconds notme 1000',
        'sentinel failover-timeout notme 5000',
      ].join('\n'),
    );
    await chmod(config, 0o600);
    const sentinel = restartable(
      () => spawnQuiet('redis-server', [config, '--sentinel']),
      () => redisAnswers(port, 'PING', 'PONG'),
    );
    await sentinel.start();
    sentinels.push({ port, kill: sentinel.kill });
  }
  for (const { port } of sentinels) {
    await until(() => redisAnswers(port, 'SENTINEL master notme', /num-other-sentinels\s+2/));
    await until(() => redisAnswers(port, 'SENTINEL master notme', /num-slaves\s+1/));
  }
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${String(port)}`).join(',')}/notme`,
    killMaster: master.kill,
    stop: async () => {
      await Promise.all([...sentinels, replica, master].map(({ kill }) => kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A Redis Cluster of three masters. */
export async function startRedisCluster(): Promise<TestServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'notme-cluster-'));
  const nodes: { port: number; kill: () => Promise<void> }[] = [];
  for (let index = 0; index < 3; index += 1) {
    const port = await freeClusterPort();
    const node = await redisProcess(folder, port, [
      '--cluster-enabled',
      'yes',
      '--cluster-config-file',
      `nodes-${String(port)}.conf`,
    ]);
    nodes.push({ port, kill: node.kill });
  }
  const hosts = nodes.map(({ port }) => `127.0.0.1:${String(port)}`);
  await run('redis-cli', ['--cluster', 'create', ...hosts, '--cluster-replicas', '0', '--cluster-yes']);
  for (const { port } of nodes) await until(() => redisAnswers(port, 'CLUSTER INFO', /cluster_state:ok/));
  return {
    url: `redis+cluster://${hosts.join(',')}`,
    stop: async () => {
      await Promise.all(nodes.map(({ kill }) => kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends one command to a Redis, e.g. `FLUSHALL`. */
export async function redisCommand(port: number, command: string): Promise<string> {
  const { stdout } = await run('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...command.split(' ')]);
  return stdout;
}

interface Restartable {
  readonly start: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

async function redisProcess(folder: string, port: number, flags: readonly string[]): Promise<Restartable> {
  const all = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--dbfilename',
    `${String(port)}.rdb`,
  ];
  const server = restartable(
    () => spawnQuiet('redis-server', [...all, ...flags]),
    () => redisAnswers(port, 'PING', 'PONG'),
  );
  await server.start();
  return server;
}

function restartable(launch: () => ChildProcess, ready: () => Promise<void>): Restartable {
  let child: ChildProcess | null = null;
  return {
    start: async () => {
      const started = launch();
      child = started;
      await until(async () => {
        if (started.exitCode !== null)
          throw new Gone(`${started.spawnfile} ended with ${String(started.exitCode)} instead of starting`);
        await ready();
      });
    },
    kill: async () => {
      const running = child;
      child = null;
      if (running === null || running.exitCode !== null || running.signalCode !== null) return;
      const gone = once(running, 'exit');
      // Postgres: "immediate shutdown", which also ends its children. Redis and Sentinel: no handler, ends at once.
      running.kill('SIGQUIT');
      await gone;
    },
  };
}

class Gone extends Error {}

function spawnQuiet(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { stdio: 'ignore', cwd: '/' });
}

async function redisAnswers(port: number, command: string, expected: string | RegExp): Promise<void> {
  const answer = await redisCommand(port, command);
  const fits = typeof expected === 'string' ? answer.includes(expected) : expected.test(answer);
  if (!fits) throw new Error(`redis on port ${String(port)} answers ${command} with ${answer}`);
}

async function until(check: () => Promise<void>): Promise<void> {
  let last: unknown;
  for (let step = 0; step < READY_STEPS; step += 1) {
    try {
      await check();
      return;
    } catch (error) {
      if (error instanceof Gone) throw error;
      last = error;
      await sleep(READY_STEP_MS);
    }
  }
  throw new Error(`The server did not become ready: ${String(last)}`);
}

/** Redis Cluster also listens on the port plus 10000. */
async function freeClusterPort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = await freePort();
    if (port <= 55_535) return port;
  }
  throw new Error('No free port below 55536 was found for a Redis Cluster.');
}

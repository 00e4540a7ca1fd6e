import { afterAll, beforeAll, describe } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { systemRuntime } from '../src/platform/runtime.js';
import type { StoreDatabase } from '../src/store/connection.js';
import { openDatabase } from '../src/store/open.js';

/** Where a second process finds the same store and queue. */
export interface Place {
  readonly databaseUrl: string | null;
  readonly dataDir: string | null;
  readonly redisUrl: string | null;
}

export interface Ground {
  readonly redisUrl: string | null;
  /** A new, empty database that nobody else uses. */
  freshDatabase(): Promise<StoreDatabase>;
  /** A new, empty database that outlives its process. */
  freshPlace(): Promise<Place>;
}

/** Servers that a suite stands on. */
export interface Backend {
  readonly name: string;
  start(): Promise<{ databaseUrl: string | null; redisUrl: string | null; stop(): Promise<void> }>;
}

/** Needs no server: PGlite for the store and the queue. */
export const PGLITE: Backend = {
  name: 'PGlite',
  start: () => Promise.resolve({ databaseUrl: null, redisUrl: null, stop: () => Promise.resolve() }),
};

/** Runs the same suite on each of the backends, each started once. */
export function describeBackends(
  name: string,
  backends: readonly Backend[],
  suite: (ground: () => Ground) => void,
): void {
  describe.each(backends)(`${name} on $name`, (backend) => {
    let ground: Ground | null = null;
    let clear: () => Promise<void> = () => Promise.resolve();
    beforeAll(async () => {
      const started = await backend.start();
      const folders: string[] = [];
      const freshPlace = async (): Promise<Place> => {
        const { redisUrl } = started;
        if (started.databaseUrl !== null)
          return { databaseUrl: await createDatabase(started.databaseUrl), dataDir: null, redisUrl };
        const dataDir = await mkdtemp(path.join(os.tmpdir(), 'notme-test-'));
        folders.push(dataDir);
        return { databaseUrl: null, dataDir, redisUrl };
      };
      ground = {
        redisUrl: started.redisUrl,
        freshPlace,
        freshDatabase: async () => {
          const databaseUrl = started.databaseUrl === null ? null : (await freshPlace()).databaseUrl;
          return openDatabase({ databaseUrl, dataDir: null, runtime: systemRuntime() });
        },
      };
      clear = async () => {
        await started.stop();
        for (const folder of folders) await rm(folder, { recursive: true, force: true });
      };
    }, 60_000);
    afterAll(() => clear(), 30_000);
    suite(() => ground!);
  });
}

let databases = 0;

async function createDatabase(serverUrl: string): Promise<string> {
  databases += 1;
  const name = `test_${String(process.pid)}_${String(databases)}`;
  const client = new pg.Client(serverUrl);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

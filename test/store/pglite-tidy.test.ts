import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import pino from 'pino';
import { systemRuntime } from '../../src/platform/runtime.js';
import { openPgliteFolder } from '../../src/store/pglite.js';

/** A log is kept in files of 16 MB. */
const logFiles = (folder: string): number =>
  readdirSync(join(folder, 'db', 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name)).length;

it('gives back the room of deleted rows and keeps the log of the embedded database short', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'notme-tidy-'));
  const db = await openPgliteFolder(folder, systemRuntime(), pino({ enabled: false }), 20);
  try {
    await db.query('create table rubbish (text text)');
    for (let round = 0; round < 3; round += 1) {
      await db.query("insert into rubbish select repeat('x', 1000) from generate_series(1, 60000)");
      await db.query('delete from rubbish');
      const size = async (): Promise<number> => {
        const { rows } = await db.query<{ size: number }>("select pg_relation_size('rubbish') as size");
        return rows[0]?.size ?? -1;
      };
      while ((await size()) > 0 || logFiles(folder) > 5) await sleep(20);
    }
    const { rows } = await db.query<{ written: number; known: number }>(
      `select (pg_current_wal_lsn() - '0/0') / 1048576 as written, reltuples::int as known
       from pg_class where relname = 'rubbish'`,
    );
    // Far more was written than the files hold, and the statistics were read.
    expect(Number(rows[0]?.written)).toBeGreaterThan(180);
    expect(rows[0]?.known).toBe(0);
  } finally {
    await db.close();
    rmSync(folder, { recursive: true });
  }
}, 240_000);

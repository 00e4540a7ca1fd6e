import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import pino from 'pino';
import type { StoreDatabase } from '../../src/store/connection.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { openDatabase } from '../../src/store/open.js';
import { migrate } from '../../src/store/migrate.js';
import { openPostgres } from '../../src/store/postgres.js';
import { describeBackends } from '../backends.js';
import { storeSuite } from '../store/suite.js';
import { POSTGRES } from './backends.js';
import { type RestartableServer, startPostgres } from './servers.js';

describeBackends('the store', [POSTGRES], storeSuite);

describe('a Postgres that cuts its connections', () => {
  let server: RestartableServer;
  let db: StoreDatabase;
  let admin: pg.Client;
  beforeAll(async () => {
    server = await startPostgres();
    db = await openDatabase({ databaseUrl: server.url, dataDir: null, runtime: systemRuntime() });
    admin = new pg.Client(server.url);
    await admin.connect();
  }, 60_000);
  afterAll(async () => {
    await db.close();
    await admin.end();
    await server.stop();
  });

  const cut = () =>
    admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'notme'");

  it('fails the read that waited, and the next read has another connection', async () => {
    expect((await db.query('select $1::int as value', [1])).rows).toEqual([{ value: 1 }]);
    const waiting = db.query('select pg_sleep($1)', [30]).then(
      () => 'answered',
      () => 'failed',
    );
    // The statement is in the server's hands once it is seen there.
    for (let tries = 0; tries < 200; tries += 1) {
      const { rows } = await admin.query(
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'select pg_sleep%' AND state = 'active'",
      );
      if (rows.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await cut();
    expect(await waiting).toBe('failed');
    expect((await db.query('select $1::int as value', [2])).rows).toEqual([{ value: 2 }]);
  });

  /** A cut connection fails whoever meets it first; the next one has another. */
  async function soon<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 0; tries < 50; tries += 1) {
      const answer = await ask().then(
        (value) => ({ value }),
        () => null,
      );
      if (answer) return answer.value;
    }
    return ask();
  }

  it('is noticed between two reads as well', async () => {
    await db.query('select $1::int as value', [1]);
    await cut();
    const { rows } = await soon(() => db.query('select $1::int as value', [3]));
    expect(rows).toEqual([{ value: 3 }]);
  });

  it('undoes the transaction that it cut', async () => {
    await soon(() => db.query('create table if not exists cut (id integer)'));
    let inserted = 0;
    const work = db.transaction(async (tx) => {
      inserted += (await tx.query('insert into cut values ($1)', [1])).rowCount;
      await cut();
      await tx.query('insert into cut values ($1)', [2]);
    });
    await expect(work).rejects.toThrow();
    expect(inserted).toBe(1);
    const { rows } = await soon(() => db.query('select id from cut where id > $1', [0]));
    expect(rows).toEqual([]);
  });
});

describe('the time limit for a statement', () => {
  let server: RestartableServer;
  let db: StoreDatabase;
  beforeAll(async () => {
    server = await startPostgres();
    db = await openPostgres(server.url, pino({ enabled: false }), 300);
  }, 60_000);
  afterAll(async () => {
    await db.close();
    await server.stop();
  });

  it('does not hold for a migration, nor for the one who waits for it', async () => {
    const slow = { id: 1, name: 'slow', sql: 'SELECT pg_sleep(1); CREATE TABLE rewritten (id integer)' };
    const applied = await Promise.all([migrate(db, [slow]), migrate(db, [slow])]);
    expect(applied.flat()).toEqual([1]);
  });

  it('holds for everything else, and the next statement has another connection', async () => {
    await expect(db.query('select pg_sleep($1)', [20])).rejects.toThrow();
    await expect(db.query('select pg_sleep(20)')).rejects.toThrow();
    expect((await db.query('select $1::int as value', [1])).rows).toEqual([{ value: 1 }]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import type { StoreDatabase } from '../../src/store/connection.js';
import { openPostgres } from '../../src/store/postgres.js';
import { type FakePostgres, startFakePostgres } from './fake-postgres.js';

const ANSWER_MS = 200;
let server: FakePostgres;
let db: StoreDatabase;

beforeEach(async () => {
  server = await startFakePostgres();
  db = await openPostgres(server.url, pino({ enabled: false }), ANSWER_MS);
});
afterEach(async () => {
  await db.close();
  await server.close();
});

describe('a server that does not answer any more', () => {
  const asked: Record<string, () => Promise<unknown>> = {
    'a read': () => db.query('select $1::int as value', [1]),
    'a statement without values': () => db.query('select 1'),
    'a transaction': () => db.transaction((tx) => tx.query('select $1::int as value', [1])),
    'a batch': () => db.batch([{ sql: 'select $1::int as value', values: [1] }]),
    'a statement of the queue': async () => {
      if (db.link.kind !== 'postgres') throw new Error('this is no Postgres');
      const pool = db.link.newPool('bullmq', 2);
      await pool.query('select 1').finally(() => pool.end());
    },
  };

  it.each(Object.keys(asked))('fails %s by a time limit that the client keeps', async (kind) => {
    await db.query('select $1::int as value', [1]);
    server.fallSilent();
    await expect(asked[kind]!()).rejects.toThrow(/timeout|terminated|not queryable/);
  });
});

describe('a connection that ends in the turn in which it is handed over', () => {
  it('fails what it was asked, and its error event ends nothing', async () => {
    server.endAtHello();
    // The first takes the idle connection of the start, the others one of their own.
    const works = [1, 2, 3].map((value) => db.transaction((tx) => tx.query('select $1::int as value', [value])));
    const ends = await Promise.allSettled([...works, db.query('select $1::int as value', [1])]);
    expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(3);
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { StoreDatabase } from '../../src/store/connection.js';
import { migrate, type Migration } from '../../src/store/migrate.js';
import type { Ground } from '../backends.js';

const FIRST: Migration = {
  id: 1,
  name: 'pets',
  sql: 'CREATE TABLE pets (name text PRIMARY KEY); INSERT INTO pets VALUES ($$rex$$);',
};
const SECOND: Migration = { id: 2, name: 'age', sql: 'ALTER TABLE pets ADD COLUMN age integer' };

/** What the store's connection promises, on a server and embedded alike. */
export function storeSuite(ground: () => Ground): void {
  let db: StoreDatabase;

  beforeAll(async () => {
    db = await ground().freshDatabase();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await db.query('DROP TABLE IF EXISTS migrations, pets, notes');
    await db.query(
      'CREATE TABLE notes (id bigint PRIMARY KEY, at timestamptz, body bytea, info jsonb, day date, tags text[])',
    );
  });

  it('gives back what it was given, in the same JavaScript values on both kinds', async () => {
    const at = new Date('2026-02-03T04:05:06.789Z');
    const values = [7, at, Buffer.from('hi'), JSON.stringify([{ a: 1 }]), '2026-02-03', ['x', 'y']];
    await db.query('INSERT INTO notes VALUES ($1, $2, $3, $4, $5, $6)', values);
    const { rows, rowCount } = await db.query<{ body: Buffer }>('SELECT * FROM notes WHERE tags[1] = ANY($1)', [['x']]);
    expect(rows).toEqual([
      { id: 7, at, body: Buffer.from('hi'), info: [{ a: 1 }], day: '2026-02-03', tags: ['x', 'y'] },
    ]);
    expect(Buffer.isBuffer(rows[0]?.body)).toBe(true);
    expect(rowCount).toBe(1);
    expect((await db.query('UPDATE notes SET at = $1', [undefined])).rowCount).toBe(1);
  });

  it('keeps its tables in the schema notme', async () => {
    expect((await db.query("SELECT schemaname FROM pg_tables WHERE tablename = 'notes'")).rows).toEqual([
      { schemaname: 'notme' },
    ]);
  });

  it('rolls back what a failed transaction did and rethrows', async () => {
    const work = db.transaction(async (tx) => {
      await tx.query('INSERT INTO notes (id) VALUES (1)');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect((await db.query('SELECT id FROM notes')).rows).toEqual([]);
  });

  it('does not call a transaction committed whose failed statement was swallowed', async () => {
    const work = db.transaction(async (tx) => {
      await tx.query('INSERT INTO notes (id) VALUES (1)');
      await tx.query('SELECT 1/0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/rolled back/);
    expect((await db.query('SELECT id FROM notes')).rows).toEqual([]);
  });

  it('never lets statements of others into an open transaction', async () => {
    await db.query('INSERT INTO notes (id) VALUES (0)');
    const raise = (): Promise<void> =>
      db.transaction(async (tx) => {
        const { rows } = await tx.query<{ id: number }>('SELECT id FROM notes FOR UPDATE');
        await new Promise((resolve) => setImmediate(resolve));
        await tx.query('UPDATE notes SET id = $1', [(rows[0]?.id ?? 0) + 1]);
      });
    const readers = Array.from({ length: 10 }, () => db.query('SELECT count(*) FROM notes'));
    await Promise.all([...Array.from({ length: 10 }, raise), ...readers]);
    expect((await db.query('SELECT id FROM notes')).rows).toEqual([{ id: 10 }]);
  });

  it('runs statements that are asked together in their order, and undoes them together', async () => {
    await db.transaction((tx) =>
      Promise.all([
        tx.query('INSERT INTO notes (id) VALUES ($1)', [1]),
        tx.query('UPDATE notes SET id = id + $1', [1]),
        tx.query('INSERT INTO notes (id) VALUES ($1)', [1]),
      ]),
    );
    const broken = db.transaction((tx) =>
      Promise.all([
        tx.query('DELETE FROM notes'),
        tx.query('SELECT 1/0'),
        tx.query('INSERT INTO notes (id) VALUES (9)'),
      ]),
    );
    await expect(broken).rejects.toThrow(/division by zero/);
    expect((await db.query('SELECT id FROM notes ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('ends a transaction only when what nobody waited for has ended too, and fails with it', async () => {
    await db.transaction(async (tx) => {
      await tx.query('INSERT INTO notes (id) VALUES ($1)', [1]);
      tx.send('UPDATE notes SET id = id + $1', [1]);
      tx.send('INSERT INTO notes (id) VALUES ($1)', [1]);
    });
    const broken = db.transaction((tx) => {
      tx.send('DELETE FROM notes');
      tx.send('SELECT 1 / $1::int', [0]);
      return Promise.resolve('done');
    });
    await expect(broken).rejects.toThrow(/division by zero/);
    const thrown = db.transaction((tx) => {
      tx.send('SELECT 1 / $1::int', [0]);
      tx.send('DELETE FROM notes');
      return Promise.reject(new Error('no'));
    });
    await expect(thrown).rejects.toThrow('no');
    expect((await db.query('SELECT id FROM notes ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('runs a batch in its order, answers each statement, and keeps nothing of it when one fails', async () => {
    const insert = (id: number) => ({ sql: 'INSERT INTO notes (id) VALUES ($1) RETURNING id', values: [id] });
    const answers = await db.batch([insert(1), { sql: 'UPDATE notes SET id = id + $1', values: [1] }, insert(1)]);
    expect(answers).toEqual([
      { rows: [{ id: 1 }], rowCount: 1 },
      { rows: [], rowCount: 1 },
      { rows: [{ id: 1 }], rowCount: 1 },
    ]);
    await expect(db.batch([insert(3), insert(3), insert(4)])).rejects.toThrow(/duplicate key/);
    await expect(db.batch([insert(5)])).resolves.toHaveLength(1);
    expect((await db.query('SELECT id FROM notes ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 2 }, { id: 5 }]);
  });

  it('answers many reads at once, each with its own rows, also when one of them fails', async () => {
    await db.query('INSERT INTO notes (id) SELECT generate_series(1, 40)');
    const asked = Array.from({ length: 40 }, (_, index) => db.query('SELECT id FROM notes WHERE id = $1', [index + 1]));
    const failing = db.query('SELECT 1 / $1::int', [0]);
    await expect(failing).rejects.toThrow(/division by zero/);
    const answers = await Promise.all(asked);
    expect(answers.map(({ rows }) => rows)).toEqual(Array.from({ length: 40 }, (_, index) => [{ id: index + 1 }]));
  });

  it('refuses the outer handle inside a transaction (watched on PGlite alone), and the inner one after it', async () => {
    if (db.kind === 'pglite') {
      await expect(db.transaction(() => db.query('SELECT 1'))).rejects.toThrow(/Pass the transaction handle/);
      await expect(db.transaction(() => db.transaction(() => Promise.resolve()))).rejects.toThrow(
        /Pass the transaction handle/,
      );
    }
    const leaked = await db.transaction((tx) => Promise.resolve(tx));
    await expect(leaked.query('SELECT 1')).rejects.toThrow(/after its transaction had ended/);
    await db.ping();
  });

  it('applies each migration once, also for starters at the same time', async () => {
    const answers = await Promise.all([migrate(db, [FIRST, SECOND]), migrate(db, [FIRST, SECOND])]);
    expect(answers.flat().sort()).toEqual([1, 2]);
    expect(await migrate(db, [FIRST, SECOND])).toEqual([]);
    expect((await db.query('SELECT * FROM pets')).rows).toEqual([{ name: 'rex', age: null }]);
  });

  it('keeps nothing of a migration that fails, and what came before it', async () => {
    const broken: Migration = { id: 2, name: 'broken', sql: "INSERT INTO pets VALUES ('tom'); SELECT nonsense" };
    await expect(migrate(db, [FIRST, broken])).rejects.toThrow(/Migration 2 \(broken\) failed/);
    expect((await db.query('SELECT name FROM pets')).rows).toEqual([{ name: 'rex' }]);
    expect(await migrate(db, [FIRST, SECOND])).toEqual([2]);
  });

  it('refuses a newer database, an edited migration and wrong numbers, each with a sentence', async () => {
    await migrate(db, [FIRST, SECOND]);
    await expect(migrate(db, [FIRST])).rejects.toThrow(/newer than this program: it has migration 2 \(age\)/);
    await expect(migrate(db, [])).rejects.toThrow(/newer than this program/);
    await expect(migrate(db, [{ ...FIRST, sql: 'SELECT 1' }, SECOND])).rejects.toThrow(
      /Migration 1 \(pets\) is not the one/,
    );
    await expect(migrate(db, [SECOND])).rejects.toThrow(/out of order/);
  });
}

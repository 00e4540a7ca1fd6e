import { PGlite, types, type PGliteOptions } from '@electric-sql/pglite';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Runtime } from '../platform/runtime.js';
import type { StoreDatabase, StoreLog } from './connection.js';
import { lockFolder } from './lock.js';
import { START_PARAMS, tidy } from './pglite-tidy.js';
import { memoryTemplate } from './template.js';
import { inBatch, inTransaction, rowsOf, TransactionScope, type Session } from './transaction.js';
import { Mutex } from './mutex.js';
import { boundValue, bytea, int8 } from './values.js';

const SCHEMA = 'notme';

/** The same values as `pg` returns: see `postgres.ts`. */
const PARSERS: NonNullable<PGliteOptions['parsers']> = {
  [types.INT8]: int8,
  [types.DATE]: (text: string) => text,
  [types.BYTEA]: bytea,
};

const TIDY_EVERY_MS = 60_000;

/**
 * Opens (or creates) the embedded Postgres in `<dataDir>/db` and locks the folder; rejects when another process holds
 * it. Every `tidyMs` it checks whether there is anything to clean up.
 */
export async function openPgliteFolder(
  dataDir: string,
  runtime: Runtime,
  log: StoreLog,
  tidyMs = TIDY_EVERY_MS,
): Promise<StoreDatabase> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataDir, runtime);
  try {
    const db = await PGlite.create({ dataDir: path.join(dataDir, 'db'), parsers: PARSERS, startParams: START_PARAMS });
    const connection = new PgliteConnection(db);
    const store = await databaseOn(db, connection, () => lock.release());
    connection.tidyEvery(tidyMs, log);
    return store;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** An embedded Postgres in memory that is lost at `close()`. */
export async function openPgliteMemory(): Promise<StoreDatabase> {
  const db = await PGlite.create({ loadDataDir: await memoryTemplate(), parsers: PARSERS });
  return databaseOn(db, new PgliteConnection(db), () => Promise.resolve());
}

async function databaseOn(
  db: PGlite,
  connection: PgliteConnection,
  afterClose: () => Promise<void>,
): Promise<StoreDatabase> {
  const scope = new TransactionScope();
  const inStore = <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    scope.assertOutside();
    return connection.use(SCHEMA, work);
  };
  await db.exec(`set timezone to 'UTC'; create schema if not exists ${SCHEMA}`);
  return {
    kind: 'pglite',
    link: {
      kind: 'pglite',
      hold: (schema) => {
        scope.assertOutside();
        return connection.hold(schema);
      },
      listen: (channel, heard) => connection.listen(channel, heard),
    },
    query: (sql, values) => inStore(async (session) => rowsOf(await session.query(sql, values))),
    transaction: (work) =>
      inStore((session) => scope.run(() => inTransaction(session, work, (error) => connection.breakWith(error)))),
    batch: (bound) =>
      inStore(async (session) => {
        const answers = await inBatch(session, bound, (error) => connection.breakWith(error));
        return answers.map((answer) => rowsOf(answer));
      }),
    ping: async () => {
      await inStore((session) => session.query('select 1'));
    },
    close: async () => {
      await connection.close();
      await afterClose();
    },
  };
}

/**
 * PGlite has one connection: its user has it exclusively, from BEGIN to COMMIT, so that transactions cannot interleave.
 */
class PgliteConnection {
  readonly #db: PGlite;
  readonly #mutex = new Mutex();
  #schema = '';
  #broken: Error | null = null;
  #closed = false;
  #tidying: NodeJS.Timeout | undefined;

  constructor(db: PGlite) {
    this.#db = db;
  }

  async use<T>(schema: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { session, release } = await this.hold(schema);
    try {
      return await work(session);
    } finally {
      release();
    }
  }

  async hold(schema: string): Promise<{ session: Session; release: () => void }> {
    const release = await this.#mutex.enter();
    try {
      this.#assertUsable();
      if (this.#schema !== schema) {
        await this.#db.exec(`SET search_path TO "${schema}"`);
        this.#schema = schema;
      }
      return { session: { query: (sql, values) => this.#query(sql, values) }, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
    const unlisten = await this.#mutex.run(() => this.#db.listen(channel, heard));
    return () => this.#mutex.run(async () => (this.#closed ? undefined : unlisten()));
  }

  /** Between two pieces of work, until the connection is closed. */
  tidyEvery(everyMs: number, log: StoreLog): void {
    const again = (): void => {
      this.#tidying = setTimeout(() => {
        this.use(SCHEMA, tidy)
          .catch((error: unknown) => log.warn({ err: error }, 'the embedded database could not be tidied'))
          .finally(() => this.#closed || again());
      }, everyMs);
      this.#tidying.unref();
    };
    again();
  }

  breakWith(error: Error): void {
    this.#broken = error;
  }

  async close(): Promise<void> {
    await this.#mutex.run(async () => {
      if (this.#closed) return;
      this.#closed = true;
      clearTimeout(this.#tidying);
      await this.#db.close();
    });
  }

  async #query(sql: string, values: readonly unknown[] = []): ReturnType<Session['query']> {
    const result =
      values.length === 0 ? (await this.#db.exec(sql)).at(-1) : await this.#db.query(sql, values.map(boundValue));
    return { rows: result?.rows ?? [], rowCount: result?.rowCount ?? 0, command: result?.command ?? '' };
  }

  #assertUsable(): void {
    if (this.#closed) throw new Error('The database is closed.');
    if (this.#broken !== null) {
      throw new Error(
        'The embedded database could not roll back and must be restarted: stop notme and start it again.',
        {
          cause: this.#broken,
        },
      );
    }
  }
}

import pg from 'pg';
import type { Queryable } from '../ports/database.js';
import type { StoreDatabase, StoreLog } from './connection.js';
import { GatheringSocket } from './gathering-socket.js';
import { SharedReader } from './shared-reader.js';
import { Statements } from './statements.js';
import { inBatch, inTransaction, rowsOf, type Session, type SessionResult } from './transaction.js';
import { int8 } from './values.js';

const SCHEMA = 'notme';
/** All reads share one of them. */
const POOL_SIZE = 11;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_MS = 60_000;
/** The server gives up a statement first; this is for one that has stopped or cannot be reached, and so never does. */
const ANSWER_MS = STATEMENT_TIMEOUT_MS + 5_000;
/** A timer's maximum: for statements that may take as long as they need. */
const UNLIMITED_MS = 2 ** 31 - 1;
/** Detects a machine that vanished, in about ten minutes, even under a statement without a limit. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** The same values as PGlite returns: `bigint` as a number, `date` as `YYYY-MM-DD`; the rest as `pg` parses it. */
const STORE_TYPES = new pg.TypeOverrides();
STORE_TYPES.setTypeParser(pg.types.builtins.INT8, int8);
STORE_TYPES.setTypeParser(pg.types.builtins.DATE, (text) => text);

/**
 * Connects to a Postgres server (13 or newer) and creates the schema `notme` when it is missing. TLS follows the URL's
 * `sslmode`, which the configuration has judged (`clear-text.ts`). Rejects with one sentence, without the password, when the URL is not a Postgres URL or the server cannot
 * be reached. A statement that is not answered within `answerMs` fails, and its connection is closed.
 */
export async function openPostgres(databaseUrl: string, log: StoreLog, answerMs = ANSWER_MS): Promise<StoreDatabase> {
  const target = describeTarget(databaseUrl);
  const newPool = poolFactory(databaseUrl, { target, log, answerMs });
  const pool = newPool({ schema: SCHEMA, size: POOL_SIZE, types: STORE_TYPES });
  // One for all: a connection identifies a statement by its name.
  const statements = new Statements();
  try {
    await ensureSchema(pool, SCHEMA, statements);
  } catch (error) {
    await pool.end();
    throw new Error(`Postgres at ${target} cannot be used: ${reason(error)}. Start it, or correct DATABASE_URL.`, {
      cause: error,
    });
  }
  return databaseOn(pool, statements, (schema, size) => newPool({ schema, size }));
}

/**
 * Nothing checks here whether the outer handle is used inside a transaction, as `pglite.ts` does: on Node 20 following
 * each asynchronous call costs a quarter of the processor time. The same code runs on PGlite, which refuses it.
 */
function databaseOn(
  pool: pg.Pool,
  statements: Statements,
  newPool: (schema: string, size: number) => pg.Pool,
): StoreDatabase {
  const reader = new SharedReader(pool);
  const outer = sessionOn(pool, statements);
  return {
    kind: 'postgres',
    link: { kind: 'postgres', newPool },
    query: async <R extends object>(sql: string, values: readonly unknown[] = []) => {
      const statement = statements.of(sql);
      if (values.length === 0 || !statement.reads) return rowsOf<R>(await outer.query(sql, values));
      return rowsOf<R>(lastResult(await reader.query({ ...statement, values: [...values] })));
    },
    transaction: (work, { unlimited = false } = {}) =>
      withClient(pool, (client, abandon) => inTransaction(sessionOn(client, statements, unlimited), work, abandon)),
    batch: async (bound) => {
      const answers = await withClient(pool, (client, abandon) =>
        inBatch(sessionOn(client, statements), bound, abandon),
      );
      return answers.map((answer) => rowsOf(answer));
    },
    ping: async () => {
      await outer.query('select 1');
    },
    close: async () => {
      await reader.close();
      await pool.end();
    },
  };
}

async function withClient<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, abandon: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const abandon = (error: Error): void => {
    broken = error;
  };
  // A client that is checked out has no other error listener, and an unheard error event ends the process.
  client.on('error', abandon);
  try {
    return await work(client, abandon);
  } finally {
    client.off('error', abandon);
    client.release(broken);
  }
}

/** `BEGIN` and the like have no values but are named all the same, so that they leave together with what follows. */
const TURNS = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

function sessionOn(client: Pick<pg.Pool, 'query'>, statements: Statements, unlimited = false): Session {
  const limit = unlimited ? { query_timeout: UNLIMITED_MS } : {};
  return {
    query: async (sql, values = []) => {
      if (values.length === 0 && !TURNS.has(sql)) return lastResult(await client.query({ text: sql, ...limit }));
      return lastResult(await client.query({ ...statements.of(sql), ...limit, values: [...values] }));
    },
  };
}

/** `pg` answers several statements in one text with a list of results. */
function lastResult(result: unknown): SessionResult {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  if (!(last instanceof pg.Result)) return { rows: [], rowCount: 0, command: '' };
  return { rows: last.rows, rowCount: last.rowCount ?? 0, command: last.command };
}

interface PoolShape {
  readonly schema: string;
  readonly size: number;
  readonly types?: pg.CustomTypesConfig;
}

interface PoolParts {
  readonly target: string;
  readonly log: StoreLog;
  readonly answerMs: number;
}

function poolFactory(databaseUrl: string, { target, log, answerMs }: PoolParts): (shape: PoolShape) => pg.Pool {
  const url = new URL(databaseUrl);
  const ownOptions = url.searchParams.get('options');
  url.searchParams.delete('options');
  return ({ schema, size, types }) => {
    const pool = new pg.Pool({
      application_name: 'notme',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: answerMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      connectionString: url.toString(),
      options: [ownOptions, `-c search_path=${schema}`, '-c timezone=UTC'].filter((part) => part !== null).join(' '),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      max: size,
      ...(types === undefined ? {} : { types, pipeline: true, stream: () => new GatheringSocket() }),
    });
    // A connection that breaks fails its pending statements. But it may break between two owners, in the very turn of
    // the handover, and an unheard error event ends the process: so it has a listener as long as it lives.
    pool.on('connect', (client) => client.on('error', () => undefined));
    // An idle connection that drops is replaced by the pool at the next query.
    pool.on('error', (error) =>
      log.warn({ target, reason: reason(error) }, 'a connection to Postgres was lost; the next query opens another'),
    );
    return pool;
  };
}

async function ensureSchema(pool: pg.Pool, schema: string, statements: Statements): Promise<void> {
  const { rows } = await pool.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (rows.length > 0) return;
  await withClient(pool, (client, abandon) =>
    inTransaction(
      sessionOn(client, statements),
      async (tx: Queryable) => {
        // IF NOT EXISTS alone fails with a unique violation when two processes create at once.
        await tx.query("select pg_advisory_xact_lock(hashtext('notme schema'))");
        await tx.query(`create schema if not exists ${pg.escapeIdentifier(schema)}`);
      },
      abandon,
    ),
  );
}

/** Whether Notme's tables exist; creates nothing. @throws a sentence when the server cannot be reached */
export async function hasTables(databaseUrl: string): Promise<boolean> {
  const target = describeTarget(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ there: boolean }>(
      `select to_regclass('${SCHEMA}.record_entries') is not null as there`,
    );
    return rows[0]?.there === true;
  } catch (error) {
    throw new Error(`Postgres at ${target} cannot be asked: ${reason(error)}. Start it, or correct DATABASE_URL.`, {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

/** Host, port and database for people; never the password. Throws a sentence when it is not a Postgres URL. */
function describeTarget(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl) || !['postgres:', 'postgresql:'].includes(new URL(databaseUrl).protocol)) {
    throw new Error('DATABASE_URL is not a Postgres URL. Write it as postgres://user:password@host:5432/database.');
  }
  const url = new URL(databaseUrl);
  return `${url.hostname === '' ? 'localhost' : url.hostname}:${url.port === '' ? '5432' : url.port}${url.pathname}`;
}

function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}

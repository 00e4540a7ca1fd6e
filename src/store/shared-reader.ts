import pg from 'pg';

/**
 * Anything but an answer about the statement itself: a broken socket, or class 57P, the server closing the connection.
 */
const endsConnection = (error: unknown): error is Error =>
  error instanceof pg.DatabaseError ? error.code?.startsWith('57P') === true : error instanceof Error;

/**
 * One connection for everybody's reads: those issued at about the same time are sent and answered together. Statements
 * that lock or change something have a connection of their own, so that no read waits for a lock.
 */
export class SharedReader {
  readonly #pool: pg.Pool;
  #client: Promise<pg.PoolClient> | null = null;
  readonly #dropped = new WeakSet<pg.PoolClient>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async query(query: pg.QueryConfig): Promise<pg.QueryResult> {
    this.#client ??= this.#connect();
    const client = await this.#client;
    try {
      return await client.query(query);
    } catch (error) {
      // The server announces that it cuts the connection before the socket closes: the next read must not get the
      // closing one.
      if (endsConnection(error)) this.#drop(client, error);
      throw error;
    }
  }

  #drop(client: pg.PoolClient, error: Error): void {
    if (this.#dropped.has(client)) return;
    this.#dropped.add(client);
    this.#client = null;
    client.release(error);
  }

  /** Returns the connection, so that the pool can end. */
  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    client?.release();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      const client = await this.#pool.connect();
      // A connection that breaks fails its pending reads; the next read takes another.
      client.once('error', (error: Error) => this.#drop(client, error));
      return client;
    } catch (error) {
      this.#client = null;
      throw error;
    }
  }
}

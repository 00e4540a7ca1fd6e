import type pg from 'pg';

/**
 * One connection for the reads of everybody: those that are asked at about the same time are sent and answered together.
 * What takes locks or changes something has a connection of its own, so that nobody's read waits for somebody's lock.
 */
export class SharedReader {
  readonly #pool: pg.Pool;
  #client: Promise<pg.PoolClient> | null = null;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async query(query: pg.QueryConfig): Promise<pg.QueryResult> {
    this.#client ??= this.#connect();
    return (await this.#client).query(query);
  }

  /** Gives the connection back, so that the pool can end. */
  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    client?.release();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      const client = await this.#pool.connect();
      // One that breaks fails what it was asked; the next read takes another.
      client.once('error', (error: Error) => {
        this.#client = null;
        client.release(error);
      });
      return client;
    } catch (error) {
      this.#client = null;
      throw error;
    }
  }
}

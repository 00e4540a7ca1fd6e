import type pg from 'pg';
import type { BaseLogger } from 'pino';
import type { Database } from '../ports/database.js';
import type { Session } from './transaction.js';

/** Where the store reports lost connections; a pino logger fits. */
export type StoreLog = Pick<BaseLogger, 'info' | 'warn' | 'error'>;

/** The store's connection, and access to a second schema of the same database (the queue has its tables there). */
export interface StoreDatabase extends Database {
  readonly link: PostgresLink | PgliteLink;
}

export interface PostgresLink {
  readonly kind: 'postgres';
  /** A pool of its own whose `search_path` is `schema`; the caller ends it. */
  newPool(schema: string, size: number): pg.Pool;
}

export interface PgliteLink {
  readonly kind: 'pglite';
  /** Waits for the one connection and keeps it, with `search_path` set to `schema`, until `release()`. */
  hold(schema: string): Promise<{ session: Session; release: () => void }>;
  /** Subscribes to NOTIFY; returns the function that unsubscribes. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
}

import type { DB } from './schema.js';

/** Columns of a table, with the types that the schema gives them. Computed columns are added by `&`. */
export type Row<Table extends keyof DB, Column extends keyof DB[Table]> = Readonly<Pick<DB[Table], Column>>;

/** Rows of one statement. */
export interface QueryRows<R> {
  readonly rows: R[];
  /** Rows changed or returned. */
  readonly rowCount: number;
}

/** Anything that runs a statement: the database itself or an open transaction. Values are bound as `$1`, never spliced in. */
export interface Queryable {
  query<R extends object>(sql: string, values?: readonly unknown[]): Promise<QueryRows<R>>;
}

/** An open transaction. */
export interface Transaction extends Queryable {
  /** Runs a statement whose answer nobody needs: it is sent with the next one, and the transaction fails with it. */
  send(sql: string, values?: readonly unknown[]): void;
}

/** A statement and its bound values. */
export interface BoundStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The store's connection: a Postgres server, or PGlite in the data folder. Both speak the same SQL. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'pglite';
  /**
   * Runs `work` in one transaction; rolls back and rethrows when it throws. Never call it on the outer handle inside `work`.
   * `unlimited`: its statements may take as long as they need, e.g. to rewrite a table.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: { readonly unlimited?: boolean }): Promise<T>;
  /** Runs statements that do not depend on each other in one transaction, and on a server in one packet. */
  batch(statements: readonly BoundStatement[]): Promise<readonly QueryRows<object>[]>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

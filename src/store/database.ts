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

/** The store's connection: a Postgres server, or PGlite in the data folder. Both speak the same SQL. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'pglite';
  /** Runs `work` in one transaction; rolls back and rethrows when it throws. Never call it on the outer handle inside `work`. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
